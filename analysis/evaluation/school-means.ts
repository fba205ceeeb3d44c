/**
 * The section on schools: how many means may be shown as such and how they are spread, and, of a study of up to a hundred
 * schools, every school. Called by the evaluation report.
 */
import { quantile } from '../descriptives.ts';
import { countCell, figureCell, printed, suppressionNotes } from '../report/cells.ts';
import type { CellValue, Column, Section, Table } from '../result.ts';
import type { GroupFigure } from './group-figures.ts';
import { type StudyReportInput, waveTitle } from './input.ts';
import { figureFor } from './outcome-sections.ts';
import type { ScaleFigures } from './study-figures.ts';

/** Tables of more schools would be read by nobody; each has a report of its own. */
const mostSchools = 100;
/** Quartiles of fewer means would be the means themselves. */
const fewestMeans = 5;

/** Means of schools, wave by wave: shown as such behind the gate only. */
export function schoolMeansSection(input: StudyReportInput): Section {
  const hasAnswers = answersFor(input.suppress);
  const answering = new Set(
    input.scales.flatMap(({ waves }) => waves.flatMap(({ groups }) => groups.filter(hasAnswers).map(({ id }) => id))),
  );
  const every = answering.size <= mostSchools;
  return {
    id: 'school-means',
    title: 'Schools',
    text: `In how many schools the aggregation gate is passed, by the scale in that wave and by the school, and how the means of those schools are spread.${every ? ' Where it is not passed, “no school mean” stands in place of the mean, and what people answered is told by its spread only.' : ' Each school’s own figures stand in its feedback report.'}`,
    charts: [],
    tables:
      answering.size === 0
        ? []
        : [
            spreadTable(input),
            ...(every
              ? input.scales.map((scale, at) => schoolTable(input, scale, at)).filter(({ rows }) => rows.length > 0)
              : []),
          ],
  };
}

/** A school without answers has no row, unless that it has none must not be seen. */
function answersFor(suppress: boolean) {
  return (group: GroupFigure) => group.level === 'school' && group.id !== '' && figureFor(group, suppress).n !== 0;
}

/** Quartiles of the means that may be shown: beside the mean of a group, how its schools are spread. */
function spreadTable({ scales, study, suppress }: StudyReportInput): Table {
  const hasAnswers = answersFor(suppress);
  const number = (id: string, title: string): Column => ({ id, title, kind: 'number', digits: 2 });
  return {
    id: 'school-spread',
    title: 'Means of schools: how many pass the gate, and their quartiles',
    columns: [
      { id: 'scale', title: 'Scale', kind: 'text' },
      { id: 'wave', title: 'Wave', kind: 'text' },
      { id: 'schools', title: 'Schools', kind: 'integer' },
      { id: 'passed', title: 'With a school mean', kind: 'integer' },
      number('lower', 'Lower quartile'),
      number('median', 'Median'),
      number('upper', 'Upper quartile'),
    ],
    rows: scales.flatMap((scale) =>
      scale.waves.map(({ wave, groups }): CellValue[] => {
        const schools = groups.filter(hasAnswers);
        const means = schools
          .filter(({ verdict }) => verdict?.passed)
          .map((group) => figureFor(group, suppress))
          .flatMap(({ n, mean }) => (n === null || mean.value === null ? [] : [mean.value]));
        const quartiles = [0.25, 0.5, 0.75].map((share) =>
          means.length < fewestMeans ? null : printed(quantile(means, share), suppress),
        );
        return [scale.title, waveTitle(study, wave), schools.length, means.length, ...quartiles];
      }),
    ),
    notes: [
      {
        code: 'quartiles',
        text: `Quartiles are of schools, each counting once; none of fewer than ${fewestMeans} schools.`,
      },
    ],
  };
}

/** What stands in place of a mean that is none of the school. */
export const noSchoolMean = 'no school mean';

function schoolTable({ study, suppress }: StudyReportInput, scale: ScaleFigures, at: number): Table {
  const rows = new Map<string, { readonly names: CellValue[]; readonly cells: Map<string, CellValue[]> }>();
  const seen: (number | null)[] = [];
  const hasAnswers = answersFor(suppress);
  for (const one of scale.waves) {
    for (const group of one.groups) {
      if (!hasAnswers(group)) continue;
      const row = rows.get(group.id) ?? { names: [group.name, group.cluster, group.arm], cells: new Map() };
      rows.set(group.id, row);
      const { n, mean, sd } = figureFor(group, suppress);
      seen.push(n);
      row.cells.set(one.wave, [
        countCell(n),
        figureCell(n, group.verdict?.passed ? mean.value : noSchoolMean),
        figureCell(n, sd),
      ]);
    }
  }
  const none: CellValue[] = [0, null, null];
  return {
    id: `schools-${at + 1}-${scale.id}`,
    title: `${scale.title}: schools by wave`,
    columns: [
      { id: 'school', title: 'School', kind: 'text' },
      { id: 'cluster', title: 'Cluster', kind: 'text' },
      { id: 'arm', title: 'Arm', kind: 'text' },
      ...scale.waves.flatMap(({ wave: of }): Column[] => [
        { id: `n-${of}`, title: `${waveTitle(study, of)}: n`, kind: 'integer' },
        { id: `mean-${of}`, title: 'Mean', kind: 'number', digits: 2 },
        { id: `sd-${of}`, title: 'SD', kind: 'number', digits: 2 },
      ]),
    ],
    rows: [...rows.values()].map(({ names, cells }) => [
      ...names,
      ...scale.waves.flatMap(({ wave: of }) => cells.get(of) ?? none),
    ]),
    notes: suppressionNotes(seen, study.minimumCell),
  };
}

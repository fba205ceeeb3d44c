/**
 * The feedback report of one school in plain words: its own figures beside its cluster and all schools of the trial. Always
 * suppressed, for it leaves the evaluation team. Called by the server, which freezes what is released.
 */
import { meanChart } from '../charts.ts';
import { responseRate } from '../proportions.ts';
import {
  countCell,
  estimateCells,
  estimateColumns,
  figureCell,
  suppressed,
  suppressionNotes,
} from '../report/cells.ts';
import { type Group, groupsAt, groupsOf, shownCounts } from '../report/groups.ts';
import type { CellValue, Column, Report, Section, Table } from '../result.ts';
import { studyNotes } from './evaluation-report.ts';
import type { GroupFigure } from './group-figures.ts';
import { type AdministrationCount, type StudyReportInput, toldAdministrations, waveTitle } from './input.ts';
import { bandCells, bandColumns } from './outcome-sections.ts';
import { noSchoolMean } from './school-means.ts';
import type { ScaleFigures, WaveFigures } from './study-figures.ts';

/** Stands in place of what must not be seen. */
const notShown = 'not shown';
/** From so many schools on a group may stand beside a school: taking the own one away leaves two or more. */
const fewestSchools = 3;

interface Row {
  readonly wave: string;
  readonly group: 'school' | 'cluster' | 'all';
  readonly title: string;
  readonly figure: GroupFigure;
}

/**
 * The report of a school. Counts and bands are protected with all schools, clusters and arms of the trial at once, so that
 * nothing hidden comes out when reports are laid side by side. A cluster, or the trial, stands beside the school only where
 * three or more of its schools have answers: of two, the other would be had by subtraction.
 *
 * @param input `suppress` must be true
 * @param school id of a school of the study
 * @throws RangeError when the school is not on the roster, or the input is not suppressed
 */
export function schoolReport(input: StudyReportInput, school: string): Report {
  if (!input.suppress) throw new RangeError('schoolReport requires suppressed input');
  const own = input.schools.find(({ id }) => id === school);
  if (!own) throw new RangeError(`schoolReport requires a school of the roster, not ${school}`);
  const cluster = input.clusters.find(({ id }) => id === own.cluster)?.name ?? null;
  const beside =
    cluster === null ? 'all schools of the study' : `its cluster (${cluster}) and all schools of the study`;
  const scales = input.scales.flatMap((scale, at) => scaleSection(input, scale, at, school));
  return plainWords({
    title: `Feedback report: ${own.name}`,
    subtitle: `${input.study.title}, as at ${input.day}`,
    simulated: input.study.simulated,
    sections: [
      {
        id: 'about',
        title: 'What this report tells',
        text: `What the staff of ${own.name} answered in our surveys, beside ${beside}. It tells of groups of people and of nobody in particular, by the answers that had come by ${input.day}; the report of another school may be of another day. It is meant as a start for talking about it, and neither grades a school nor compares it with any other school by name.`,
        charts: [],
        tables: [],
      },
      ...scales,
      responseOf(input, school),
      ...input.further,
      reading(input),
    ],
    notes: studyNotes(input).map((note) =>
      note.code === 'no-responses'
        ? { ...note, text: 'Nobody has answered yet, so there is nothing to report.' }
        : note,
    ),
  });
}

/** What is hidden in the words of somebody who has never heard of suppression. */
function plainWords(report: Report): Report {
  const words = (text: string) => text.replaceAll(suppressed, notShown);
  return {
    ...report,
    sections: report.sections.map((section) => ({
      ...section,
      tables: section.tables.map((table) => ({
        ...table,
        rows: table.rows.map((row) => row.map((cell) => (cell === suppressed ? notShown : cell))),
        notes: table.notes.map(({ code, text }) => ({ code, text: words(text) })),
      })),
    })),
  };
}

/** Of a school's groups, those that may stand in its report: itself, its cluster, everybody. */
function rowsOf(input: StudyReportInput, { wave, groups }: WaveFigures, school: string): Row[] {
  const own = groups.find(({ level, id }) => level === 'school' && id === school);
  if (!own) return [];
  const large = (figure: GroupFigure | undefined) => (figure && figure.schools >= fewestSchools ? figure : null);
  const cluster =
    own.clusterId === '' ? null : large(groups.find(({ level, id }) => level === 'cluster' && id === own.clusterId));
  const all = large(groups.find(({ level }) => level === 'all'));
  const title = waveTitle(input.study, wave);
  return [
    { wave: title, group: 'school', title: 'Your school', figure: own },
    ...(cluster ? [{ wave: title, group: 'cluster' as const, title: 'Your cluster', figure: cluster }] : []),
    ...(all ? [{ wave: title, group: 'all' as const, title: 'All schools', figure: all }] : []),
  ];
}

function scaleSection(input: StudyReportInput, scale: ScaleFigures, at: number, school: string): Section[] {
  const rows = scale.waves.flatMap((one) => rowsOf(input, one, school));
  if (rows.length === 0) return [];
  const id = `scale-${at + 1}-${scale.id}`;
  const isMean = ({ group, figure }: Row) => group !== 'school' || figure.verdict?.passed === true;
  const table: Table = {
    id,
    title: `${scale.title}: your school, your cluster, all schools`,
    columns: [
      { id: 'wave', title: 'Wave', kind: 'text' },
      { id: 'group', title: 'Group', kind: 'text' },
      { id: 'n', title: 'People', kind: 'integer' },
      ...estimateColumns('mean', 'Mean', 'number'),
      ...bandColumns(scale),
    ],
    rows: rows.map((row): CellValue[] => {
      const shown = row.figure.protected;
      const means = isMean(row) ? estimateCells(shown.n, shown.mean) : [figureCell(shown.n, noSchoolMean), null, null];
      return [
        row.wave,
        row.title,
        countCell(shown.n),
        ...means,
        ...(shown.n === null ? scale.bands.map(() => suppressed) : bandCells(shown)),
      ];
    }),
    notes: [
      ...scale.notes,
      ...suppressionNotes(
        rows.flatMap(({ figure }) => [figure.protected.n, ...figure.protected.bands]),
        input.study.minimumCell,
      ),
    ],
  };
  const drawn = rows.filter(
    (row) => row.figure.protected.n !== null && row.figure.protected.mean.value !== null && isMean(row),
  );
  return [
    {
      id,
      title: scale.title,
      text: [sentence(scale.construct), ...waveWords(input, scale, rows)].join(' ').trim(),
      charts:
        drawn.length === 0
          ? []
          : [
              meanChart({
                id,
                title: `${scale.title}: means`,
                summary: `${drawn.length} ${drawn.length === 1 ? 'mean' : 'means'} with 95% intervals on the scale from ${scale.range.min} to ${scale.range.max}.`,
                table: id,
                axis: `Mean, from ${scale.range.min} to ${scale.range.max}`,
                range: scale.range,
                line: null,
                rows: drawn.map(({ wave, title, figure }) => ({
                  label: `${wave}: ${title} (n = ${figure.protected.n})`,
                  value: figure.protected.mean.value,
                  interval: figure.protected.mean.interval,
                  n: figure.protected.n ?? 0,
                })),
              }),
            ],
      tables: [table],
    },
  ];
}

function sentence(text: string): string {
  return text === '' || /[.!?]$/.test(text) ? text : `${text}.`;
}

/** One or two sentences on each wave, as one would say them. */
function waveWords(input: StudyReportInput, scale: ScaleFigures, rows: readonly Row[]): string[] {
  return [...new Set(rows.map(({ wave }) => wave))].map((wave) => {
    const inWave = rows.filter((row) => row.wave === wave);
    const own = inWave.find(({ group }) => group === 'school');
    const all = inWave.find(({ group }) => group === 'all')?.figure.protected;
    const { n = null, mean } = own?.figure.protected ?? {};
    // Not even that nobody answered, where that must not be seen.
    if (n === 0) return `${wave}: nobody of your school answered.`;
    if (!own || n === null) {
      return `${wave}: too few people of your school answered for us to show what they said (fewer than ${input.study.minimumCell}), or showing it would tell of another small group.`;
    }
    if (!own.figure.verdict?.passed || !mean || mean.value === null) {
      return `${wave}: ${n} people of your school answered, and no mean is given, because one number would not stand for the school (${own.figure.verdict?.told.join('; ') || 'no mean'}). The table shows how answers are spread.`;
    }
    const said = `${wave}: the mean of ${n} people of your school is ${mean.value.toFixed(2)} on a scale from ${scale.range.min} to ${scale.range.max}`;
    if (!all || all.n === null || all.mean.value === null) return `${said}.`;
    const other = all.mean.value;
    const within = mean.interval !== null && mean.interval.lower <= other && other <= mean.interval.upper;
    const how = within
      ? 'A difference as small as this can come about by chance.'
      : `This is ${mean.value > other ? 'higher' : 'lower'} than chance would explain.`;
    return `${said}; of all ${all.n} people of the study it is ${other.toFixed(2)}. ${how}`;
  });
}

function responseOf(input: StudyReportInput, school: string): Section {
  const lines = toldAdministrations(input).flatMap((administration) => responseLines(input, administration, school));
  const figures: readonly Column[] = [
    { id: 'invited', title: 'Asked', kind: 'integer' },
    { id: 'responded', title: 'Answered', kind: 'integer' },
    ...estimateColumns('rate', 'Rate', 'percent'),
  ];
  const table: Table = {
    id: 'response',
    title: 'Who answered',
    columns: [
      { id: 'wave', title: 'Wave', kind: 'text' },
      { id: 'administration', title: 'Survey', kind: 'text' },
      { id: 'group', title: 'Group', kind: 'text' },
      ...figures,
    ],
    rows: lines.map(({ cells }) => cells),
    notes: suppressionNotes(
      lines.map(({ shown }) => shown),
      input.study.minimumCell,
    ),
  };
  return {
    id: 'response',
    title: 'Who answered',
    text:
      lines.length === 0
        ? 'Nobody of your school has been asked yet.'
        : 'How many people were asked and how many finished a survey.',
    charts: [],
    tables: lines.length === 0 ? [] : [table],
  };
}

function responseLines(input: StudyReportInput, administration: AdministrationCount, school: string) {
  const all = groupsOf({ ...input, rates: administration.rates, rows: [] });
  const own = groupsAt(all, 'school').find(({ id }) => id === school);
  if (!own || (own.invited === 0 && own.responded === 0)) return [];
  const invited = shownCounts(all, (group) => group.invited, input);
  const responded = shownCounts(all, (group) => group.responded, input);
  const cluster = groupsAt(all, 'cluster').find((group) => group.id !== '' && group.parts.includes(own));
  const asked = (group: Group) =>
    groupsAt(group, 'school').filter(({ id, invited: people }) => id !== '' && people > 0).length;
  const groups: [string, Group][] = [
    ['Your school', own],
    ...(cluster && asked(cluster) >= fewestSchools ? [['Your cluster', cluster] as [string, Group]] : []),
    ...(asked(all) >= fewestSchools ? [['All schools', all] as [string, Group]] : []),
  ];
  return groups.map(([title, group]) => {
    const [people, answers] = [invited.get(group) ?? null, responded.get(group) ?? null];
    const shown = people === null ? null : answers;
    const cells: CellValue[] = [
      waveTitle(input.study, administration.wave),
      administration.title,
      title,
      countCell(people),
      countCell(answers),
      ...estimateCells(shown, responseRate(group.responded, group.invited)),
    ];
    return { cells, shown };
  });
}

function reading({ study, gate }: StudyReportInput): Section {
  return {
    id: 'reading',
    title: 'How to read this',
    text:
      `A mean is the average of what people said. The line through it is the 95% interval: with other people of the same kind, the mean would most likely lie somewhere within it, so short lines tell more than long ones. The thirds tell how answers are spread: how many people scored in the lower, middle and upper third of the scale. ` +
      `We show a mean of a school only where its staff see things alike enough for one number to stand for them, and at least ${gate.minimumGroup} people answered; otherwise we say so. Where fewer than ${study.minimumCell} people stand behind a figure it is not shown, and neither are others from which it could be worked out, so that nobody can be recognised.`,
    charts: [],
    tables: [],
  };
}

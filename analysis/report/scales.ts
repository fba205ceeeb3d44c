/** The sections on scales: means of all, of the arms, and of every cluster and school, with 95% intervals. */
import type { Scale } from '../../instruments/instrument.ts';
import { itemFirstMean, personFirstMean } from '../aggregation.ts';
import { meanChart } from '../charts.ts';
import { describe } from '../descriptives.ts';
import type { ShownCount } from '../disclosure.ts';
import type { ShareDone } from '../progress.ts';
import type { CellValue, ChartSpec, Column, Estimate, Section, Table } from '../result.ts';
import {
  collectedNotes,
  countCell,
  estimateCells,
  estimateColumns,
  figureCell,
  printed,
  printedCount,
  printedEstimate,
  suppressionNotes,
} from './cells.ts';
import { cutOff, doubtsOf, doubtWords, scoreRange } from './doubts.ts';
import { type Group, groupsAt, shownCounts } from './groups.ts';
import type { AdministrationReportInput } from './input.ts';
import { pagesOf } from './pages.ts';
import { armColumn, clusterColumn, inClusterColumn, nameCell, omitted, schoolColumn } from './response.ts';
import { answerers, scaleColumns } from './scale-columns.ts';

/** The figures of one scale in one group, as they may be printed. */
export interface Figures {
  readonly shown: ShownCount;
  readonly estimate: Estimate;
  readonly sd: number | null;
}

const figureColumns: readonly Column[] = [
  { id: 'n', title: 'n', kind: 'integer' },
  ...estimateColumns('mean', 'Mean', 'number'),
  { id: 'sd', title: 'SD', kind: 'number', digits: 2 },
];

/** An overview of all scales, then a section for each. */
export function scaleSections(input: AdministrationReportInput, all: Group, onShare: ShareDone): Section[] {
  const scales = input.scales.map((scale, place) => {
    onShare(place / input.scales.length);
    return { scale, figures: figuresOf(input, all, scale, place) };
  });
  const groups = [...all.parts.filter(({ people }) => people.length > 0), all];
  const overview: Table = {
    id: 'scale-means',
    title: 'Scale means by arm',
    columns: [
      { id: 'scale', title: 'Scale', kind: 'text' },
      { id: 'group', title: 'Arm', kind: 'text' },
      ...figureColumns,
    ],
    rows: scales.flatMap(({ scale, figures }) =>
      groups.map((group): CellValue[] => [scale.title, group.name, ...cellsOf(figures.get(group))]),
    ),
    notes: notesOf(
      input,
      scales.flatMap(({ figures }) => groups.map((group) => figures.get(group))),
    ),
  };
  return [
    {
      id: 'scales',
      title: 'Scales',
      text:
        input.scales.length === 0
          ? 'This instrument has no scales.'
          : 'Mean scale scores, reversed items turned. Intervals at 95% treat the people of a group as independent; people of one school are alike, so intervals over several schools are too narrow. Where items are averaged first, n and mean take in everybody who answered any item; SD is that of the people with a score.',
      charts: [],
      tables: input.scales.length === 0 ? [] : [overview],
    },
    ...scales.map(({ scale, figures }) => sectionOf(input, all, scale, figures)),
  ];
}

function sectionOf(
  input: AdministrationReportInput,
  all: Group,
  scale: Scale,
  figures: ReadonlyMap<Group, Figures>,
): Section {
  const withPeople = ({ people }: Group) => people.length > 0;
  const clusters = groupsAt(all, 'cluster').filter(withPeople);
  const schools = groupsAt(all, 'school').filter(withPeople);
  const table = (ending: string, title: string, names: readonly Column[], groups: readonly Group[]): Table => ({
    id: `scale-${scale.id}-${ending}`,
    title: `${scale.title}: ${title}`,
    columns: [...names, ...figureColumns],
    rows: groups.map((group): CellValue[] => [
      ...names.map((column) => nameCell(column.id, group)),
      ...cellsOf(figures.get(group)),
    ]),
    notes: notesOf(
      input,
      groups.map((group) => figures.get(group)),
    ),
  });
  const byCluster = table('by-cluster', 'means by cluster', [clusterColumn, armColumn], clusters);
  const bySchool = table('by-school', 'means by school', [schoolColumn, inClusterColumn, armColumn], schools);
  const chart = chartMaker(scale, figures, all);
  const order =
    scale.aggregation === 'item-first'
      ? 'Each item is averaged over the people of a group first, then the items.'
      : 'Each person’s score is computed first, then averaged over the group.';
  return {
    id: `scale-${scale.id}`,
    title: `Scale: ${scale.title}`,
    text: `${scale.construct} ${scale.items.length} items, ${scale.score} score. ${order}`.trim(),
    charts: [
      ...chart(byCluster.id, 'by cluster', clusters, false),
      ...all.parts.flatMap((arm) => {
        const where = all.parts.length > 1 ? ` of arm ${arm.name}` : '';
        return chart(bySchool.id, `by school${where}`, groupsAt(arm, 'school').filter(withPeople), true, `-${arm.id}`);
      }),
    ],
    tables: [byCluster, bySchool],
  };
}

/** Charts of groups against the mean of all; those of schools stand in the order of their means, fifty to a chart. */
function chartMaker(scale: Scale, figures: ReadonlyMap<Group, Figures>, all: Group) {
  const overall = figures.get(all);
  const range = scoreRange(scale);
  const mean = overall && overall.shown !== null ? overall.estimate.value : null;
  const line = mean === null ? null : { value: mean, label: `Mean of all ${mean.toFixed(2)}` };
  return (table: string, what: string, groups: readonly Group[], byMean: boolean, ending = ''): ChartSpec[] => {
    const drawn = groups.flatMap((group) => {
      const one = figures.get(group);
      if (!one || one.shown === null || one.estimate.value === null) return [];
      const label = one.shown === 1 ? `${shortened(group.name)} (1 person)` : group.name;
      return [{ label, value: one.estimate.value, interval: one.estimate.interval, n: one.shown }];
    });
    if (byMean) drawn.sort((a, b) => b.value - a.value);
    return pagesOf(drawn).map((page) =>
      meanChart({
        id: `${table}${ending}${page.ending}`,
        title: `${scale.title}: means ${what}${page.span}`,
        summary: `Means of ${printedCount(page.rows.length)} ${page.rows.length === 1 ? 'group' : 'groups'} with 95% intervals on the scale from ${range.min} to ${range.max}${byMean ? ', highest first' : ''}${hollow(page.rows)}${cutOff(page.rows, range)}${omitted(groups.length - drawn.length)}.`,
        table,
        axis: scale.score === 'sum' ? 'Mean sum score' : 'Mean score',
        range,
        line,
        rows: page.rows,
      }),
    );
  };
}

function hollow(rows: readonly { readonly interval: unknown }[]): string {
  return rows.some(({ interval }) => interval === null) ? '; hollow points have no interval' : '';
}

/** Short enough that what is said after a name is not cut off beside the chart. */
function shortened(name: string): string {
  return name.length > 36 ? `${name.slice(0, 35).trimEnd()}…` : name;
}

/** The figures of every group, each computed on its own people. Called by the reports of whole studies, too. */
export function figuresOf(
  input: AdministrationReportInput,
  all: Group,
  scale: Scale,
  place: number,
): ReadonlyMap<Group, Figures> {
  const scoreOf = (person: number) => input.rows[person]?.scores[place] ?? null;
  const itemFirst = scale.aggregation === 'item-first';
  const counted = new Set(
    itemFirst ? answerers(input, scale) : input.rows.flatMap((_, person) => (scoreOf(person) === null ? [] : [person])),
  );
  const countOf = ({ people }: Group) => people.filter((person) => counted.has(person)).length;
  const shown = shownCounts(all, countOf, input);
  const factor = scale.score === 'sum' ? scale.items.length : 1;
  return new Map(
    [...shown].map(([group, count]): [Group, Figures] => {
      const scores = group.people.map(scoreOf);
      const estimate = itemFirst
        ? itemFirstMean(scaleColumns(input, scale, group.people), factor)
        : personFirstMean(scores);
      const sd = printed(describe(scores).sd, input.suppress);
      const shownEstimate = printedEstimate(estimate, input.suppress);
      const notes = [...estimate.notes, ...doubtsOf(shownEstimate, scoreRange(scale))];
      return [group, { shown: count, estimate: { ...shownEstimate, notes }, sd }];
    }),
  );
}

function cellsOf(figures: Figures | undefined): CellValue[] {
  const shown = figures?.shown ?? null;
  if (!figures) return figureColumns.map(() => null);
  return [countCell(shown), ...estimateCells(shown, figures.estimate), figureCell(shown, figures.sd)];
}

function notesOf(input: AdministrationReportInput, figures: readonly (Figures | undefined)[]) {
  const shown = figures.flatMap((one) => (one && one.shown !== null ? [one.estimate] : []));
  return [
    ...suppressionNotes(
      figures.map((one) => one?.shown ?? null),
      input.study.minimumCell,
    ),
    ...collectedNotes(shown, {
      'no-values': 'nobody has a score, so no mean.',
      'group-of-one': '1 person, whose own score the mean is; no interval.',
      ...doubtWords,
      'no-variance': 'all people have the same score, so no interval.',
      'items-without-answers': 'some items were answered by nobody in the group and are left out of its mean.',
    }),
  ];
}

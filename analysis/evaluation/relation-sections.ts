/**
 * Fidelity and change as sections of charts and tables: each school of the programme as a point, slopes, and differences by
 * disadvantage, with the warning that this is association. Made of what the reader may see alone. Called by the server.
 */
import type { Study } from '../../instruments/study.ts';
import type { PlaceFidelity } from '../process/picture.ts';
import { estimateCells, estimateColumns, suppressed } from '../report/cells.ts';
import type { CellValue, ChartSpec, Estimate, Note, Section, Table } from '../result.ts';
import { scatterChart } from '../scatter-chart.ts';
import { gateOf } from './gate.ts';
import { waveTitle } from './input.ts';
import { figureFor } from './outcome-sections.ts';
import { type Relation, type RelationPoint, relate } from './relations.ts';
import type { ScaleFigures, WaveFigures } from './study-figures.ts';

export interface RelationInput {
  readonly study: Pick<Study, 'waves' | 'minimumCell' | 'gate'>;
  readonly scales: readonly ScaleFigures[];
  /** As the reader may see them. */
  readonly schools: readonly PlaceFidelity[];
  readonly clusters: readonly Pick<PlaceFidelity, 'id' | 'name'>[];
  /** Share of disadvantaged pupils by school, 0 to 1. */
  readonly disadvantaged: ReadonlyMap<string, number>;
  readonly suppress: boolean;
  /** Ids of waves; by default the first and the last in which the scale was asked. */
  readonly from: string | null;
  readonly to: string | null;
}

export const association =
  'This is association, not effect. Nobody was allotted a fidelity: schools that did more of the programme may differ from others in ways that change trust and efficacy, and good change may itself make the programme easier.';

/** One section for each scale that was asked in both waves. */
export function relationSections(input: RelationInput): Section[] {
  return input.scales.flatMap((scale, at) => {
    const waves = scale.waves.filter(({ groups }) => groups.length > 0);
    const find = (id: string | null, usual: WaveFigures | undefined) =>
      id === null ? usual : waves.find(({ wave }) => wave === id);
    const [from, to] = [find(input.from, waves[0]), find(input.to, waves.at(-1))];
    return from && to && from.wave !== to.wave
      ? [sectionOf(input, scale, `relation-${at + 1}-${scale.id}`, from, to)]
      : [];
  });
}

interface Line {
  readonly cells: readonly CellValue[];
  readonly point: RelationPoint | null;
  /** Why there is no point. */
  readonly without: 'index' | 'few' | 'suppressed' | 'answers' | null;
}

function sectionOf(input: RelationInput, scale: ScaleFigures, id: string, from: WaveFigures, to: WaveFigures): Section {
  const { study } = input;
  const titles = { from: waveTitle(study, from.wave), to: waveTitle(study, to.wave) };
  const lines = linesOf(input, from, to);
  const points = lines.flatMap(({ point }) => point ?? []);
  const relation = relate(points);
  return {
    id,
    title: scale.title,
    text: `Each point is a school of the programme: its index of fidelity, and how the mean of its staff who answered has changed from ${titles.from} to ${titles.to}. ${points.length} of ${lines.length} schools of the programme are points.`,
    charts: points.length === 0 ? [] : [chartOf(scale, id, points, relation, titles)],
    tables: [slopeTable(relation, id), pointTable(lines, id, titles)],
    notes: [
      { code: 'association', text: association },
      ...scale.notes,
      ...gateNotes(input, [from, to]),
      ...withoutNotes(input, lines),
    ],
  };
}

function linesOf(
  { study, schools, clusters, disadvantaged, suppress }: RelationInput,
  ...waves: readonly [WaveFigures, WaveFigures]
): Line[] {
  const names = new Map(clusters.map(({ id, name }) => [id, name]));
  const byId = waves.map(
    ({ groups }) => new Map(groups.flatMap((one) => (one.level === 'school' ? [[one.id, one] as const] : []))),
  );
  const { minimumGroup } = gateOf(study);
  return schools
    .filter(({ programme }) => programme)
    .map((school): Line => {
      const { name, cluster, index } = school;
      const [before, after] = byId.map((groups) => {
        const group = groups.get(school.id);
        return group ? figureFor(group, suppress) : null;
      });
      const counts = [before, after].map((figure) => (figure ? figure.n : 0));
      const means = [before, after].map((figure) => {
        const value = figure?.n === null ? null : (figure?.mean.value ?? null);
        return value !== null && suppress ? Math.round(value * 100) / 100 : value;
      });
      const [first, last] = means;
      const known = first !== null && first !== undefined && last !== null && last !== undefined;
      const without = counts.includes(null)
        ? 'suppressed'
        : !known || counts.includes(0)
          ? 'answers'
          : counts.some((n) => (n ?? 0) < minimumGroup)
            ? 'few'
            : index === null
              ? 'index'
              : null;
      // Left out for another reason than the index, the change of few people is not told either.
      const change = known && (without === null || without === 'index') ? last - first : null;
      return {
        without,
        cells: [
          name,
          cluster === null ? null : (names.get(cluster) ?? cluster),
          index,
          ...counts.map((n) => n ?? suppressed),
          without === 'suppressed' ? suppressed : change,
        ],
        point:
          without !== null || change === null || index === null
            ? null
            : {
                ...{ name, index, change, cluster: cluster === null ? `school ${school.id}` : `cluster ${cluster}` },
                disadvantaged: disadvantaged.get(school.id) ?? null,
              },
      };
    });
}

/** Where the mean of staff does not stand for the school, the reader is told so, and what that does to a slope. */
function gateNotes({ study, suppress }: RelationInput, waves: readonly WaveFigures[]): Note[] {
  const reasons = waves.flatMap(({ wave, measure }) => {
    const { passed, reasons: all, told } = measure.verdict;
    return passed ? [] : [`${waveTitle(study, wave)}: ${(suppress ? told : all).join(', ')}`];
  });
  if (reasons.length === 0) return [];
  return [
    {
      code: 'gate',
      text: `These are means of those who answered, and no school means: the aggregation gate of the study is not passed (${reasons.join('; ')}). Such means tell schools apart poorly, which hides differences between them.`,
    },
  ];
}

function withoutNotes({ study }: RelationInput, lines: readonly Line[]): Note[] {
  const say = (why: Line['without'], text: string): Note[] => {
    const n = lines.filter(({ without }) => without === why).length;
    return n === 0
      ? []
      : [{ code: `without-${why}`, text: `Left out: ${n} ${n === 1 ? 'school' : 'schools'} ${text}.` }];
  };
  return [
    ...say('few', `in which fewer than ${gateOf(study).minimumGroup} people answered in a wave`),
    ...say(
      'suppressed',
      `in which fewer than ${study.minimumCell} people answered in a wave, or whose count would give another away`,
    ),
    ...say('answers', 'without answers in one of the waves'),
    ...say('index', 'without an index of fidelity'),
  ];
}

function slopeTable({ robust, mixed, disadvantage: { median, less, more, difference } }: Relation, id: string): Table {
  const half = median === null ? '' : ` (median ${Math.round(median * 100)}%)`;
  const lines: readonly (readonly [string, Estimate])[] = [
    ['All schools, errors by cluster (CR2)', robust],
    ['All schools, mixed model with clusters', mixed],
    [`Schools with fewer disadvantaged pupils${half}`, less],
    [`Schools with more disadvantaged pupils${half}`, more],
    ['Difference: more less fewer', difference],
  ];
  const notes = lines.flatMap(([, estimate]) => estimate.notes);
  return {
    id: `${id}-slopes`,
    title: 'Change that goes with ten points of the index',
    columns: [
      { id: 'of', title: 'Of', kind: 'text' },
      { id: 'n', title: 'Schools', kind: 'integer' },
      ...estimateColumns('slope', 'Change', 'number'),
    ],
    rows: lines.map(([title, estimate]) => [title, estimate.n, ...estimateCells(estimate.n, estimate)]),
    notes: [...new Map(notes.map((note) => [note.text, note])).values()],
  };
}

function pointTable(lines: readonly Line[], id: string, titles: { from: string; to: string }): Table {
  return {
    id: `${id}-schools`,
    title: 'Index and change, school by school',
    columns: [
      { id: 'school', title: 'School', kind: 'text' },
      { id: 'cluster', title: 'Cluster', kind: 'text' },
      { id: 'index', title: 'Index', kind: 'percent', digits: 0 },
      { id: 'before', title: `People, ${titles.from}`, kind: 'integer' },
      { id: 'after', title: `People, ${titles.to}`, kind: 'integer' },
      { id: 'change', title: 'Change', kind: 'number', digits: 2 },
    ],
    rows: lines.map(({ cells }) => cells),
    notes: [],
  };
}

/** Bounds of the change, alike above and below, so that no change is the middle. */
const bounds = [0.5, 1, 1.5, 2, 3, 4, 5, 10, 20, 50, 100, 200, 500] as const;

function chartOf(
  scale: ScaleFigures,
  id: string,
  points: readonly RelationPoint[],
  { line, robust }: Relation,
  titles: { from: string; to: string },
): ChartSpec {
  const largest = Math.max(...points.map(({ change }) => Math.abs(change)));
  const most = bounds.find((bound) => bound >= largest) ?? Math.ceil(largest);
  const withBand = line.every(({ interval }) => interval !== null);
  const slope =
    robust.value === null
      ? 'no slope can be told'
      : `ten points more of the index go with a change of ${robust.value.toFixed(2)}${robust.interval ? ` (95% interval ${robust.interval.lower.toFixed(2)} to ${robust.interval.upper.toFixed(2)})` : ''}`;
  return scatterChart({
    id,
    title: `${scale.title}: fidelity and change`,
    summary: `${points.length} schools by their index of fidelity and the change of their mean; ${slope}. An association, not an effect.`,
    table: `${id}-schools`,
    x: { title: 'Index of fidelity, 0 to 1', min: 0, max: 1 },
    y: { title: `Change, ${titles.from} to ${titles.to}`, min: -most, max: most },
    points: points.map(({ name, index, change }) => ({
      ...{ label: name, x: index, y: change },
      told: `Index ${index.toFixed(2)}, change ${change.toFixed(2)}`,
    })),
    line:
      line.length === 0
        ? null
        : {
            label: withBand ? 'Least squares, with its 95% interval' : 'Least squares',
            points: line.map(({ index, value, interval }) => ({
              ...{ x: index, y: value },
              ...(withBand && interval ? { lower: interval.lower, upper: interval.upper } : {}),
            })),
          },
  });
}

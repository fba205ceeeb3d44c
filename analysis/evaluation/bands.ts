/**
 * How scores are spread: people in the lower, middle and upper third of a scale's range, in groups within groups, without
 * what must not be seen at any level. Called by the figures of groups.
 */
import type { Scale } from '../../instruments/instrument.ts';
import type { ShownCount } from '../disclosure.ts';
import { type CellEdge, hiddenCells } from '../disclosure-flow.ts';
import { scoreRange } from '../report/doubts.ts';

export interface Band {
  readonly id: 'low' | 'middle' | 'high';
  readonly title: string;
  /** Scores from here on, and below the next band. */
  readonly from: number;
}

/**
 * The thirds of a scale's range.
 *
 * @example
 * bandsOf({ range: { min: 1, max: 4 }, score: 'mean', items: [] }).map(({ from }) => from) // => [1, 2, 3]
 */
export function bandsOf(scale: Pick<Scale, 'range' | 'score' | 'items'>): Band[] {
  const { min, max } = scoreRange(scale as Scale);
  const third = (max - min) / 3;
  return [
    { id: 'low', title: 'Lower third', from: min },
    { id: 'middle', title: 'Middle third', from: min + third },
    { id: 'high', title: 'Upper third', from: min + 2 * third },
  ];
}

/**
 * How many scores lie in each band; missing ones in none.
 *
 * @example
 * bandCounts([1, 2.5, null, 4], bandsOf({ range: { min: 1, max: 4 }, score: 'mean', items: [] })) // => [1, 1, 1]
 */
export function bandCounts(scores: readonly (number | null)[], bands: readonly Band[]): number[] {
  const counts = bands.map(() => 0);
  for (const score of scores) {
    if (score === null) continue;
    // A bound of thirds has rounding in it, which must not decide.
    const place = bands.findLastIndex(({ from }) => score >= from - 1e-9);
    const at = Math.max(place, 0);
    counts[at] = (counts[at] ?? 0) + 1;
  }
  return counts;
}

/** People of a group by band, and the groups within it. `count` is the sum over the bands and over the parts. */
export interface BandTree {
  readonly count: number;
  readonly bands: readonly number[];
  /** The count must not be shown, as another table has decided. */
  readonly hidden: boolean;
  readonly parts: readonly BandTree[];
}

export interface ShownBands {
  /** Null where `hidden` was given, or where bands alone cannot protect. */
  readonly count: ShownCount;
  readonly bands: readonly ShownCount[];
  readonly parts: readonly ShownBands[];
}

/**
 * The same tree without small cells, and without what they could be worked out from: bands add up to the count of their
 * group, and groups to the group around them, band by band. All of it is one circulation, so every level is protected
 * against every other: the report of a school against those of its neighbours, of its cluster and of the whole trial.
 *
 * A count goes from its group to the bands, a band from group to group upwards, and back at the top. Counts that are
 * hidden already cost nothing; others are hidden last.
 *
 * @param minimum fewest people that a shown cell may stand for; 0 or 1 hides nothing
 * @throws RangeError for counts that are not whole numbers from 0 or do not add up
 * @example
 * suppressBands({ count: 12, bands: [2, 10, 0], hidden: false, parts: [] }, 5).bands // => [null, null, 0]
 */
export function suppressBands(tree: BandTree, minimum: number): ShownBands {
  const edges: CellEdge[] = [];
  const heightOf = (group: BandTree): number =>
    group.parts.length === 0 ? 0 : 1 + Math.max(...group.parts.map(heightOf));
  const all = tree.count + 1;
  const top = 0;
  let nodes = 1;
  const visit = (group: BandTree, above: number, bandsAbove: readonly number[]): void => {
    const own = nodes++;
    const height = heightOf(group);
    const kept = (1e3 + height) * all * tree.bands.length;
    edges.push({ from: above, to: own, count: group.count, cost: group.hidden ? 0 : kept });
    // A group without parts pours its people into the bands; another gathers the bands of its parts.
    const bands = group.bands.map(() => (group.parts.length === 0 ? own : nodes++));
    group.bands.forEach((count, band) => {
      edges.push({ from: bands[band] ?? top, to: bandsAbove[band] ?? top, count, cost: count + 1 + height * all });
    });
    for (const part of group.parts) visit(part, own, bands);
  };
  visit(
    tree,
    top,
    tree.bands.map(() => top),
  );
  const hidden = hiddenCells(edges, minimum);
  let place = 0;
  const shown = (group: BandTree): ShownBands => {
    const count = hidden[place++] || group.hidden ? null : group.count;
    const bands = group.bands.map((people): ShownCount => (hidden[place++] ? null : people));
    return { count, bands, parts: group.parts.map(shown) };
  };
  return shown(tree);
}

/** Items that stand in another order: the fewest that must have moved for the rest to stand as before. */
import type { InstrumentChange } from './change.ts';
import type { ItemMatch } from './match-items.ts';

/** Positions of a longest rising run among numbers, not necessarily neighbours. */
export function longestRising(numbers: readonly number[]): Set<number> {
  /** Position of the smallest number that ends a run of each length. */
  const ends: number[] = [];
  const before: number[] = [];
  numbers.forEach((number, at) => {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((numbers[ends[middle] ?? 0] ?? 0) < number) low = middle + 1;
      else high = middle;
    }
    before[at] = low > 0 ? (ends[low - 1] ?? -1) : -1;
    ends[low] = at;
  });
  const rising = new Set<number>();
  for (let at = ends.at(-1) ?? -1; at >= 0; at = before[at] ?? -1) rising.add(at);
  return rising;
}

/** Items that one of the versions is without do not move the others. */
export function diffOrder({ pairs }: Pick<ItemMatch, 'pairs'>): InstrumentChange[] {
  const positions = pairs.map(({ older }) => older.position);
  const ranks = new Map([...positions].sort((one, other) => one - other).map((position, rank) => [position, rank]));
  const standing = longestRising(positions);
  return pairs.flatMap(({ older, newer }, at): InstrumentChange[] => {
    if (standing.has(at)) return [];
    const placeOf = (rank: number, page: number) => `place ${rank + 1}, page ${page + 1}`;
    const reason = 'It stands elsewhere. Codes are the same; what is asked before an item can colour it a little.';
    const before = placeOf(ranks.get(older.position) ?? 0, older.variable.page);
    return [
      { item: newer.name, what: 'order', grade: 'safe', reason, before, after: placeOf(at, newer.variable.page) },
    ];
  });
}

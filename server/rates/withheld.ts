/**
 * Anonymous answers that do not tell their whole place (`responses/coarse-places.ts`), counted where they belong: that a link was
 * used is known, and by which answers is not. So a used link without an answer of its own place counts as answered where
 * its person was asked, as many as such answers there are within its school, cluster and arm. Called by `cells.ts`.
 *
 * What is left over came through links that a staffroom shares; it counts at the place that it tells, with no role. So does
 * that an answer was withdrawn: it is taken off there again, and a table by role has it in a row of its own.
 */
import type { ResponseCount } from '../responses/counts.ts';

/** Used links of a place, and the answers that tell this very place. */
export interface UsedPlace {
  readonly arm: string;
  readonly cluster: string | null;
  readonly school: string | null;
  readonly used: number;
  readonly came: number;
}

/** Answers that stay without a role; `complete` is below zero where withdrawn ones are counted elsewhere as answered. */
export interface Unplaced extends Pick<ResponseCount, 'arm' | 'cluster' | 'school'> {
  readonly complete: number;
  readonly withdrawn: number;
  readonly came: number;
}

/**
 * @param coarse answers that tell no role
 * @param everything false where answers of a coarser place than the reader's scope are not among `coarse`
 */
export function placeWithheld<P extends UsedPlace>(
  places: readonly P[],
  coarse: readonly ResponseCount[],
  everything: boolean,
): { readonly answered: ReadonlyMap<P, number>; readonly unplaced: readonly Unplaced[] } {
  const missing = new Map(places.map((place) => [place, Math.max(0, place.used - place.came)]));
  const answered = new Map<P, number>();
  const take = (place: P, most: number): number => {
    const n = Math.min(most, missing.get(place) ?? 0);
    if (n > 0) {
      missing.set(place, (missing.get(place) ?? 0) - n);
      answered.set(place, (answered.get(place) ?? 0) + n);
    }
    return n;
  };
  // The narrower ones first: they can belong to fewer links.
  const width = ({ cluster, school }: ResponseCount) => (school === null ? 1 : 0) + (cluster === null ? 1 : 0);
  const unplaced = coarse
    .toSorted((a, b) => width(a) - width(b))
    .flatMap(({ arm, cluster, school, complete, partial, withdrawn }): Unplaced[] => {
      const came = complete + partial + withdrawn;
      let left = came;
      for (const place of places) {
        const within =
          place.arm === arm &&
          (cluster === null || place.cluster === cluster) &&
          (school === null || place.school === school);
        if (within) left -= take(place, left);
      }
      if (left === 0 && withdrawn === 0) return [];
      return [{ arm, cluster, school, complete: left - withdrawn, withdrawn, came: left }];
    });
  if (!everything) for (const place of places) take(place, Number.POSITIVE_INFINITY);
  return { answered, unplaced };
}

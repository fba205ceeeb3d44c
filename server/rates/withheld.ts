/**
 * Anonymous answers that do not tell their whole place (`responses/coarse-places.ts`), counted where they belong: that a link was
 * used is known, and by which answers is not. So a used link without an answer of its own place counts as answered where
 * its person was asked, as many as such answers there are within its school, cluster and arm. Called by `cells.ts`.
 *
 * Where one of these answers was withdrawn, nobody knows whose it was. So the links that may have brought it count with the
 * answers, at the place that these tell: as people without a role, of whom so many answered and so many withdrew. Every
 * table then adds up, and none says of a role that somebody of it withdrew. What is left over came through links that a staffroom
 * shares; it counts at the place that it tells, too.
 */
import type { ResponseCount } from '../responses/counts.ts';

/** Used links of a place, and the answers that tell this very place. */
export interface UsedPlace {
  readonly arm: string;
  readonly cluster: string | null;
  readonly school: string | null;
  readonly used: number;
  readonly came: number;
  /** True of links that count nowhere, since their people are not on the roster of the day; their answers do not either. */
  readonly gone: boolean;
}

/** People and answers that stay without a role. */
export interface Unplaced extends Pick<ResponseCount, 'arm' | 'cluster' | 'school'> {
  /** Links that count here and not where they were made for. */
  readonly invited: number;
  readonly complete: number;
  readonly withdrawn: number;
}

export interface Placed<P> {
  /** How many used links of each place were answered by answers that do not tell it. */
  readonly answered: ReadonlyMap<P, number>;
  /** How many used links of each place count among `unplaced` instead. */
  readonly untold: ReadonlyMap<P, number>;
  readonly unplaced: readonly Unplaced[];
}

/**
 * @param coarse answers that tell no role
 * @param everything false where answers of a coarser place than the reader's scope are not among `coarse`
 */
export function placeWithheld<P extends UsedPlace>(
  places: readonly P[],
  coarse: readonly ResponseCount[],
  everything: boolean,
): Placed<P> {
  const missing = new Map(places.map((place) => [place, Math.max(0, place.used - place.came)]));
  const answered = new Map<P, number>();
  const untold = new Map<P, number>();
  const take = (place: P, most: number, into: Map<P, number>): number => {
    const n = Math.min(most, missing.get(place) ?? 0);
    if (n > 0) {
      missing.set(place, (missing.get(place) ?? 0) - n);
      into.set(place, (into.get(place) ?? 0) + n);
    }
    return n;
  };
  // The narrower ones first: they can belong to fewer links.
  const width = ({ cluster, school }: ResponseCount) => (school === null ? 1 : 0) + (cluster === null ? 1 : 0);
  const unplaced = coarse
    .toSorted((a, b) => width(a) - width(b))
    .flatMap(({ arm, cluster, school, complete, partial, withdrawn }): Unplaced[] => {
      let left = complete + partial + withdrawn;
      let here = 0;
      for (const place of places) {
        const within =
          place.arm === arm &&
          (cluster === null || place.cluster === cluster) &&
          (school === null || place.school === school);
        if (!within) continue;
        const taken = take(place, left, withdrawn > 0 && !place.gone ? untold : answered);
        left -= taken;
        if (!place.gone) here += taken;
      }
      if (withdrawn === 0) return left === 0 ? [] : [{ arm, cluster, school, invited: 0, complete: left, withdrawn }];
      const counted = here + left;
      // Whether it was theirs who are gone is not known either.
      const taken = Math.min(withdrawn, counted);
      return counted === 0
        ? []
        : [{ arm, cluster, school, invited: here, complete: counted - taken, withdrawn: taken }];
    });
  if (!everything) for (const place of places) take(place, Number.POSITIVE_INFINITY, answered);
  return { answered, untold, unplaced };
}

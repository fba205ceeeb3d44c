/**
 * Disclosure control of rows: ids that lead nowhere, and roles and schools withheld where too few people share them. Called
 * by `main-table.ts` and `linked-tables.ts` for datasets of the level `controlled`.
 *
 * What is withheld is decided by the rule of anonymous answers (`responses/coarse-places.ts`), among the responses of each
 * administration: no more of a place than at least as many people share as the study's minimum says, and nothing to be had
 * by subtraction.
 */
import { createHmac } from 'node:crypto';
import type { Context } from '../../context.ts';
import { type AskedPlace, type CoarsePlaces, coarsePlaces } from '../../responses/coarse-places.ts';

export type PlaceKind = 'response' | 'person' | 'school' | 'cluster';

/** A short code for an id that is the same in all files of one dataset, in every export of it, and in no other dataset. */
export type Coder = (kind: PlaceKind, id: string) => string;

export function newCoder({ secret }: Pick<Context, 'secret'>, study: string, dataset: string): Coder {
  const key = secret.derive('dataset-codes');
  const known = new Map<string, string>();
  return (kind, id) => {
    const name = JSON.stringify([study, dataset, kind, id]);
    let code = kind === 'response' ? undefined : known.get(name);
    if (code === undefined) {
      code = kind.charAt(0) + createHmac('sha256', key).update(name).digest('hex').slice(0, 12);
      if (kind !== 'response') known.set(name, code);
    }
    return code;
  };
}

export interface Place {
  readonly arm: string | null;
  readonly cluster: string | null;
  readonly school: string | null;
  readonly role: string | null;
}

/** Counts the people of one administration by their places, then says how much of a place may be told. */
export class PlaceCells {
  readonly #minimum: number;
  readonly #counts = new Map<string, number>();
  #coarse: CoarsePlaces<string> | null = null;

  constructor(minimum: number) {
    this.#minimum = minimum;
  }

  add(place: Place): void {
    const key = JSON.stringify(namedPlace(place));
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  /** The place without what too few people share. */
  coarse(place: Place): Place {
    this.#coarse ??= coarsePlaces(
      [...this.#counts].map(([key, n]) => ({ ...(JSON.parse(key) as AskedPlace<string>), n })),
      this.#minimum,
    );
    const { cluster, school, role } = this.#coarse.of(namedPlace(place));
    return { arm: place.arm, cluster, school, role: role === '' ? null : role };
  }
}

/** Finds the people whose responses, side by side, tell more of a place than one of them. */
export class PlaceLinks {
  readonly broken = new Set<string>();
  readonly #places = new Map<string, number>();
  readonly #placeOf = new Map<string, number>();

  /** @param told as much of the place of one response as may be told */
  add(person: string | null, { arm, cluster, school, role }: Place): void {
    if (person === null) return;
    const key = JSON.stringify([arm, cluster, school, role]);
    // Numbers for places: there are few, and a person each.
    const place = this.#places.get(key) ?? this.#places.size;
    this.#places.set(key, place);
    const before = this.#placeOf.get(person);
    if (before === undefined) this.#placeOf.set(person, place);
    else if (before !== place) this.broken.add(person);
  }
}

/** Whoever has no arm or role, as on a day on which they were not there, stands with the others who have none. */
function namedPlace({ arm, cluster, school, role }: Place): AskedPlace<string> {
  return { arm: arm ?? '', cluster, school, role: role ?? '' };
}

/** Schools and people of a cluster or school on any day, with all their spells. Called by `attendance/people.ts`. */
import type { Connection } from 'mongoose';
import type { School } from '../../instruments/study.ts';
import { bare, type Person, people, schools } from './models.ts';

interface PlaceNamed {
  readonly kind: 'cluster' | 'school';
  readonly id: string;
}

/** A school, or all that were ever in a cluster. */
export async function listSchoolsEverIn(db: Connection, study: string, { kind, id }: PlaceNamed): Promise<School[]> {
  const place = kind === 'school' ? { id } : { $or: [{ cluster: id }, { spells: { $elemMatch: { cluster: id } } }] };
  return schools(db)
    .find({ study, ...place }, bare)
    .sort({ id: 1 })
    .lean<School[]>();
}

/** People who were ever at one of these schools, or without a school in the cluster. */
export async function listPeopleEverAt(
  db: Connection,
  study: string,
  { schools: named, scope }: { readonly schools: readonly string[]; readonly scope: PlaceNamed },
): Promise<Person[]> {
  const at = { school: { $in: [...named] } };
  const places = scope.kind === 'cluster' ? [at, { school: null, cluster: scope.id }] : [at];
  return people(db)
    .find({ study, $or: [...places, ...places.map((place) => ({ spells: { $elemMatch: place } }))] }, bare)
    .sort({ id: 1 })
    .lean<Person[]>();
}

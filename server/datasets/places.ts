/**
 * Where respondents stood on a day, for datasets that ask for it: arm, cluster, school and role of that day in the place of
 * those that the response was given with. Called by `rows.ts`.
 */
import type { Connection } from 'mongoose';
import { type AsAt, asAllocated, isClusterThere, type Standing, schoolAt } from '../../instruments/membership.ts';
import type { StoredResponse } from '../responses/store.ts';
import { listPlacesAt, standingsOf } from '../rosters/as-at.ts';

type Placed = Pick<StoredResponse, 'arm' | 'cluster' | 'school' | 'role' | 'person' | 'withheld'>;
/** Null where the respondent was not in the study on that day. */
export type DayPlace = { readonly [K in 'arm' | 'cluster' | 'school' | 'role']: string | null };

export interface PlaceFinder {
  /** The places of a batch of responses, in its order. */
  find(responses: readonly Placed[]): Promise<readonly DayPlace[]>;
}

const nowhere: DayPlace = { arm: null, cluster: null, school: null, role: null };

/** The roster is read once, people batch by batch. */
export async function placeFinder(db: Connection, study: string, asAt: AsAt): Promise<PlaceFinder> {
  const { places } = await listPlacesAt(db, study, asAt);
  return {
    async find(responses) {
      const ids = [...new Set(responses.flatMap(({ person }) => (person === null ? [] : [person])))];
      const standings =
        ids.length > 0 ? await standingsOf(db, study, asAt, { places, ids }) : new Map<string, Standing>();
      return responses.map((response) => {
        if (response.person !== null) return standings.get(response.person) ?? nowhere;
        // Nobody knows who answered, so the role stays; the school is looked up, else the cluster.
        if (response.school !== null) {
          const school = places.school(response.school);
          const standing = school ? schoolAt(school, asAt, places) : null;
          return standing ? { ...standing, role: response.role } : nowhere;
        }
        const cluster = response.cluster === null ? undefined : places.cluster(response.cluster);
        const there = cluster !== undefined && isClusterThere(cluster, asAt);
        if (there) return { arm: cluster.arm, cluster: response.cluster, school: null, role: response.role };
        // Where an anonymous answer tells no more than the arm, that is all there is on any day.
        const isOfArm = response.cluster === null && (asAt === asAllocated || response.withheld !== undefined);
        return isOfArm ? response : nowhere;
      });
    },
  };
}

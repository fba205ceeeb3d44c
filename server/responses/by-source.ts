/** Whose answers an administration holds: of people, or of simulated ones. Called by the simulation of a pilot and by its report. */
import type { Connection } from 'mongoose';
import { countStoredResponses } from './counts.ts';
import { collectionOfResponses } from './store.ts';

export async function countBySource(
  db: Connection,
  study: string,
  administration: string,
): Promise<{ people: number; simulated: number }> {
  const [simulated, stored] = await Promise.all([
    collectionOfResponses(db).countDocuments({ study, administration, source: 'simulated' }),
    countStoredResponses(db, study, administration),
  ]);
  return { people: stored - simulated, simulated };
}

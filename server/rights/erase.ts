/**
 * Erasure: who a person is goes for good, with the messages to them. The pseudonym stays on roster and answers, which are
 * anonymous from then on; nobody asks the person again. Called by the routes and by `fidelis person erase`.
 */
import type { Context } from '../context.ts';
import { forgetExports } from '../exports/forget.ts';
import { eraseIdentities } from '../identities/store.ts';
import { optOut, removeStops } from '../mail/stops.ts';
import { removeMessages } from '../outbox/store.ts';
import { forgetPaperNotes } from '../paper/store.ts';
import { Problem } from '../problems.ts';
import { findPerson } from '../rosters/store.ts';
import { getStudy } from '../studies/store.ts';
import type { Withdrawal } from './store.ts';
import { withdrawPerson } from './withdraw.ts';

export interface Erasure {
  /** 0 when there was none, or none any more. */
  readonly identities: number;
  readonly messages: number;
  readonly withdrawal: Withdrawal | null;
}

/** Any part may have been done before. Throws `not-found`, and with `withdraw` `withdrawal-closed`, before all else. */
export async function erasePerson(
  context: Context,
  study: string,
  person: string,
  options: { readonly withdraw: boolean; readonly by: Withdrawal['by'] },
): Promise<Erasure> {
  await getStudy(context.db, study);
  if (!(await findPerson(context.db, study, person))) {
    throw new Problem('not-found', { detail: `The study "${study}" has no person "${person}".` });
  }
  const withdrawal = options.withdraw ? await withdrawPerson(context, study, person, options.by) : null;
  await forgetPaperNotes(context.db, study, person);
  await removeStops(context.db, study, [person]);
  await optOut(context, study, person);
  const identities = await eraseIdentities(context.db, study, [person]);
  await forgetExports(context, study);
  const messages = await removeMessages(context.db, study, [person]);
  return { identities, messages, withdrawal };
}

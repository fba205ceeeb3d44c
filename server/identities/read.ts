/** Who one person is, for a screen or for their own copy. An identity under a key that is missing is told as such. */
import type { Context } from '../context.ts';
import { Problem } from '../problems.ts';
import { UnreadableIdentity } from './crypt.ts';
import { findIdentities, type Identity } from './store.ts';

/** Null: none is kept. Throws `identity-unreadable` with the id of the key. */
export async function findIdentity(
  context: Pick<Context, 'db' | 'config' | 'secret'>,
  study: string,
  person: string,
): Promise<Identity | null> {
  try {
    return (await findIdentities(context, study, [person])).get(person) ?? null;
  } catch (error) {
    if (!(error instanceof UnreadableIdentity)) throw error;
    throw new Problem('identity-unreadable', { detail: error.advice, cause: error });
  }
}

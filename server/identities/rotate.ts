/**
 * Replaces the keys of identities: everything that another key has sealed is sealed anew with the first key of
 * FIDELIS_IDENTITY_KEYS, in batches. May be cut off and run again, also beside a running server: a field that somebody
 * changes meanwhile is left as they wrote it. Called by `fidelis identities rotate-keys`.
 */
import type { Context } from '../context.ts';
import { type Sealed, seal, UnreadableIdentity, unseal } from './crypt.ts';
import { identityKeys } from './keys.ts';
import { countByKey, listSealedOtherwise, replaceSealed, type SealedIdentity } from './store.ts';

type Keyed = Pick<Context, 'db' | 'config' | 'secret'>;

export interface KeyUse {
  readonly key: string;
  /** Fields that it has sealed. */
  readonly fields: number;
  /** `first`: seals what is written; `given`: reads; `missing`: what it has sealed cannot be read. */
  readonly state: 'first' | 'given' | 'missing';
}

export interface Rotation {
  /** The key that everything readable is sealed with now. */
  readonly key: string;
  /** People whose identity was sealed anew. */
  readonly people: number;
  /** Fields that could not be read and stay as they are, by the key that sealed them. */
  readonly unreadable: Readonly<Record<string, number>>;
}

const batchSize = 500;

/** Which keys are in use, with those that are given and not in use. */
export async function keysInUse(context: Keyed): Promise<KeyUse[]> {
  const given = identityKeys(context).map(({ id }) => id);
  const counts = await countByKey(context.db);
  return [...new Set([...given, ...counts.keys()])].map((key) => ({
    key,
    fields: counts.get(key) ?? 0,
    state: key === given[0] ? 'first' : given.includes(key) ? 'given' : 'missing',
  }));
}

/** Seals everything that can be read with the first key. */
export async function rotateKeys(context: Keyed, onProgress?: (people: number) => void): Promise<Rotation> {
  const key = identityKeys(context)[0]?.id ?? '';
  const unreadable = new Map<string, number>();
  let [people, after] = [0, ''];
  for (;;) {
    const batch = await listSealedOtherwise(context.db, key, after, batchSize);
    if (batch.length === 0) return { key, people, unreadable: Object.fromEntries(unreadable) };
    const changes = batch.flatMap((from) => {
      const to = { name: anew(context, from, 'name', unreadable), email: anew(context, from, 'email', unreadable) };
      return to.name === from.name && to.email === from.email ? [] : [{ from, to }];
    });
    people += await replaceSealed(context.db, changes);
    // What cannot be read stays in the way of a query for what is left: the ids lead past it.
    after = batch.at(-1)?._id ?? after;
    onProgress?.(people);
  }
}

/** The field sealed with the first key; as it was where it is that already or cannot be read. */
function anew(
  context: Keyed,
  { study, person, ...sealed }: SealedIdentity,
  field: 'name' | 'email',
  unreadable: Map<string, number>,
): Sealed | null {
  const from = sealed[field];
  if (from === null || from.key === identityKeys(context)[0]?.id) return from;
  const place = { study, person, field };
  try {
    return seal(context, place, unseal(context, place, from));
  } catch (error) {
    if (!(error instanceof UnreadableIdentity)) throw error;
    unreadable.set(from.key, (unreadable.get(from.key) ?? 0) + 1);
    return from;
  }
}

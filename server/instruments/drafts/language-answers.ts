/** How routes tell of the languages of a draft or of a version: with the names of those who wrote and read the texts. */
import type { Connection } from 'mongoose';
import { z } from 'zod';
import { accountNames } from '../../accounts/store.ts';
import type { LanguageRecord } from './languages.ts';

const person = z.object({ id: z.string(), name: z.string().nullable() });

export const languageAnswer = z.object({
  language: z.string(),
  /** Of its texts; whoever signs them off names it. */
  hash: z.string(),
  done: z.number(),
  all: z.number(),
  /** Who changed its texts last; the name is null when the account has gone. */
  writtenBy: person.nullable(),
  signedOff: z.object({ by: person, at: z.date() }).nullable(),
});

export async function languagesAnswer(
  db: Connection,
  records: readonly LanguageRecord[],
): Promise<z.input<typeof languageAnswer>[]> {
  const ids = records.flatMap(({ writtenBy, signedOff }) => [writtenBy, signedOff?.by ?? null]);
  const names = await accountNames(
    db,
    ids.filter((id) => id !== null),
  );
  const personOf = (id: string) => ({ id, name: names.get(id) ?? null });
  return records.map(({ writtenBy, signedOff, ...rest }) => ({
    ...rest,
    writtenBy: writtenBy === null ? null : personOf(writtenBy),
    signedOff: signedOff && { by: personOf(signedOff.by), at: signedOff.at },
  }));
}

/** The report of code matches between two administrations of a study: counts by school, and the table that links rows. */
import { createHash } from 'node:crypto';
import { getAdministration } from '../administrations/store.ts';
import type { Context } from '../context.ts';
import { streamResponses } from '../responses/store.ts';
import { listSchools } from '../rosters/store.ts';
import { type CodedOne, type CodePair, matchCodes, type SchoolMatches } from './match.ts';

export interface CodeReport {
  readonly first: string;
  readonly second: string;
  readonly schools: readonly (SchoolMatches & { readonly schoolName: string | null })[];
  readonly pairs: readonly (CodePair & { readonly pair: string })[];
}

/** Complete and partial responses, without those that were withdrawn or replaced. Throws `not-found`. */
export async function loadCodeReport(
  { db }: Pick<Context, 'db'>,
  study: string,
  first: string,
  second: string,
): Promise<CodeReport> {
  for (const administration of [first, second]) await getAdministration(db, study, administration);
  const schools = new Map((await listSchools(db, study)).map(({ id, name }) => [id, name]));
  const matches = matchCodes(await coded(db, study, first), await coded(db, study, second));
  const pairs = matches.pairs.map((pair) => ({ pair: pairId(pair), ...pair }));
  return {
    first,
    second,
    schools: matches.schools.map((row) => ({
      ...row,
      schoolName: row.school === null ? null : (schools.get(row.school) ?? null),
    })),
    // In an order that says nothing.
    pairs: pairs.sort((a, b) => (a.pair < b.pair ? -1 : 1)),
  };
}

async function coded(db: Context['db'], study: string, administration: string): Promise<CodedOne[]> {
  const found: CodedOne[] = [];
  for await (const { _id, school, code } of streamResponses(db, study, administration)) {
    found.push({ id: _id, school, code: code ?? null });
  }
  return found;
}

/** The same pair has the same id in every export. */
function pairId({ first, second }: CodePair): string {
  return createHash('sha256').update(`${first}|${second}`).digest('hex').slice(0, 16);
}

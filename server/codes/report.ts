/** The report of code matches between two administrations of a study: counts by school, and the table that links rows. */
import { createHash } from 'node:crypto';
import { getAdministration } from '../administrations/store.ts';
import type { Context } from '../context.ts';
import { Problem } from '../problems.ts';
import { streamResponses } from '../responses/store.ts';
import { listSchools } from '../rosters/store.ts';
import { type CodedOne, type CodePair, matchCodes, type SchoolMatches } from './match.ts';

export interface CodeReport {
  readonly first: string;
  readonly second: string;
  readonly schools: readonly (SchoolMatches & { readonly schoolName: string | null })[];
  readonly pairs: readonly (CodePair & { readonly pair: string })[];
}

/**
 * Complete and partial responses, without those that were withdrawn or replaced. Throws `not-found`, and `invalid-request` where one
 * of the two is a pilot: people who tried the questions are not led to their answers in the study.
 */
export async function loadCodeReport(
  { db }: Pick<Context, 'db'>,
  study: string,
  first: string,
  second: string,
): Promise<CodeReport> {
  const [one, other] = [await getAdministration(db, study, first), await getAdministration(db, study, second)];
  if ((one.pilot ?? false) !== (other.pilot ?? false)) {
    const [path, pilot] = one.pilot ? ['query.first', first] : ['query.second', second];
    const message = `"${pilot}" is a pilot; its answers are never linked with those of the study. Choose another administration.`;
    throw new Problem('invalid-request', { issues: [{ code: 'pilot-among-others', path, message }] });
  }
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

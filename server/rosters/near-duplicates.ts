/**
 * Points out rows that may be one thing written twice: like names, an e-mail address or a national number that is there
 * already. Hints only, and never with a name in them, because they are kept. People are compared school by school, so that
 * no more than one staffroom is held at a time. Called by the import's check.
 */
import type { Context } from '../context.ts';
import { findIdentities } from '../identities/store.ts';
import { alikePairs, soundKey } from './alike.ts';
import type { RosterIssue } from './files/read-row.ts';
import { repeatedRows, type StagedRow, stagedBySchool } from './imports-store.ts';
import type { PlaceIndex } from './place-index.ts';
import { openIdentity } from './staged-identity.ts';
import { listPeople } from './store.ts';

type Keyed = Pick<Context, 'db' | 'config' | 'secret'>;

/** Where a cluster or school stands in the file, by id; those of the study alone are not there. */
export type PlaceRows = ReadonlyMap<string, { readonly row: number; readonly sheet: string | null }>;

export function likePlaces(places: PlaceIndex, clusterRows: PlaceRows, schoolRows: PlaceRows): RosterIssue[] {
  const numbers = new Map<string, string>();
  const repeated: RosterIssue[] = [];
  for (const { id, number } of places.allSchools()) {
    if (!number) continue;
    const first = numbers.get(number);
    if (first === undefined) numbers.set(number, id);
    else repeated.push(...hint(schoolRows, [first, id], 'number', 'same-number', 'has the same national number as'));
  }
  return [
    ...likeNames([...places.allClusters()], clusterRows),
    ...likeNames([...places.allSchools()], schoolRows),
    ...repeated,
  ];
}

function likeNames(members: readonly { id: string; name: string }[], rows: PlaceRows): RosterIssue[] {
  return alikePairs(members).flatMap(([one, other]) =>
    hint(rows, [one.id, other.id], 'name', 'like-name', 'has almost the same name as'),
  );
}

/** Said at whichever of the two stands in the file; nothing about two that the study has already. */
function hint(
  rows: PlaceRows,
  ids: readonly [string, string],
  column: string,
  code: string,
  words: string,
): RosterIssue[] {
  const own = [...ids].reverse().find((id) => rows.has(id));
  const other = ids.find((id) => id !== own);
  const at = own === undefined ? undefined : rows.get(own);
  if (own === undefined || other === undefined || !at) return [];
  const of = rows.get(other);
  const message = `"${own}" ${words} "${other}"${of ? ` in row ${of.row}` : ' in the study'}.`;
  return [{ sheet: at.sheet, row: at.row, column, code, message }];
}

/** At most `limit` hints about people. */
export async function likePeople(
  context: Keyed,
  { study, id, limit }: { study: string; id: string; limit: number },
): Promise<RosterIssue[]> {
  const emails = await repeatedRows(context.db, id, 'people', 'emailDigest', limit);
  const hints: RosterIssue[] = emails.map(({ sheet, row, first }) => {
    const message = `This e-mail address stands in row ${first} as well.`;
    return { sheet, row, column: 'email', code: 'same-email', message };
  });
  let school: string | null = null;
  let block: StagedRow[] = [];
  const look = async () => {
    if (block.length > 0 && school !== null) hints.push(...(await likeInSchool(context, study, school, block)));
    block = [];
  };
  for await (const row of stagedBySchool(context.db, id)) {
    if (row.school !== school) await look();
    if (hints.length >= limit) break;
    school = row.school;
    block.push(row);
  }
  await look();
  return hints.slice(0, limit);
}

interface NamedPerson {
  readonly name: string;
  readonly key: string;
  /** Null: in the study, not in the file. */
  readonly at: Pick<StagedRow, 'row' | 'sheet'> | null;
}

async function likeInSchool(
  context: Keyed,
  study: string,
  school: string,
  rows: readonly StagedRow[],
): Promise<RosterIssue[]> {
  const inFile = new Set(rows.map(({ key }) => key));
  const others = (await listPeople(context.db, study, { school })).filter(({ id }) => !inFile.has(id));
  const identities = await findIdentities(
    context,
    study,
    others.map(({ id }) => id),
  );
  const known: NamedPerson[] = [...identities.values()].flatMap(({ person, name }) =>
    name === null ? [] : [{ name, key: person, at: null }],
  );
  const staged: NamedPerson[] = rows.flatMap((row) => {
    const { name } = openIdentity(context, study, row);
    return name ? [{ name, key: row.key, at: row }] : [];
  });
  return alikePairs([...known, ...staged.sort((a, b) => (a.at?.row ?? 0) - (b.at?.row ?? 0))], soundKey).flatMap(
    ([earlier, { at }]) => {
      if (!at) return [];
      const other = earlier.at ? `in row ${earlier.at.row}` : `of ${earlier.key} in the study`;
      const message = `The name is almost the one ${other}, at the same school.`;
      return [{ sheet: at.sheet, row: at.row, column: 'name', code: 'like-name', message }];
    },
  );
}

/**
 * The first half of a roster import: reads the file block by block, finds for each row the member that it wants, and
 * stages it with what it would do; changes nothing in the roster. Ends `planned`, or `refused` with everything that is
 * wrong. Called by `import-roster.ts`.
 */

import { asAllocated } from '../../instruments/membership.ts';
import type { Role, Study } from '../../instruments/study.ts';
import type { Context } from '../context.ts';
import { emailDigest } from '../identities/crypt.ts';
import { erasedAmong, findIdentities, findPeopleByEmail } from '../identities/store.ts';
import { hasInvitations } from '../invitations/store.ts';
import { withdrawnPeople } from '../rights/store.ts';
import { getStudy } from '../studies/store.ts';
import { championClusters, designWarnings } from './design.ts';
import { columnNamed } from './files/columns.ts';
import { type FileRow, type RosterIssue, rowReader } from './files/read-row.ts';
import { openRosterFile, RefusedFile, type RosterTable } from './files/roster-file.ts';
import { Holding } from './holding.ts';
import {
  type ActionCounts,
  countRepeated,
  insertStaged,
  moveImport,
  type RosterImport,
  removeStaged,
  repeatedRows,
  type StagedRow,
  stagedWithEmail,
} from './imports-store.ts';
import { rosterState } from './lock.ts';
import { findMembers } from './members.ts';
import { type MemberKind, memberKinds } from './models.ts';
import { likePeople, likePlaces } from './near-duplicates.ts';
import { loadPlaces, type PlaceIndex } from './place-index.ts';
import { planMember } from './plan-member.ts';
import { mergedIdentity, sealIdentity } from './staged-identity.ts';
import { type WantedRow, wantedOf } from './wanted.ts';

/** Problems and hints that are listed; the rest is counted. */
const listed = 100;
const batchSize = 500;
export const mostRows = 200_000;

interface Check {
  readonly context: Context;
  readonly study: Study;
  readonly id: string;
  readonly places: PlaceIndex;
  readonly correctable: boolean;
  readonly problems: Issues;
  readonly counts: Partial<Record<MemberKind, ActionCounts>>;
  readonly placeRows: Readonly<Record<MemberKind, Map<string, { row: number; sheet: string | null }>>>;
  readonly champions: Set<string>;
  readonly newColumns: Set<string>;
  /** Pseudonyms of people who have withdrawn from the study: who they are is not kept again. */
  readonly withdrawn: ReadonlySet<string>;
  readonly hints: Issues;
  /** Rows with an e-mail address that somebody else of the study has. */
  readonly othersEmails: OthersEmail[];
  /** The column that says who a member is, in each table of the file. */
  readonly naming: Map<MemberKind, string>;
  rows: number;
}

interface OthersEmail {
  readonly sheet: string | null;
  readonly row: number;
  readonly holder: string;
}

/** A list that keeps the first hundred and counts on. */
class Issues {
  readonly kept: RosterIssue[] = [];
  found = 0;

  note(issues: readonly RosterIssue[]): void {
    this.found += issues.length;
    this.kept.push(...issues.slice(0, Math.max(0, listed - this.kept.length)));
  }

  /** In the order of the file, whichever check found them. */
  all(): RosterIssue[] {
    const sheets = [...new Set(this.kept.map(({ sheet }) => sheet))];
    const inOrder = this.kept.toSorted(
      (a, b) => sheets.indexOf(a.sheet) - sheets.indexOf(b.sheet) || (a.row ?? 0) - (b.row ?? 0),
    );
    const more = this.found - this.kept.length;
    if (more === 0) return inOrder;
    const message = `There are ${more} more; mend these first.`;
    return [...inOrder, { sheet: null, row: null, column: null, code: 'too-many-problems', message }];
  }
}

/** Checks the file of a started import. A file of which anything is wrong changes nothing, and ends `refused`. */
export async function checkImport(
  context: Context,
  { study: studyId, id, holder, path }: { study: string; id: string; holder: string; path: string },
  onProgress: (rows: number) => void = () => {},
): Promise<RosterImport> {
  const { db } = context;
  const study = await getStudy(db, studyId);
  const { revision } = await rosterState(db, study.id);
  const correctable = !(await hasInvitations(db, study.id));
  const places = await loadPlaces(db, study.id);
  const champions = await championClusters(db, study.id, places);
  const check: Check = {
    ...{ context, study, id, places, correctable, champions, problems: new Issues(), counts: {}, rows: 0 },
    placeRows: { clusters: new Map(), schools: new Map(), people: new Map() },
    newColumns: new Set(),
    withdrawn: await withdrawnPeople(db, study.id),
    hints: new Issues(),
    othersEmails: [],
    naming: new Map(),
  };
  const holding = new Holding(context, { id, holder });
  const progress = async () => {
    onProgress(check.rows);
    await holding.keep({ rows: check.rows, done: check.rows });
  };
  try {
    for (const table of await openRosterFile(path)) await checkTable(check, table, progress);
    if (check.problems.found === 0 && check.rows === 0) {
      check.problems.note([fileIssue('no-rows', 'The file has no row below its header.')]);
    }
    for (const kind of memberKinds) check.problems.note(await repeated(check, kind));
  } catch (error) {
    if (!(error instanceof RefusedFile)) throw error;
    check.problems.note([fileIssue(error.code, error.message)]);
  }
  const { rows } = check;
  const ended = { rows, revision, correctable, endedAt: context.clock(), holder: null, heldUntil: null };
  if (check.problems.found > 0) {
    // What was found besides is worth mending in the same go.
    const notices = await noticesOf(check);
    await removeStaged(db, id);
    return moved(
      await moveImport(db, id, 'refused', { ...ended, counts: check.counts, problems: check.problems.all(), notices }),
    );
  }
  const notices = await noticesOf(check);
  const plan = { ...ended, endedAt: null, counts: check.counts, notices, newColumns: [...check.newColumns] };
  return moved(await moveImport(db, id, 'planned', { ...plan, done: 0, total: rows }));
}

function moved(document: RosterImport | null): RosterImport {
  if (!document) throw new Error('an import was ended by somebody else');
  return document;
}

const fileIssue = (code: string, message: string): RosterIssue => ({
  sheet: null,
  row: null,
  column: null,
  code,
  message,
});

async function checkTable(check: Check, table: RosterTable, progress: () => Promise<void>): Promise<void> {
  const { kind, sheet } = table;
  const reader = rowReader(kind, sheet, table.header);
  check.problems.note(reader.problems);
  if (reader.problems.length > 0) return;
  for (const name of reader.extras) if (!check.study.schoolColumns?.includes(name)) check.newColumns.add(name);
  check.naming.set(kind, namingColumn(kind, table.header.cells));
  let batch: FileRow[] = [];
  const flush = async () => {
    await checkRows(check, table, batch);
    batch = [];
    await progress();
  };
  for await (const records of table.rows()) {
    for (const record of records) {
      check.rows += 1;
      if (check.rows > mostRows) {
        const message = `At most ${mostRows.toLocaleString('en-GB')} rows are read at once. Send the file in parts.`;
        throw new RefusedFile('too-many-rows', message);
      }
      const row = reader.row(record);
      check.problems.note(row.problems);
      if (row.problems.length === 0) batch.push(row);
      if (batch.length === batchSize) await flush();
    }
  }
  await flush();
}

async function checkRows(check: Check, { kind, sheet }: RosterTable, rows: readonly FileRow[]): Promise<void> {
  const { context, study, places } = check;
  const { db } = context;
  const emails = rows.flatMap(({ values }) => (typeof values.email === 'string' ? [values.email] : []));
  const byEmail = emails.length > 0 ? await findPeopleByEmail(context, study.id, emails) : new Map<string, string[]>();
  const wanted: (WantedRow & { row: number })[] = [];
  for (const row of rows) {
    const made = wantedOf(kind, row, { context, study, places, sheet, byEmail });
    if ('wanted' in made) {
      wanted.push({ ...made, row: row.row });
      // The rows below may refer to it.
      remember(check, made, { row: row.row, sheet });
    } else check.problems.note(made);
  }
  const ids = wanted.map((one) => one.wanted.id);
  const [known, identities, erased] = await Promise.all([
    findMembers(db, study.id, kind, ids),
    kind === 'people' ? findIdentities(context, study.id, ids) : new Map(),
    kind === 'people' ? erasedAmong(db, study.id, ids) : new Set(),
  ]);
  const staged: StagedRow[] = [];
  for (const { wanted: one, identity: told, row } of wanted) {
    const withdrawn = kind === 'people' && check.withdrawn.has(one.id);
    const identity = withdrawn || erased.has(one.id) ? null : told;
    if (identity !== told) {
      const [code, has] = withdrawn
        ? ['withdrawn', 'has withdrawn from the study and stays so']
        : ['erased', 'was erased and stays so'];
      const message = `${one.id} ${has}: what the file says of name and address is not taken over. Take the row out of the file.`;
      check.hints.note([{ sheet, row, column: null, code, message }]);
    }
    const plan = planMember(one, known.get(one.id) as Record<string, unknown> | undefined, check);
    if ('problem' in plan) {
      check.problems.note([{ sheet, row, ...plan.problem }]);
      continue;
    }
    const holder = (byEmail.get(identity?.email ?? '') ?? []).find((person) => person !== one.id);
    if (holder !== undefined && check.othersEmails.length < listed) check.othersEmails.push({ sheet, row, holder });
    const [said, was] = [identity?.name, identities.get(one.id)?.name];
    if (said && was && sameName(said) !== sameName(was)) {
      const message = `${one.id} has another name in the study, and the one in this row takes its place. If this is somebody else, give them an id.`;
      check.hints.note([{ sheet, row, column: 'name', code: 'other-name', message }]);
    }
    const newIdentity = identity && mergedIdentity(one.id, identity, identities.get(one.id));
    const action = plan.action === 'unchanged' && newIdentity ? 'changed' : plan.action;
    check.counts[kind] = counted(check.counts[kind], action);
    const place = { import: check.id, key: one.id };
    const sealed = identity && Object.keys(identity).length > 0;
    staged.push({
      ...place,
      ...{ kind, sheet, row, school: one.place.school ?? null, wanted: one, action },
      identity: sealed ? sealIdentity(context, study.id, place, identity) : null,
      emailDigest: identity?.email ? emailDigest(context, study.id, identity.email) : null,
      before: plan.action === 'changed' ? plan.before : null,
      after: plan.action === 'changed' ? plan.after : null,
    });
  }
  if (staged.length > 0) await insertStaged(db, staged);
}

const sameName = (name: string) => name.normalize('NFC').toLowerCase().replaceAll(/\s+/g, ' ').trim();

/** Keeps what the rows below and the hints need to know of a member that the file brings. */
function remember(check: Check, { wanted }: WantedRow, at: { row: number; sheet: string | null }): void {
  const { kind, id, fields, place, arm } = wanted;
  const { places, placeRows, champions } = check;
  if (kind === 'people') {
    if ((place.role as Role) === 'improvement-champion' && place.cluster) champions.add(place.cluster);
    return;
  }
  if (!placeRows[kind].has(id)) placeRows[kind].set(id, at);
  const name = String(fields.name ?? id);
  if (kind === 'clusters') places.addCluster({ ...places.cluster(id), id, name, arm: arm ?? '' });
  else {
    const known = places.school(id);
    const number = typeof fields.number === 'string' ? fields.number : (known?.number ?? null);
    const cluster = wanted.from === null || !known ? (place.cluster ?? known?.cluster ?? null) : known.cluster;
    places.addSchool({ ...known, id, name, number, cluster, arm: known?.arm || arm || '' });
  }
}

function counted(counts: ActionCounts | undefined, action: keyof ActionCounts): ActionCounts {
  const before = counts ?? { created: 0, changed: 0, unchanged: 0 };
  return { ...before, [action]: before[action] + 1 };
}

/** The first of these columns that the file has: what members are told apart by (`wanted.ts`). */
function namingColumn(kind: MemberKind, header: readonly string[]): string {
  const columns = new Map(header.flatMap((cell) => [[columnNamed(kind, cell)?.name, cell.trim()] as const]));
  const first = ['id', 'number', 'email', 'name'].find((name) => columns.has(name)) ?? 'id';
  return columns.get(first) ?? first;
}

/** Rows that bring a member again; they do not count among those that would do something. */
async function repeated(check: Check, kind: MemberKind): Promise<RosterIssue[]> {
  const { context, id, naming, counts } = check;
  const rows = await repeatedRows(context.db, id, kind, 'key', listed + 1);
  const known = counts[kind];
  if (rows.length > 0 && known) {
    const { created, changed, unchanged } = await countRepeated(context.db, id, kind);
    counts[kind] = {
      created: known.created - created,
      changed: known.changed - changed,
      unchanged: known.unchanged - unchanged,
    };
  }
  return rows.map(({ sheet, row, first }) => ({
    ...{ sheet, row, column: naming.get(kind) ?? 'id', code: 'repeated-id' },
    message: `This is the member of row ${first} again. Each stands in one row; two people of one name need an id.`,
  }));
}

/** Of people who stand in the file with an address of their own, the hints about the file's rows tell. */
async function emailsOfOthers({ context, id, othersEmails }: Check): Promise<RosterIssue[]> {
  const inFile = await stagedWithEmail(
    context.db,
    id,
    othersEmails.map(({ holder }) => holder),
  );
  return othersEmails
    .filter(({ holder }) => !inFile.has(holder))
    .map(({ sheet, row, holder }) => ({
      ...{ sheet, row, column: 'email', code: 'same-email' },
      message: `${holder} in the study has this e-mail address as well.`,
    }));
}

async function noticesOf(check: Check): Promise<RosterIssue[]> {
  const { context, study, id, places, placeRows, champions } = check;
  const notices = new Issues();
  notices.note(check.hints.all());
  for (const name of check.newColumns) {
    const message = `The study has no column "${name}" for schools yet; it is added.`;
    notices.note([{ sheet: null, row: null, column: name, code: 'new-column', message }]);
  }
  notices.note(await emailsOfOthers(check));
  notices.note(likePlaces(places, placeRows.clusters, placeRows.schools));
  if (notices.found < listed) notices.note(await likePeople(context, { study: study.id, id, limit: listed }));
  const design = designWarnings(study, places, champions, asAllocated);
  for (const { code, kind, id: member, message } of design) {
    const at = placeRows[kind].get(member);
    notices.note([{ sheet: at?.sheet ?? null, row: at?.row ?? null, column: null, code, message }]);
  }
  return notices.all();
}

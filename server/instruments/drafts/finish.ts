/**
 * The steps of publishing once a draft has its number: the version is inserted, its item map kept, the draft closed. Each is
 * one document and can be repeated. A draft whose version cannot come to be is open again, so none stays half-way. Called by
 * publish.ts, and by the sweeper for what a server left when it stopped.
 */
import { diffInstruments } from '../../../instruments/versions/diff.ts';
import { type ItemMap, itemMapOf } from '../../../instruments/versions/item-map.ts';
import type { Context } from '../../context.ts';
import { Problem } from '../../problems.ts';
import { type Frozen, freeze, withChanges } from '../freeze.ts';
import { findItemMap, keepItemMap } from '../item-maps.ts';
import { findInstrumentVersion, latestVersionOf, type PublishedInstrument, publishInstrument } from '../store.ts';
import type { Draft, Publication } from './draft.ts';
import { languageRecords } from './languages.ts';
import { listPublishing, moveDraft } from './store.ts';

/** What a draft has become. */
export interface Made {
  readonly instrument: string;
  readonly version: number;
  readonly hash: string;
}

interface Claimed extends Pick<Draft, 'instrument' | 'json'> {
  readonly version: number;
  readonly publication: Publication;
}

/** The draft as the version that it becomes. Throws `invalid-instrument`. */
export function frozenDraft(
  { json, version, publication: { decisions } }: Omit<Claimed, 'instrument'>,
  previous: PublishedInstrument | null,
): Frozen {
  const content = { ...JSON.parse(json), version, changes: [] };
  const frozen = freeze(content, previous?.instrument ?? null, () => decisions);
  return { ...frozen, instrument: withChanges(frozen, decisions) };
}

export const newerVersion = (latest: number | null): Problem => new Problem('version-newer', { members: { latest } });

/**
 * @param frozen the draft as it was read before it was claimed, unless a server stopped since
 * @throws `version-newer` when another draft has taken the number, `invalid-instrument` when it cannot be published any more
 */
export async function finishPublishing(context: Context, draft: Draft, frozen?: Frozen): Promise<Made> {
  const { db } = context;
  const { id, instrument, version, publication } = draft;
  if (version === null || publication === null) throw new Error(`the draft of ${instrument} has no version to become`);
  const claimed: Claimed = { ...draft, version, publication };
  const { at, by } = publication;
  const there = await findInstrumentVersion(db, instrument, version);
  if (there && !isOf(there, publication)) throw await reopened(context, draft);
  const made = there
    ? { hash: there.hash, map: await mapOf(context, there, publication) }
    : await insert(context, draft, claimed, frozen);
  if (made.map) await keepItemMap(db, { map: made.map, at, by });
  await moveDraft(db, { id }, 'publishing', 'published');
  return { instrument, version, hash: made.hash };
}

/** Whether a version was made by this publication; its moment is kept to the millisecond. */
const isOf = ({ publishedAt, publishedBy, why }: PublishedInstrument, publication: Publication): boolean =>
  publishedAt.getTime() === publication.at.getTime() && publishedBy === publication.by && why === publication.why;

async function reopened({ db }: Context, { id, instrument }: Draft): Promise<Problem> {
  await moveDraft(db, { id }, 'publishing', 'open');
  return newerVersion(await latestVersionOf(db, instrument));
}

interface Inserted {
  readonly hash: string;
  readonly map: ItemMap | null;
}

async function insert(context: Context, draft: Draft, claimed: Claimed, ready?: Frozen): Promise<Inserted> {
  const { db } = context;
  const { json, publication } = claimed;
  const previous = ready ? null : await findInstrumentVersion(db, claimed.instrument, claimed.version - 1);
  let frozen = ready;
  try {
    frozen ??= frozenDraft(claimed, previous);
  } catch (error) {
    // Whatever it is, it will be so the next time as well.
    await moveDraft(db, { id: draft.id }, 'publishing', 'open');
    throw error;
  }
  try {
    const record = { ...publication, languages: languageRecords(JSON.parse(json), draft) };
    const { hash } = await publishInstrument(db, frozen.instrument, record);
    return { hash, map: frozen.map };
  } catch (error) {
    if (error instanceof Problem && error.code === 'already-exists') throw await reopened(context, draft);
    throw error;
  }
}

/** The item map that is still to be kept for a version that was inserted before a server stopped; null where there is none. */
async function mapOf({ db }: Context, { instrument }: PublishedInstrument, { decisions }: Publication) {
  const previous = await findInstrumentVersion(db, instrument.id, instrument.version - 1);
  if (!previous || (await findItemMap(db, instrument.id, instrument.version))) return null;
  return itemMapOf(previous.instrument, instrument, diffInstruments(previous.instrument, instrument), decisions);
}

/** How long a draft may be on its way before a server counts as stopped, in milliseconds. */
const patience = 60_000;

/** Goes on with what servers left half-way. Called by the sweeper. */
export async function finishBrokenOff(context: Context): Promise<void> {
  const before = new Date(context.clock().getTime() - patience);
  for (const draft of await listPublishing(context.db, before)) {
    try {
      await finishPublishing(context, draft);
    } catch (error) {
      // One that cannot be published is open again; the others are still to be finished.
      context.log.warn({ err: error, draft: draft.id }, 'a draft that was being published could not be finished');
    }
  }
}

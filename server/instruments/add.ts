/** Publishes an instrument from foreign JSON, by the same checks as a draft. Called by `fidelis instruments add`. */
import { splitsItem } from '../../instruments/checks/check-version.ts';
import type { Change, Instrument } from '../../instruments/instrument.ts';
import type { Decision, InstrumentChange } from '../../instruments/versions/change.ts';
import { diffInstruments } from '../../instruments/versions/diff.ts';
import { type ItemMap, itemMapOf, shortened } from '../../instruments/versions/item-map.ts';
import type { Context } from '../context.ts';
import { Problem } from '../problems.ts';
import { freeze } from './freeze.ts';
import { findItemMap, keepItemMap } from './item-maps.ts';
import { findInstrumentVersion, latestVersionOf, publishInstrument } from './store.ts';

/**
 * Checks and publishes one version, and keeps its item map against the version before. Throws `invalid-instrument` with every
 * error, and with every change that makes another item of one and that the file does not decide about in its `changes`;
 * `already-exists` when the version is published with other content. The same version again is a success that changes nothing.
 */
export async function addInstrument(
  context: Context,
  json: unknown,
  record: { by: string; why: string },
): Promise<{ id: string; version: number; hash: string; created: boolean }> {
  const { db } = context;
  const name = namedIn(json);
  const known = name && (await findInstrumentVersion(db, name.id, name.version));
  const latest = name && !known ? await latestVersionOf(db, name.id) : null;
  const previous = name && latest !== null ? await findInstrumentVersion(db, name.id, latest) : null;
  const { instrument, map } = freeze(json, previous?.instrument ?? null, decided);
  const { id, version } = instrument;
  const at = context.clock();
  const published = await publishInstrument(db, instrument, { ...record, at });
  const kept = known ? await missingMap(context, instrument) : map;
  if (kept) await keepItemMap(db, { map: kept, at, by: record.by });
  return { id, version, ...published };
}

/** Which version a file says that it is; null where it does not say. */
function namedIn(json: unknown): { readonly id: string; readonly version: number } | null {
  if (typeof json !== 'object' || json === null) return null;
  const { id, version } = json as { readonly id?: unknown; readonly version?: unknown };
  return typeof id === 'string' && Number.isInteger(version) ? { id, version: Number(version) } : null;
}

/** The map of a version whose adding broke off before it was kept. */
async function missingMap({ db }: Context, instrument: Instrument): Promise<ItemMap | null> {
  const { id, version } = instrument;
  const previous = await findInstrumentVersion(db, id, version - 1);
  if (!previous || (await findItemMap(db, id, version))) return null;
  const changes = diffInstruments(previous.instrument, instrument);
  return itemMapOf(previous.instrument, instrument, changes, decisionsIn(instrument, changes));
}

/** What the file says about its changes, as a version that was published elsewhere does; refused where it leaves one open. */
function decided(changes: readonly InstrumentChange[], instrument: Instrument): Decision[] {
  const decisions = decisionsIn(instrument, changes);
  const open = changes.filter(
    (change) => splitsItem(change) && !decisions.some(({ item, what }) => item === change.item && what === change.what),
  );
  if (open.length === 0) return decisions;
  const issues = open.map(({ item, what, reason }) => ({
    code: 'decision-needed',
    path: 'changes',
    message:
      `${item} has another ${what}: ${reason} Decide in "changes" of the file, ` +
      `{"item": "${item}", "what": "${what}", "grade": "breaking" (or "linkable", "safe"), "mapping": "why"}, or publish it in the workshop.`,
  }));
  throw new Problem('invalid-instrument', { issues });
}

function decisionsIn({ changes: told }: Instrument, changes: readonly InstrumentChange[]): Decision[] {
  return changes.flatMap(({ item, what }): Decision[] => {
    const said = told.find((one) => isAbout(one, item) && one.what === what && one.mapping.trim() !== '');
    return said ? [{ item, what, grade: said.grade, note: shortened(said.mapping.trim(), longestNote) }] : [];
  });
}

const longestNote = 2000;

/** In a version, what is about the whole of it bears this name. */
const isAbout = (told: Change, item: string | null): boolean => told.item === (item ?? 'the instrument');

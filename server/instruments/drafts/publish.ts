/**
 * Makes a draft the next version of its instrument: frozen, numbered, hashed, with who published it and why, and with the item
 * map that follows from its changes. Called by the route. Each step is one document and can be repeated, so a server that stops
 * half-way is put right by publishing again.
 */
import { checkInstrument } from '../../../instruments/checks/check-instrument.ts';
import type { Change, Instrument, Issue } from '../../../instruments/instrument.ts';
import { parseInstrument } from '../../../instruments/parse.ts';
import type { Decision, InstrumentChange } from '../../../instruments/versions/change.ts';
import { diffInstruments } from '../../../instruments/versions/diff.ts';
import { graded, type ItemMap, itemMapOf } from '../../../instruments/versions/item-map.ts';
import type { Context } from '../../context.ts';
import { Problem } from '../../problems.ts';
import { keepItemMap } from '../item-maps.ts';
import { findInstrumentVersion, latestVersionOf, publishInstrument } from '../store.ts';
import type { Draft, Publication } from './draft.ts';
import { type LanguageRecord, languageRecords } from './languages.ts';
import { closed } from './save.ts';
import { claimDraft, getDraft, moveDraft } from './store.ts';

/** The revision that the person has seen and means, why there is a version, and what they decided about its changes. */
export interface Wish {
  readonly revision: number;
  readonly why: string;
  readonly decisions: readonly Decision[];
}

/**
 * Throws `invalid-instrument` with every error that keeps it from being published, `invalid-request` for a decision about
 * something that has not changed, `draft-newer` when it was saved since, `state-not-allowed` when it was discarded, and
 * `conflict` when somebody published another version at the same moment. A draft that has become a version already is a
 * success that changes nothing.
 */
export async function publishDraft(
  context: Context,
  id: string,
  { revision, ...wish }: Wish & { readonly by: string },
): Promise<{ instrument: string; version: number; hash: string }> {
  const { db } = context;
  const draft = await getDraft(db, id);
  if (draft.state === 'discarded') throw closed(draft);
  const publication: Publication = { ...wish, decisions: [...wish.decisions], at: context.clock() };
  const claimed = draft.state === 'open' ? await claim(context, { ...draft, revision }, publication) : draft;
  try {
    const { instrument, map, record } = await frozen(context, claimed);
    const { hash } = await publishInstrument(db, instrument, record);
    if (map) await keepItemMap(db, { map, at: record.at, by: record.by });
    await moveDraft(db, { id }, 'publishing', 'published');
    return { instrument: instrument.id, version: instrument.version, hash };
  } catch (error) {
    if (!(error instanceof Problem) || error.status >= 500) throw error;
    await moveDraft(db, { id }, 'publishing', 'open');
    if (error.code !== 'already-exists') throw error;
    // Another draft has taken the number: the changes of this one are to be told against that version.
    const detail = `Somebody published version ${claimed.version} meanwhile. Compare with it, then publish again.`;
    throw new Problem('conflict', { detail, cause: error });
  }
}

/** Gives the draft its version number, so that publishing again goes on with the same one. */
async function claim({ db }: Context, draft: Draft, publication: Publication): Promise<Draft> {
  const { id, instrument, origin } = draft;
  const latest = await latestVersionOf(db, instrument);
  const begunAnew = origin.from === 'blank' || (origin.from === 'version' && origin.instrument !== instrument);
  if (latest !== null && begunAnew) {
    const detail = `Somebody published an instrument "${instrument}" meanwhile. Begin a new draft with another id.`;
    throw new Problem('already-exists', { detail });
  }
  const claimed = await claimDraft(db, draft, (latest ?? 0) + 1, publication);
  if (claimed) return claimed;
  const now = await getDraft(db, id);
  if (now.state === 'discarded') throw closed(now);
  if (now.state !== 'open') return now;
  const stored = { revision: now.revision, instrument: JSON.parse(now.json) };
  throw new Problem('draft-newer', { members: { stored } });
}

interface Frozen {
  readonly instrument: Instrument;
  /** Null for a first version, which has nothing to be mapped to. */
  readonly map: ItemMap | null;
  readonly record: Omit<Publication, 'decisions'> & { readonly languages: readonly LanguageRecord[] };
}

async function frozen({ db }: Context, draft: Draft): Promise<Frozen> {
  const { instrument: id, json, version, publication } = draft;
  if (version === null || publication === null) throw new Error(`the draft of ${id} has no version to become`);
  const { decisions, ...told } = publication;
  const record = { ...told, languages: languageRecords(JSON.parse(json), draft) };
  const previous = version > 1 ? (await findInstrumentVersion(db, id, version - 1))?.instrument : undefined;
  const content = { ...JSON.parse(json), version, changes: [] };
  const errors = checkInstrument(content, previous ? { previous } : {}).filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw refused(errors.map(({ code, path, message }) => ({ code, path, message })));
  const parsed = parseInstrument(content);
  if (!parsed.ok) throw refused(parsed.issues);
  if (!previous) return { instrument: parsed.value, map: null, record };
  const changes = diffInstruments(previous, parsed.value);
  requireChanged(decisions, changes);
  const instrument = { ...parsed.value, changes: changes.slice(0, mostChanges).map((one) => changeOf(one, decisions)) };
  return { instrument, map: itemMapOf(previous, instrument, changes, decisions), record };
}

const refused = (issues: readonly Issue[]) => new Problem('invalid-instrument', { issues });

/** As many as an instrument can hold; the item map holds all. */
const mostChanges = 2000;

/** What stands in the version itself about a change; what is about the whole instrument bears its id. */
function changeOf(change: InstrumentChange, decisions: readonly Decision[]): Change {
  const { grade, note } = graded(change, decisions);
  return { item: change.item ?? 'the instrument', what: change.what, grade, mapping: note ?? change.reason };
}

function requireChanged(decisions: readonly Decision[], changes: readonly InstrumentChange[]): void {
  const issues = decisions.flatMap(({ item, what }, position) =>
    changes.some((change) => change.item === item && change.what === what)
      ? []
      : [
          {
            code: 'unknown-change',
            path: `body.decisions[${position}]`,
            message: `Nothing of this kind (${what}) changed for ${item ?? 'the instrument'}. Compare the versions again.`,
          },
        ],
  );
  if (issues.length > 0) throw new Problem('invalid-request', { issues });
}

/**
 * Makes a draft the next version of its instrument: frozen, numbered, hashed, with who published it and why, and with the item
 * map that follows from its changes. Called by the route. What can be refused is refused before the draft gets its number; from
 * then on each step is one document and can be repeated, so a server that stops half-way is put right by publishing again or by
 * the sweeper (finish.ts).
 */
import type { Decision, InstrumentChange } from '../../../instruments/versions/change.ts';
import type { Context } from '../../context.ts';
import { Problem } from '../../problems.ts';
import { findInstrumentVersion, latestVersionOf } from '../store.ts';
import type { Draft, Publication } from './draft.ts';
import { finishPublishing, frozenDraft, type Made, newerVersion } from './finish.ts';
import { closed } from './save.ts';
import { claimDraft, getDraft } from './store.ts';

/** What the person has seen and means, why there is a version, and what they decided about its changes. */
export interface Wish {
  readonly revision: number;
  /** The version that the changes were told against; null where there was none. */
  readonly latest: number | null;
  readonly why: string;
  readonly decisions: readonly Decision[];
}

/**
 * Throws `invalid-instrument` with every error that keeps it from being published, `invalid-request` for a decision about
 * something that has not changed, `draft-newer` when it was saved since, `version-newer` when another version was published
 * since, and `state-not-allowed` when it was discarded. A draft that has become a version already is a success that changes
 * nothing.
 */
export async function publishDraft(
  context: Context,
  id: string,
  { revision, latest, ...wish }: Wish & { readonly by: string },
): Promise<Made> {
  const { db } = context;
  const draft = await getDraft(db, id);
  if (draft.state === 'discarded') throw closed(draft);
  if (draft.state === 'published') return madeOf(context, draft);
  if (draft.state === 'publishing') return finishPublishing(context, draft);
  if (draft.revision !== revision) throw newerDraft(draft);
  const now = await latestVersionOf(db, draft.instrument);
  requireCompared(draft, { latest, now });
  const publication: Publication = { ...wish, decisions: [...wish.decisions], at: context.clock() };
  const next = { ...draft, version: (now ?? 0) + 1, publication };
  const previous = now === null ? null : await findInstrumentVersion(db, draft.instrument, now);
  const frozen = frozenDraft(next, previous);
  requireChanged(publication.decisions, frozen.changes);
  const claimed = await claimDraft(db, draft, next.version, publication);
  if (claimed) return finishPublishing(context, claimed, frozen);
  // Somebody was faster: with a save, by discarding it, or by publishing it.
  const { state, ...rest } = await getDraft(db, id);
  if (state === 'open') throw newerDraft(rest);
  return publishDraft(context, id, { revision, latest, ...wish });
}

async function madeOf({ db }: Context, { instrument, version }: Draft): Promise<Made> {
  const found = version === null ? null : await findInstrumentVersion(db, instrument, version);
  if (version === null || !found) throw new Error(`the published draft of ${instrument} has no version`);
  return { instrument, version, hash: found.hash };
}

/** The changes that the person has confirmed are those since the newest version. */
function requireCompared(
  { instrument, origin }: Draft,
  { latest, now }: { readonly latest: number | null; readonly now: number | null },
): void {
  const begunAnew = origin.from === 'blank' || (origin.from === 'version' && origin.instrument !== instrument);
  if (now !== null && begunAnew) {
    const detail = `Somebody published an instrument "${instrument}" meanwhile. Begin a new draft with another id.`;
    throw new Problem('already-exists', { detail });
  }
  if (now !== latest) throw newerVersion(now);
}

function newerDraft({ revision, json }: Pick<Draft, 'revision' | 'json'>): Problem {
  return new Problem('draft-newer', { members: { stored: { revision, instrument: JSON.parse(json) } } });
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

/** Saves a draft, unless somebody has saved a newer one; discards it and takes that back. Called by the routes. */
import { parseInstrument } from '../../../instruments/parse.ts';
import type { Context } from '../../context.ts';
import { Problem } from '../../problems.ts';
import type { Draft, DraftState } from './draft.ts';
import { writersAfter } from './languages.ts';
import { getDraft, moveDraft, replaceDraft } from './store.ts';

type Content = Readonly<Record<string, unknown>>;

/**
 * Throws `draft-newer` with both texts when the draft was saved by somebody else since the revision that this save was made
 * on, `state-not-allowed` when it is no longer open, and `invalid-instrument` when it is too large to be one. The same text
 * again is a success that changes nothing, so that a save whose answer was lost can be repeated.
 */
export async function saveDraft(
  context: Context,
  by: string,
  { id, revision, content }: { readonly id: string; readonly revision: number; readonly content: Content },
): Promise<Draft> {
  requireSize(content);
  const was = await getDraft(context.db, id);
  requireSameInstrument(was, content);
  const json = JSON.stringify(content);
  if (was.state === 'open' && was.json === json) return was;
  const title = typeof content.title === 'string' ? content.title.slice(0, 500) : '';
  const at = context.clock();
  // Told against the draft as it was read here, so a save on any other revision stores nothing.
  const writers = writersAfter({ writers: was.writers, content: JSON.parse(was.json) }, content, { by, at });
  const saved =
    was.revision === revision &&
    (await replaceDraft(context.db, was, { title, json, savedAt: at, savedBy: by, writers }));
  if (saved) return saved;
  const now = await getDraft(context.db, id);
  if (now.state !== 'open') throw closed(now);
  throw new Problem('draft-newer', {
    members: { stored: { revision: now.revision, instrument: JSON.parse(now.json) }, sent: content },
  });
}

/** Throws `state-not-allowed` when it is not open. Once more is a success. */
export async function discardDraft({ db }: Context, id: string): Promise<void> {
  const { state } = await getDraft(db, id);
  if (state === 'discarded' || (await moveDraft(db, { id }, 'open', 'discarded'))) return;
  throw closed(await getDraft(db, id));
}

/** Takes a discarding back; once more is a success. */
export async function restoreDraft({ db }: Context, id: string): Promise<Draft> {
  const moved = await moveDraft(db, { id }, 'discarded', 'open');
  const draft = moved ?? (await getDraft(db, id));
  if (draft.state !== 'open') throw closed(draft);
  return draft;
}

export function closed({ state, instrument, version }: Draft): Problem {
  const details: Readonly<Record<DraftState, string>> = {
    open: 'This draft is open again. Reload it.',
    discarded: 'This draft was discarded. Restore it first.',
    publishing: `This draft is becoming version ${version} of "${instrument}". Wait a minute, then look at it again.`,
    published: `This draft has become version ${version} of "${instrument}". Begin a new draft with it.`,
  };
  return new Problem('state-not-allowed', { detail: details[state] });
}

/** What is too large to be read is not kept either. */
export function requireSize(content: Content): void {
  const parsed = parseInstrument(content);
  const issues = parsed.ok ? [] : parsed.issues.filter(({ code }) => code === 'too-large' || code === 'too-many-items');
  if (issues.length > 0) throw new Problem('invalid-instrument', { issues });
}

function requireSameInstrument({ instrument }: Draft, content: Content): void {
  if (content.id === instrument) return;
  const message = `This is a draft of "${instrument}", which keeps its id. Begin another draft for another instrument.`;
  throw new Problem('invalid-request', { issues: [{ code: 'id-differs', path: 'body.instrument.id', message }] });
}

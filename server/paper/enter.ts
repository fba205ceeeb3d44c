/**
 * Typing a form: the first person, then, where it is typed twice, another one who is given nothing of what the first has
 * typed. Called by the routes.
 */
import type { PaperCells } from '../../instruments/paper-entry/cells.ts';
import { checkPaper } from '../../instruments/paper-entry/check.ts';
import { compareEntries } from '../../instruments/paper-entry/compare.ts';
import type { Context } from '../context.ts';
import { Problem } from '../problems.ts';
import { loadOffer } from '../responses/offers.ts';
import type { PaperForm, Typing } from './form.ts';
import { changePaper, getPaper } from './store.ts';

interface Place {
  readonly study: string;
  readonly administration: string;
}

export type Turn = 'first' | 'second';

/** Whose turn it is to type; null where nothing is typed any more. */
export function turnOf({ state }: Pick<PaperForm, 'state'>): Turn | null {
  if (state === 'first-entry') return 'first';
  return state === 'second-entry' ? 'second' : null;
}

/** Whether somebody may type the form now, and has not begun: nobody else has, and nobody types both entries. */
export function mayClaim(form: Pick<PaperForm, 'state' | 'first' | 'second'>, account: string): boolean {
  const turn = turnOf(form);
  if (turn === null || form[turn] !== null) return false;
  return turn === 'first' || form.first?.by !== account;
}

/** Takes the entry whose turn it is. The same again is a success. Throws `state-not-allowed` and `conflict`. */
export async function claimEntry(context: Context, account: string, place: Place, id: string): Promise<PaperForm> {
  const form = await getPaper(context.db, place, id);
  const turn = turnOf(form);
  if (turn !== null && form[turn]?.by === account) return form;
  if (turn === null || !mayClaim(form, account))
    throw new Problem('state-not-allowed', { detail: whyNot(form, account) });
  const typing: Typing = { by: account, startedAt: context.clock(), finishedAt: null, cells: {} };
  return changePaper(context.db, form, { [turn]: typing });
}

function whyNot(form: PaperForm, account: string): string {
  const turn = turnOf(form);
  if (turn === null) return 'Nothing is typed into this form any more.';
  if (form[turn] !== null) return 'Somebody else is typing this form.';
  return form.first?.by === account
    ? 'You typed this form the first time: the second time must be somebody else.'
    : 'This form cannot be typed now.';
}

/** Keeps what is typed so far. Throws `state-not-allowed` for somebody else's entry, `conflict` for an older revision. */
export async function saveEntry(
  context: Context,
  account: string,
  place: Place,
  id: string,
  { revision, cells }: { readonly revision: number; readonly cells: PaperCells },
): Promise<PaperForm> {
  const { form, turn, typing } = await ownEntry(context, account, place, id, revision);
  return changePaper(context.db, form, { [turn]: { ...typing, cells } });
}

/**
 * Ends an entry. Throws `invalid-answers` with a line for each field that has no cell or one that does not fit; `path` is the
 * key of the field.
 */
export async function finishEntry(
  context: Context,
  account: string,
  place: Place,
  id: string,
  { revision, cells }: { readonly revision: number; readonly cells: PaperCells },
): Promise<PaperForm> {
  const { form, turn, typing } = await ownEntry(context, account, place, id, revision);
  const { compiled } = await loadOffer(context, place.study, place.administration);
  const checked = checkPaper(compiled, cells);
  if (checked.issues.length > 0) throw new Problem('invalid-answers', { issues: checked.issues });
  const finished: Typing = { ...typing, cells: checked.cells, finishedAt: context.clock() };
  if (turn === 'first') {
    return changePaper(context.db, form, {
      first: finished,
      state: form.entry === 'double' ? 'second-entry' : 'ready',
    });
  }
  const { compared, differences } = compareEntries(compiled, form.first?.cells ?? {}, checked.cells);
  return changePaper(context.db, form, {
    second: finished,
    compared,
    differ: differences.length,
    state: differences.length === 0 ? 'ready' : 'comparison',
  });
}

async function ownEntry(context: Context, account: string, place: Place, id: string, revision: number) {
  const form = await getPaper(context.db, place, id);
  const turn = turnOf(form);
  const typing = turn === null ? null : form[turn];
  if (turn === null || typing?.by !== account) {
    throw new Problem('state-not-allowed', { detail: whyNot(form, account) });
  }
  if (form.revision !== revision) throw new Problem('conflict');
  return { form, turn, typing };
}

/**
 * Decides where two entries of a form differ, one field after another, and keeps who decided what. Called by the routes.
 */

import type { CompiledInstrument } from '../../instruments/compile.ts';
import type { Issue } from '../../instruments/instrument.ts';
import { cellAt, type PaperCell, type PaperCells } from '../../instruments/paper-entry/cells.ts';
import { checkPaper } from '../../instruments/paper-entry/check.ts';
import { compareEntries, type Decided, openFields, settledCells } from '../../instruments/paper-entry/compare.ts';
import type { PaperField } from '../../instruments/paper-entry/fields.ts';
import { fieldsOf } from '../../instruments/paper-entry/fields.ts';
import { cellProblem } from '../../instruments/paper-entry/typing.ts';
import type { Context } from '../context.ts';
import { Problem } from '../problems.ts';
import { loadOffer } from '../responses/offers.ts';
import type { Decision, PaperForm } from './form.ts';
import { changePaper, getPaper } from './store.ts';

interface Place {
  readonly study: string;
  readonly administration: string;
}

export interface WantedDecision {
  readonly revision: number;
  readonly key: string;
  readonly choice: Decision['choice'];
  /** Needed for `other`. */
  readonly value?: PaperCell | undefined;
  readonly note: string;
}

/** The cells as they stand by now: agreed on, or decided. */
export function cellsOf(form: Pick<PaperForm, 'first' | 'second' | 'decisions'>): PaperCells {
  const decided = form.decisions.flatMap(({ key, value }): Decided[] => (value === undefined ? [] : [{ key, value }]));
  return settledCells(form.first?.cells ?? {}, form.second?.cells ?? null, decided);
}

/** What a comparison still asks for: fields without a settled cell, and what does not fit together in those that have one. */
export function openQuestions(
  compiled: CompiledInstrument,
  form: Pick<PaperForm, 'first' | 'second' | 'decisions'>,
): { readonly open: readonly PaperField[]; readonly issues: readonly Issue[] } {
  const cells = cellsOf(form);
  const open = openFields(compiled, cells);
  return { open, issues: open.length > 0 ? [] : checkPaper(compiled, cells).issues };
}

/**
 * Puts a decision on record; a later one on the same field counts instead. Throws `state-not-allowed`, `conflict`, and
 * `invalid-request` for a field that is not asked or a value that it does not take.
 */
export async function decide(
  context: Context,
  account: string,
  place: Place,
  id: string,
  wanted: WantedDecision,
): Promise<PaperForm> {
  const form = await getPaper(context.db, place, id);
  if (form.state !== 'comparison') {
    throw new Problem('state-not-allowed', { detail: 'There is nothing to decide on this form.' });
  }
  if (form.revision !== wanted.revision) throw new Problem('conflict');
  const { compiled } = await loadOffer(context, place.study, place.administration);
  const [one, other] = [form.first?.cells ?? {}, form.second?.cells ?? {}];
  const field = fieldsOf(compiled, cellsOf(form)).find(({ key }) => key === wanted.key);
  if (!field) throw refusal('body.key', 'not-asked', 'This field is not asked after what is decided so far.');
  const [first, second] = [cellAt(one, field.key), cellAt(other, field.key)];
  const value = wanted.choice === 'other' ? wanted.value : wanted.choice === 'first' ? first : second;
  if (value === undefined) {
    throw refusal('body.value', 'no-value', 'That entry has nothing here: give the value that stands on the form.');
  }
  const why = cellProblem(field, value);
  if (why !== null) throw refusal('body.value', 'not-allowed', why);
  const decision: Decision = {
    key: field.key,
    first: first ?? null,
    second: second ?? null,
    choice: wanted.choice,
    value,
    note: wanted.note,
    by: account,
    at: context.clock(),
  };
  return changePaper(context.db, form, { decisions: [...form.decisions, decision] });
}

/** Ends the comparison. Throws `invalid-answers` with a line for each field that is still open or does not fit. */
export async function settle(context: Context, form: PaperForm): Promise<PaperForm> {
  const { compiled } = await loadOffer(context, form.study, form.administration);
  const { open, issues } = openQuestions(compiled, form);
  const undecided = open.map(({ key }) => ({ code: 'not-decided', path: key, message: 'Decide what stands here.' }));
  const all = [...undecided, ...issues];
  if (all.length > 0) throw new Problem('invalid-answers', { issues: all });
  return changePaper(context.db, form, { state: 'ready' });
}

/** Where the two entries differ, with the fields that only a decision has brought up. */
export function differencesOf(compiled: CompiledInstrument, { first, second }: Pick<PaperForm, 'first' | 'second'>) {
  return compareEntries(compiled, first?.cells ?? {}, second?.cells ?? {}).differences;
}

const refusal = (path: string, code: string, message: string) =>
  new Problem('invalid-request', { issues: [{ code, path, message }] });

/**
 * What somebody may see of a paper form. Whoever types sees their own entry and no other; both are told only when both are
 * finished, and only to somebody who decides. Called by the routes.
 */
import type { z } from 'zod';
import { accountNames } from '../accounts/store.ts';
import type { Context } from '../context.ts';
import type { Call } from '../http.ts';
import { loadOffer } from '../responses/offers.ts';
import { mayClaim, turnOf } from './enter.ts';
import type { PaperForm, Typing } from './form.ts';
import { cellsOf, differencesOf, openQuestions } from './resolve.ts';
import type { formAnswer, summaryAnswer } from './schemas.ts';
import type { PaperSummary } from './store.ts';

/** Who looks. */
export interface Reader {
  readonly id: string;
  /** May decide on differences, and send. */
  readonly decides: boolean;
}

export const readerOf = ({ account, may }: Pick<Call, 'account' | 'may'>): Reader => ({
  id: account?.id ?? '',
  decides: may('administration.manage'),
});

const gone = 'An account that is not there any more';

export function summaryOf(
  form: PaperSummary,
  reader: Reader,
  names: ReadonlyMap<string, string>,
): z.output<typeof summaryAnswer> {
  const { serial, person, school, cluster, role, entry, state, day, compared, differ, first, second } = form;
  const typist = (typing: Typing | null) =>
    typing && {
      name: names.get(typing.by) ?? gone,
      mine: typing.by === reader.id,
      finishedAt: typing.finishedAt?.toISOString() ?? null,
    };
  const begun = state === 'first-entry' && (first === null ? form.madeBy === reader.id : first.by === reader.id);
  return {
    id: form._id,
    ...{ serial, person, school, cluster, role, entry, state, day, compared, differ },
    first: typist(first),
    second: typist(second),
    madeAt: form.madeAt.toISOString(),
    sentAt: form.sentAt?.toISOString() ?? null,
    todo: todoOf(form, reader),
    mayDiscard: state !== 'sent' && (begun || reader.decides),
  };
}

function todoOf(form: Pick<PaperForm, 'state' | 'first' | 'second'>, reader: Reader) {
  const turn = turnOf(form);
  if (turn !== null) return form[turn]?.by === reader.id || mayClaim(form, reader.id) ? 'type' : null;
  if (!reader.decides) return null;
  if (form.state === 'comparison') return 'decide';
  return form.state === 'ready' ? 'send' : null;
}

export async function formView(
  context: Context,
  reader: Reader,
  form: PaperForm,
  more: { readonly receiptCode?: string | null; readonly refused?: string | null } = {},
): Promise<z.output<typeof formAnswer>> {
  const [names, { compiled }] = await Promise.all([
    accountNames(context.db),
    loadOffer(context, form.study, form.administration),
  ]);
  const turn = turnOf(form);
  const own = turn !== null && form[turn]?.by === reader.id ? (form[turn]?.cells ?? null) : null;
  const told = reader.decides && turn === null;
  const { id, version } = compiled.instrument;
  return {
    ...summaryOf(form, reader, names),
    revision: form.revision,
    instrument: { id, version },
    cells: own && { ...own },
    comparison: told && form.state === 'comparison' ? comparisonOf(compiled, form) : null,
    decisions: told
      ? form.decisions.map(({ at, by, ...decision }) => ({
          ...decision,
          by: names.get(by) ?? gone,
          at: at.toISOString(),
        }))
      : [],
    response: told ? form.response : null,
    receiptCode: more.receiptCode ?? null,
    refused: more.refused ?? null,
  };
}

function comparisonOf(compiled: Parameters<typeof openQuestions>[0], form: PaperForm) {
  const { open, issues } = openQuestions(compiled, form);
  return {
    settled: { ...cellsOf(form) },
    open: open.map(({ key }) => key),
    issues: issues.map(({ code, path, message }) => ({ code, path, message })),
    differences: differencesOf(compiled, form).map((one) => ({ ...one })),
  };
}

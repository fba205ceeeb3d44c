/** Paper forms over HTTP: begin one, type it, type it again, decide where the two differ, send the answers. */
import { agreementOf } from '../../instruments/paper-entry/compare.ts';
import { accountNames } from '../accounts/store.ts';
import { administrationParams } from '../administrations/schemas.ts';
import { getAdministration } from '../administrations/store.ts';
import type { Context } from '../context.ts';
import { route } from '../http.ts';
import { Problem } from '../problems.ts';
import { getStudy } from '../studies/store.ts';
import { claimEntry, finishEntry, saveEntry } from './enter.ts';
import { type PaperForm, paperStates } from './form.ts';
import { entryOf, lastPaperDay, makePaper, planEntry, throwAway } from './make.ts';
import { peopleOnPaper } from './people.ts';
import { decide, settle } from './resolve.ts';
import {
  decisionSchema,
  entrySchema,
  formAnswer,
  listAnswer,
  listQuery,
  newPaperSchema,
  paperParams,
  peopleAnswer,
  peopleQuery,
  summaryAnswer,
  typedSchema,
} from './schemas.ts';
import { sendPaper } from './send.ts';
import { countPapers, getPaper, listPapers } from './store.ts';
import { formView, type Reader, readerOf, summaryOf } from './view.ts';

const base = '/api/studies/:study/administrations/:administration/paper';
const ofForm = `${base}/forms/:form`;
const pageLength = 50;

export const paperRoutes = [
  route({
    method: 'GET',
    path: base,
    summary: 'The paper forms of an administration, how far each is, and how well two entries agree',
    params: administrationParams,
    query: listQuery,
    answer: listAnswer,
    async handle({ params, query: { state = null, find = '', page } }, call) {
      const { context } = call;
      const [study, administration] = await Promise.all([
        getStudy(context.db, params.study),
        getAdministration(context.db, params.study, params.administration),
      ]);
      const wanted = { state, find: find === '' ? null : find, skip: (page - 1) * pageLength, limit: pageLength };
      const [{ forms, total }, { states, ...counts }, names] = await Promise.all([
        listPapers(context.db, params, wanted),
        countPapers(context.db, params),
        accountNames(context.db),
      ]);
      return {
        entry: entryOf(administration),
        consent: administration.information.consent,
        firstDay: administration.opens,
        lastDay: lastPaperDay(administration, study.timeZone, context.clock()),
        forms: forms.map((form) => summaryOf(form, readerOf(call), names)),
        total,
        page,
        pages: Math.max(1, Math.ceil(total / pageLength)),
        states: Object.fromEntries(paperStates.map((one) => [one, states.get(one) ?? 0])),
        agreement: { ...agreementOf([counts]), forms: counts.forms },
      };
    },
  }),
  route({
    method: 'PUT',
    path: base,
    summary: 'Sets whether forms that are begun from now on are typed once, or by two people',
    params: administrationParams,
    body: entrySchema,
    async handle({ params, body }, { context }) {
      await planEntry(context, params, body.entry);
    },
  }),
  route({
    method: 'GET',
    path: `${base}/people`,
    summary: 'People of a school, or of a cluster outside schools, whose paper form could be typed',
    params: administrationParams,
    query: peopleQuery,
    answer: peopleAnswer,
    async handle({ params, query }, { context }) {
      return { people: await peopleOnPaper(context, params, query) };
    },
  }),
  route({
    method: 'POST',
    path: `${base}/forms`,
    summary: 'Begins the paper form of a person or of a serial number; one that is there already is given back (200)',
    params: administrationParams,
    body: newPaperSchema,
    answer: summaryAnswer,
    status: 201,
    async handle({ params, body }, call) {
      const { context, response } = call;
      const { form, created } = await makePaper(context, call.account?.id ?? '', params, body);
      const summary = summaryOf(form, readerOf(call), await accountNames(context.db));
      if (!created) response.status(200).json(summary);
      return summary;
    },
  }),
  route({
    method: 'GET',
    path: ofForm,
    summary: "A paper form, with one's own entry; with both entries for whoever decides, once both are finished",
    params: paperParams,
    answer: formAnswer,
    async handle({ params }, call) {
      return formView(call.context, readerOf(call), await getPaper(call.context.db, params, params.form));
    },
  }),
  route({
    method: 'DELETE',
    path: ofForm,
    summary: 'Discards a form that is not sent, with all that was typed',
    params: paperParams,
    async handle({ params }, call) {
      await throwAway(call.context, readerOf(call), params, params.form);
    },
  }),
  route({
    method: 'POST',
    path: `${ofForm}/entry`,
    summary: 'Takes the entry of a form whose turn it is; the second one must be another account than the first',
    params: paperParams,
    answer: formAnswer,
    async handle({ params }, call) {
      const reader = readerOf(call);
      return formView(call.context, reader, await claimEntry(call.context, reader.id, params, params.form));
    },
  }),
  route({
    method: 'PUT',
    path: `${ofForm}/entry`,
    summary: 'Keeps what is typed so far; nothing is checked yet',
    params: paperParams,
    body: typedSchema,
    answer: formAnswer,
    async handle({ params, body }, call) {
      const reader = readerOf(call);
      return formView(call.context, reader, await saveEntry(call.context, reader.id, params, params.form, body));
    },
  }),
  route({
    method: 'POST',
    path: `${ofForm}/entry/finish`,
    summary: 'Ends an entry; where nothing is left to decide the answers are taken at once',
    params: paperParams,
    body: typedSchema,
    answer: formAnswer,
    async handle({ params, body }, call) {
      const reader = readerOf(call);
      const form = await finishEntry(call.context, reader.id, params, params.form, body);
      return form.state === 'ready' ? sendIfTaken(call.context, reader, form) : formView(call.context, reader, form);
    },
  }),
  route({
    method: 'POST',
    path: `${ofForm}/decisions`,
    summary: 'Decides what stands in a field where the entries differ; kept with who, when and why',
    params: paperParams,
    body: decisionSchema,
    answer: formAnswer,
    async handle({ params, body }, call) {
      const reader = readerOf(call);
      return formView(call.context, reader, await decide(call.context, reader.id, params, params.form, body));
    },
  }),
  route({
    method: 'POST',
    path: `${ofForm}/send`,
    summary: 'Takes the answers of a form on which nothing is open; sent again it is a success',
    params: paperParams,
    answer: formAnswer,
    async handle({ params }, call) {
      const { context } = call;
      const form = await getPaper(context.db, params, params.form);
      const ready = form.state === 'comparison' ? await settle(context, form) : form;
      const { form: sent, receiptCode } = await sendPaper(context, ready);
      return formView(context, readerOf(call), sent, { receiptCode });
    },
  }),
];

/** The entry is finished whatever becomes of the answers: why they are not taken is told beside it. */
async function sendIfTaken(context: Context, reader: Reader, form: PaperForm) {
  try {
    const { form: sent, receiptCode } = await sendPaper(context, form);
    return formView(context, reader, sent, { receiptCode });
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'paper-not-taken') throw error;
    return formView(context, reader, form, { refused: error.message });
  }
}

/**
 * Everything that is held on a person of a study, as one value: the answer to "what do you know about me?". Called by
 * the routes and by `fidelis person export`; `record-page.ts` makes a readable page of it.
 */

import { codeRow } from '../../instruments/coding.ts';
import { missingLabels } from '../../instruments/missing.ts';
import type { PaperCells } from '../../instruments/paper-entry/cells.ts';
import { listAdministrations } from '../administrations/store.ts';
import { listTicks, type TickedAt } from '../attendance/ticks.ts';
import { type AuditEntry, listAuditOfPerson } from '../audit/store.ts';
import type { Context } from '../context.ts';
import { labellerOf } from '../datasets/cells.ts';
import { findIdentity } from '../identities/read.ts';
import type { Identity } from '../identities/store.ts';
import { compiledInstrument } from '../instruments/store.ts';
import { invitationsOfPerson } from '../invitations/endings.ts';
import type { Invitation } from '../invitations/store.ts';
import { listMessagesTo } from '../outbox/store.ts';
import type { PaperForm } from '../paper/form.ts';
import { listPapersOfPerson } from '../paper/store.ts';
import { Problem } from '../problems.ts';
import { loadDraft } from '../responses/drafts.ts';
import { listResponsesOfPerson, type StoredResponse } from '../responses/store.ts';
import { findPerson, type Person } from '../rosters/store.ts';
import { getStudy } from '../studies/store.ts';
import { listWithdrawals, type Withdrawal } from './store.ts';

export interface AnsweredItem {
  readonly name: string;
  /** The question's words. */
  readonly question: string;
  /** In words; why there is none in brackets. */
  readonly answer: string | number | null;
}

export interface PersonRecord {
  readonly madeAt: Date;
  readonly study: { readonly id: string; readonly title: string };
  readonly person: string;
  /** As the roster has the person, with every place and role held. */
  readonly roster: Person;
  /** Null: none is kept. */
  readonly identity: Identity | null;
  readonly invitations: readonly (Pick<Invitation, 'administration' | 'state' | 'openedAt' | 'role' | 'school'> & {
    readonly title: string;
    readonly anonymous: boolean;
  })[];
  readonly responses: readonly (Pick<
    StoredResponse,
    'administration' | 'receivedAt' | 'completion' | 'consent' | 'source' | 'answers'
  > & { readonly title: string; readonly items: readonly AnsweredItem[] })[];
  /** Lists in what others sent that tick the person, such as who took part in an event. */
  readonly ticks: readonly (TickedAt & { readonly title: string })[];
  /** Answers that are not sent yet. */
  readonly drafts: readonly { readonly administration: string; readonly savedAt: Date; readonly answers: object }[];
  /** Forms that were typed from paper, as far as anything of them is kept. */
  readonly papers: readonly (Pick<PaperForm, 'administration' | 'state' | 'day' | 'decisions'> & {
    readonly title: string;
    readonly typed: readonly PaperCells[];
  })[];
  readonly messages: readonly {
    readonly kind: string;
    readonly administration: string | null;
    readonly state: string;
    readonly createdAt: Date;
    readonly sentAt: Date | null;
  }[];
  readonly withdrawals: readonly Pick<Withdrawal, 'on' | 'scope' | 'administration' | 'by' | 'confirmation'>[];
  /** Who read or changed something of this person. */
  readonly audit: readonly Pick<AuditEntry, 'at' | 'verb' | 'actor' | 'outcome'>[];
  readonly notes: readonly string[];
}

/** Throws `not-found`, `identity-unreadable`. */
export async function loadPersonRecord(context: Context, studyId: string, person: string): Promise<PersonRecord> {
  const { db } = context;
  const [study, roster] = await Promise.all([getStudy(db, studyId), findPerson(db, studyId, person)]);
  if (!roster) throw new Problem('not-found', { detail: `The study "${studyId}" has no person "${person}".` });
  const [identity, administrations, invitations, responses, messages, withdrawals, audit, papers, ticks] =
    await Promise.all([
      findIdentity(context, studyId, person),
      listAdministrations(db, studyId),
      invitationsOfPerson(db, studyId, person),
      listResponsesOfPerson(db, studyId, person),
      listMessagesTo(db, studyId, person),
      listWithdrawals(db, studyId, person),
      listAuditOfPerson(db, studyId, person),
      listPapersOfPerson(db, studyId, person),
      listTicks(db, studyId, person),
    ]);
  const byId = new Map(administrations.map((administration) => [administration.id, administration]));
  const titleOf = (id: string) => byId.get(id)?.title ?? id;
  const drafts: PersonRecord['drafts'][number][] = [];
  for (const invitation of invitations) {
    const administration = byId.get(invitation.administration);
    if (administration?.mode !== 'confidential') continue;
    const draft = await loadDraft(db, { administration, invitation, token: '' });
    if (draft) drafts.push({ administration: administration.id, savedAt: draft.savedAt, answers: draft.answers });
  }
  return {
    madeAt: context.clock(),
    study: { id: study.id, title: study.title },
    person,
    roster,
    identity,
    invitations: invitations.map(({ administration, state, openedAt, role, school }) => {
      const anonymous = byId.get(administration)?.mode === 'anonymous';
      return { administration, title: titleOf(administration), anonymous, state, openedAt, role, school };
    }),
    responses: await Promise.all(responses.map((response) => labelled(context, response, titleOf))),
    ticks: ticks.map((tick) => ({ ...tick, title: titleOf(tick.administration) })),
    drafts,
    papers: papers.map(({ administration, state, day, decisions, first, second }) => ({
      ...{ administration, title: titleOf(administration), state, day, decisions },
      typed: [first, second].flatMap((typing) => (typing?.cells ? [typing.cells] : [])),
    })),
    messages: messages.map(({ kind, about, state, createdAt, sentAt }) => ({
      kind,
      administration: typeof about.administration === 'string' ? about.administration : null,
      state,
      createdAt,
      sentAt,
    })),
    withdrawals: withdrawals.map(({ on, scope, administration, by, confirmation }) => ({
      on,
      scope,
      administration,
      by,
      confirmation,
    })),
    audit: audit.map(({ at, verb, actor, outcome }) => ({ at, verb, actor, outcome })),
    notes: [anonymousNote],
  };
}

const anonymousNote =
  'Answers to anonymous surveys are not in here: nothing leads from a person to them, so nobody can find them.';

/** A response with its questions and answers in words. */
async function labelled(context: Context, response: StoredResponse, titleOf: (id: string) => string) {
  const { administration, receivedAt, completion, consent, source, answers, instrument, version } = response;
  const compiled = await compiledInstrument(context.db, instrument, version);
  const { values, reasons } = codeRow(compiled, response);
  const items = compiled.codebook.variables.map((variable, at): AnsweredItem => {
    const reason = reasons[at] ?? null;
    const answer = reason === null ? labellerOf(variable)(values[at] ?? null, null) : `[${missingLabels[reason]}]`;
    return { name: variable.name, question: variable.label, answer };
  });
  return { administration, title: titleOf(administration), receivedAt, completion, consent, source, answers, items };
}

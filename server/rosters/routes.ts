/** Rosters over HTTP: pages of members as allocated or as at a day, single members, their changes, design warnings. */
import { z } from 'zod';
import { studyParams } from '../administrations/schemas.ts';
import { recordRead } from '../audit/request.ts';
import type { Call } from '../http.ts';
import { route } from '../http.ts';
import { findIdentities } from '../identities/store.ts';
import { clusterSchema, personSchema, schoolSchema } from '../studies/schemas.ts';
import { getStudy } from '../studies/store.ts';
import { addMember, changeMember, deleteMember, editMember, getMember, undoChange } from './change-member.ts';
import { championClusters, designWarnings } from './design.ts';
import { pageOfClusters, pageOfPeople, pageOfSchools } from './pages.ts';
import { loadPlaces } from './place-index.ts';
import {
  asAtSchema,
  changeBody,
  editMemberBody,
  kindParams,
  memberParams,
  newMemberBody,
  rosterQuery,
  undoBody,
} from './schemas.ts';

const base = '/api/studies/:study/rosters/:kind' as const;
const member = `${base}/members/:member` as const;

const memberAnswer = z.object({
  member: z.record(z.string(), z.unknown()),
  revision: z.number(),
  history: z.array(
    z.object({
      id: z.string(),
      kind: z.string(),
      on: z.string().nullable(),
      reason: z.string(),
      by: z.string(),
      at: z.iso.datetime(),
      before: z.record(z.string(), z.unknown()),
      after: z.record(z.string(), z.unknown()),
    }),
  ),
  identity: z
    .object({ name: z.string().nullable(), email: z.string().nullable(), language: z.string().nullable() })
    .nullable(),
});

export const rosterRoutes = [
  route({
    method: 'GET',
    path: base,
    summary: 'A page of clusters, schools or people, as allocated or as at a day',
    params: kindParams,
    query: rosterQuery,
    answer: z.object({
      members: z.array(
        z.union([
          clusterSchema.extend({ schools: z.number(), pupils: z.number().nullable() }),
          schoolSchema,
          personSchema.extend({ name: z.string().nullable().optional() }),
        ]),
      ),
      page: z.number(),
      pages: z.number(),
      total: z.number(),
    }),
    async handle({ params, query }, call) {
      const { context, scope, may } = call;
      const { db } = context;
      await getStudy(db, params.study);
      const filter = { ...query, scope };
      if (params.kind === 'clusters') return pageOfClusters(db, params.study, filter);
      if (params.kind === 'schools') return pageOfSchools(db, params.study, filter);
      const page = await pageOfPeople(db, params.study, filter);
      if (!may('identity.read') || page.members.length === 0) return page;
      await recordRead(call, 'identity.read');
      const ids = page.members.map(({ id }) => id);
      const identities = await findIdentities(context, params.study, ids);
      const members = page.members.map((one) => ({ ...one, name: identities.get(one.id)?.name ?? null }));
      return { ...page, members };
    },
  }),
  route({
    method: 'POST',
    path: base,
    summary: 'Adds a member',
    params: kindParams,
    body: newMemberBody,
    answer: z.object({ id: z.string() }),
    status: 201,
    async handle({ params, body }, { context }) {
      const { id, ...given } = body;
      await addMember(context, { ...params, id }, { ...given, identity: identityOf(given.identity) });
      return { id };
    },
  }),
  route({
    method: 'GET',
    path: member,
    summary: 'One member with its history',
    params: memberParams,
    answer: memberAnswer,
    async handle({ params }, call) {
      const named = params.kind === 'people' && call.may('identity.read');
      if (named) await recordRead(call, 'identity.read');
      const found = await getMember(call.context, ofParams(params), named);
      const { history = [], revision = 0, ...plain } = found.member;
      const entries = history.map((entry) => ({ ...entry, at: entry.at.toISOString() }));
      return { member: plain, revision, history: entries, identity: found.identity };
    },
  }),
  route({
    method: 'PUT',
    path: member,
    summary: 'Corrects what always held of a member',
    params: memberParams,
    body: editMemberBody,
    async handle({ params, body }, call) {
      const given = { ...body, by: authorOf(call), identity: identityOf(body.identity) };
      await editMember(call.context, ofParams(params), given);
    },
  }),
  route({
    method: 'DELETE',
    path: member,
    summary: 'Removes a member that was added by mistake and that nothing refers to',
    params: memberParams,
    handle: ({ params }, { context }) => deleteMember(context, ofParams(params)),
  }),
  route({
    method: 'POST',
    path: `${member}/changes`,
    summary: 'A dated change: enters, moves, leaves or returns, from a day and for a reason',
    params: memberParams,
    body: changeBody,
    async handle({ params, body }, call) {
      const { kind, on, place, reason, revision } = body;
      const change = { kind, on, place: present(place) };
      await changeMember(call.context, ofParams(params), { by: authorOf(call), reason, revision, change });
    },
  }),
  route({
    method: 'POST',
    path: `${member}/undo`,
    summary: 'Takes the last change of a member back',
    params: memberParams,
    body: undoBody,
    handle: ({ params, body }, { context }) => undoChange(context, ofParams(params), body),
  }),
  route({
    method: 'GET',
    path: '/api/studies/:study/roster-checks',
    summary: 'Where the roster does not fit the design: sizes of clusters, Improvement Champions, arms',
    params: studyParams,
    query: z.object({ asAt: asAtSchema }),
    answer: z.object({
      warnings: z.array(
        z.object({ code: z.string(), kind: z.string(), id: z.string(), name: z.string(), message: z.string() }),
      ),
    }),
    async handle({ params, query }, { context: { db } }) {
      const study = await getStudy(db, params.study);
      const places = await loadPlaces(db, study.id);
      const champions = await championClusters(db, study.id, places, query.asAt);
      return { warnings: designWarnings(study, places, champions, query.asAt) };
    },
  }),
];

const authorOf = ({ account }: Call) => account?.name ?? '';

function ofParams({ study, kind, member }: z.output<typeof memberParams>) {
  return { study, kind, id: member };
}

/** Without the names that were not given. */
function present<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}

function identityOf<I extends Readonly<Record<'name' | 'email' | 'language', string | null>>>(identity: I | null) {
  if (!identity) return null;
  const { name, email, language } = identity;
  return { name: name || null, email: email || null, language: language || null };
}

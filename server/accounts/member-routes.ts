/** The people with access to a study over HTTP, and what the signed-in person may do in it. */
import { z } from 'zod';
import { studyParams } from '../administrations/schemas.ts';
import { route } from '../http.ts';
import { permissions, studyRoles } from '../permissions.ts';
import { getStudy } from '../studies/store.ts';
import { inviteAgain } from './invite.ts';
import { addMember, changeMember, listMembers, removeMember, requireMember } from './members.ts';
import { newAccountSchema, pendingLinkSchema } from './schemas.ts';

const places = z.array(z.string().min(1).max(60)).max(500).default([]);
const share = z.strictObject({ role: z.enum(studyRoles), clusters: places, schools: places });
const memberSchema = z.object({
  account: z.string(),
  name: z.string(),
  email: z.string(),
  state: z.enum(['invited', 'active']),
  role: z.enum(studyRoles),
  clusters: z.array(z.string()),
  schools: z.array(z.string()),
  invitation: pendingLinkSchema.nullable(),
});
const memberParams = studyParams.extend({ account: z.string().max(100) });

export const memberRoutes = [
  route({
    method: 'GET',
    path: '/api/studies/:study/access',
    summary: 'What the signed-in person may do in the study, and in which clusters and schools',
    params: studyParams,
    answer: z.object({
      permissions: z.array(z.string()),
      scope: z.union([z.literal('all'), z.object({ clusters: z.array(z.string()), schools: z.array(z.string()) })]),
    }),
    async handle({ params }, { context, may, scope }) {
      await getStudy(context.db, params.study);
      return { permissions: permissions.filter((permission) => may(permission)), scope };
    },
  }),
  route({
    method: 'GET',
    path: '/api/studies/:study/members',
    summary: 'Everybody who has a role in the study, with the links of those who have not accepted yet',
    params: studyParams,
    answer: z.object({ members: z.array(memberSchema) }),
    handle: async ({ params }, { context }) => ({ members: await listMembers(context, params.study) }),
  }),
  route({
    method: 'POST',
    path: '/api/studies/:study/members',
    summary: 'Gives a role to the account of an e-mail address, or invites the person where there is none',
    params: studyParams,
    body: share.extend({ name: newAccountSchema.shape.name, email: newAccountSchema.shape.email }),
    answer: memberSchema,
    status: 201,
    handle: ({ params, body }, { context }) => addMember(context, params.study, body),
  }),
  route({
    method: 'PUT',
    path: '/api/studies/:study/members/:account',
    summary: 'Changes the role of somebody in the study',
    params: memberParams,
    body: share,
    answer: memberSchema,
    handle: ({ params, body }, { context }) => changeMember(context, params.study, params.account, body),
  }),
  route({
    method: 'DELETE',
    path: '/api/studies/:study/members/:account',
    summary: 'Takes the role of somebody in the study away; the last owner stays',
    params: memberParams,
    handle: ({ params }, { context }) => removeMember(context, params.study, params.account),
  }),
  route({
    method: 'POST',
    path: '/api/studies/:study/members/:account/invitation',
    summary: 'Sends a new link to somebody who has not accepted yet; the former works no more',
    params: memberParams,
    answer: pendingLinkSchema,
    async handle({ params }, { context }) {
      await requireMember(context.db, params.study, params.account);
      return (await inviteAgain(context, params.account)).link;
    },
  }),
];

/** Roles in single studies: what they allow, where, and what the audit keeps of it. */
import type { Express } from 'express';
import { beforeAll, describe, expect, test } from 'vitest';
import { listStudyAccess, saveStudyAccess } from '../../server/accounts/study-roles.ts';
import { auditHash, chainStart, recordAudit } from '../../server/audit/record.ts';
import type { AuditEntry } from '../../server/audit/store.ts';
import { authorityOf, withinScope } from '../../server/authority.ts';
import type { Context } from '../../server/context.ts';
import { permissions, permissionsInStudy, type studyRoles } from '../../server/permissions.ts';
import { accountOf, Visitor } from './people.ts';
import { makeWorld, type World } from './world.ts';

let world: World;
let app: Express;
let context: Context;
beforeAll(async () => {
  world = await makeWorld({ administrations: [{ id: 'first' }] });
  ({ app, context } = world);
});

async function memberWith(role: (typeof studyRoles)[number], clusters: string[] = []) {
  const account = await accountOf(context, 'member', `${role}-${clusters.length}@example.org`);
  await saveStudyAccess(context.db, { study: world.study.id, account: account.id, role, clusters, schools: [] });
  const visitor = new Visitor(app);
  await visitor.signIn(account.email);
  return { account, visitor };
}

const entries = () =>
  context.db.collection<AuditEntry>('audit').find().sort({ _id: 1 }).toArray() as Promise<AuditEntry[]>;

describe('a member', () => {
  test('may do in a study what the role there allows, and nothing in another one', async () => {
    const { account } = await memberWith('analyst');
    const here = await authorityOf(context.db, account, world.study.id);
    const there = await authorityOf(context.db, account, 'another');
    expect(permissions.filter((permission) => here.may(permission))).toEqual(
      permissions.filter((permission) => permissionsInStudy('analyst').includes(permission)),
    );
    expect(permissions.filter((permission) => there.may(permission))).toEqual(['instrument.read']);
    expect(await listStudyAccess(context.db, account.id)).toHaveLength(1);
  });

  test('with named clusters is kept within them and out of routes that know no such limit', async () => {
    const { account, visitor } = await memberWith('coordinator', ['c1']);
    const { scope } = await authorityOf(context.db, account, world.study.id);
    expect(scope).toEqual({ clusters: ['c1'], schools: [] });
    expect(withinScope(scope)).toEqual({ $or: [{ cluster: { $in: ['c1'] } }, { school: { $in: [] } }] });
    expect(withinScope('all')).toEqual({});
    const answer = await visitor.send('GET', `/api/studies/${world.study.id}/administrations/first/dataset`);
    expect(answer.status).toBe(403);
  });

  test('is limited further by the scopes of a token', async () => {
    const { account } = await memberWith('owner');
    const { may } = await authorityOf(context.db, account, world.study.id, null, {
      id: 'a-token',
      scopes: ['study.read'],
      study: null,
    });
    expect([may('study.read'), may('dataset.export')]).toEqual([true, false]);
  });
});

describe('the audit', () => {
  test('has an entry for a change and for a read of identified rows, before either is answered', async () => {
    const { account, visitor } = await memberWith('evaluator');
    await visitor.send('GET', `/api/studies/${world.study.id}/administrations/first/invitations`);
    await visitor.send('PUT', `/api/studies/${world.study.id}/administrations/first/state`, { state: 'planned' });
    const own = (await entries()).filter(({ actor, study }) => actor.id === account.id && study !== null);
    expect(own.map(({ verb, outcome, detail }) => [verb, outcome, detail])).toEqual([
      ['invitation.read', 'done', null],
      ['administration.change-state', 'done', null],
      ['administration.change-state', 'refused', 'state-not-allowed'],
    ]);
    expect(own[0]).toMatchObject({ study: world.study.id, thing: { administration: 'first' } });
  });

  test('is one chain, also when many write at once', async () => {
    const fact = {
      verb: 'study.create',
      actor: { kind: 'command', id: null },
      study: null,
      thing: {},
      outcome: 'done',
      detail: null,
      from: null,
      request: null,
    } as const;
    await Promise.all(Array.from({ length: 50 }, () => recordAudit(context, fact)));
    const chain = await entries();
    expect(chain.length).toBeGreaterThanOrEqual(50);
    chain.forEach(({ hash, ...entry }, at) => {
      expect(entry._id).toBe(at + 1);
      expect(entry.previous).toBe(chain[at - 1]?.hash ?? chainStart);
      expect(hash).toBe(auditHash(entry));
    });
  });
});

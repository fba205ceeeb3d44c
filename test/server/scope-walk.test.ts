/**
 * Coordinators and school leads see their own clusters and schools: every route that is open to them is asked, and nothing
 * of other clusters and schools may stand in any answer, whichever way it is asked for.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { saveStudyAccess } from '../../server/accounts/study-roles.ts';
import { authorityOf } from '../../server/authority.ts';
import { accessTable, canDoInStudy, type Permission, scopedRoutes } from '../../server/permissions.ts';
import type { Method, Visitor } from './people.ts';
import { foreignTo, makeScopedStudy, type ScopedStudy, scopedStudy } from './scoped-study.ts';

let study: ScopedStudy;
beforeAll(async () => {
  study = await makeScopedStudy();
});

type Who = keyof typeof foreignTo;
const roles = { coordinator: 'coordinator', lead: 'school-lead' } as const;
/** Routes of several kinds of things are asked for each of them. A PDF is printed from the page of the same name. */
const rows = [...scopedRoutes]
  .filter((row) => !row.endsWith('.pdf'))
  .flatMap((row) =>
    row.includes(':kind') ? ['clusters', 'schools', 'people'].map((kind) => [row, kind]) : [[row, '']],
  )
  .map(([row = '', kind = '']) => [row.split(' ')[0] as Method, row.split(' ')[1] ?? '', kind] as const);

/** What stands for each part of an address: of the reader's own school, or of one that the reader must not see. */
function standsFor(parameter: string, school: 'ashford' | 'cedarham'): string {
  const values: Readonly<Record<string, string>> = {
    study: scopedStudy,
    administration: 'first',
    invitation: study.invitations.get(school) ?? '',
    person: `${school}-teacher-1`,
    school: `${school}-school`,
    cluster: school === 'ashford' ? 'hazelby' : 'otherton',
    format: 'html',
  };
  const value = values[parameter];
  if (value === undefined) throw new Error(`say here what stands for :${parameter} in a scoped route`);
  return value;
}

const addressOf = (path: string, kind: string, school: 'ashford' | 'cedarham') =>
  path.replaceAll(/:(\w+)/g, (_, parameter: string) => (parameter === 'kind' ? kind : standsFor(parameter, school)));

function expectNothingForeign(text: string, who: Who): void {
  for (const word of foreignTo[who]) expect(text.toLowerCase(), `something of ${word}`).not.toContain(word);
}

describe.each(['coordinator', 'lead'] as const)('the %s', (who) => {
  const visitor = (): Visitor => study[who];
  const access = (method: string, path: string) => accessTable[`${method} ${path}`] as Permission;
  const mine = rows.filter(([method, path]) => canDoInStudy(roles[who], access(method, path)));

  test.each(mine.filter(([method]) => method === 'GET'))(
    '%s %s %s tells of their own alone',
    async (method, path, kind) => {
      for (const query of [
        '',
        '?school=cedarham-school',
        '?cluster=otherton',
        '?page=2',
        '?by=school',
        '?by=cluster',
      ]) {
        const answer = await visitor().send(method, `${addressOf(path, kind, 'ashford')}${query}`);
        expect([200, 400, 404]).toContain(answer.status);
        if (query === '') expect(answer.status).toBe(200);
        expectNothingForeign(answer.text, who);
      }
    },
  );

  const pointing = mine.filter(([, path]) => /:(?!study|administration|kind)\w+/.test(path));
  if (pointing.length > 0) {
    test.each(pointing)('%s %s %s does not find what is not theirs', async (method, path, kind) => {
      const answer = await visitor().send(method, addressOf(path, kind, 'cedarham'), method === 'GET' ? undefined : {});
      expect([400, 404]).toContain(answer.status);
      const { instance: _, detail: __, ...body } = answer.body as Record<string, unknown>;
      expectNothingForeign(JSON.stringify(body), who);
    });
  }

  test('lists the one study, with the sizes of what they see of it', async () => {
    const { body } = await visitor().send('GET', '/api/studies');
    const sizes = who === 'coordinator' ? { schools: 2, people: 6 } : { schools: 1, people: 3 };
    expect(body.studies).toHaveLength(1);
    expect(body.studies[0]).toMatchObject({ study: { id: scopedStudy }, clusters: 1, ...sizes, responses: null });
  });

  test('sees what they came for', async () => {
    const { body } = await visitor().send('GET', `/api/studies/${scopedStudy}`);
    const own = who === 'coordinator' ? ['ashford-school', 'birchley-school'] : ['ashford-school'];
    expect(body.schools.map(({ id }: { id: string }) => id)).toEqual(own);
    expect(body.clusters).toMatchObject([{ id: 'hazelby' }]);
    expect(body.administrations[1]).toMatchObject({ invited: 3 * own.length, responded: 0 });
    const access = await visitor().send('GET', `/api/studies/${scopedStudy}/access`);
    const scope = who === 'coordinator' ? { clusters: ['hazelby'] } : { schools: ['ashford-school'] };
    expect(access.body.scope).toMatchObject(scope);
  });
});

test('a viewer of every study who coordinates a cluster is not narrowed, and carries no right beyond the cluster', async () => {
  const viewer = await study.world.asViewer();
  const { id } = (await viewer.look()).body.account;
  const role = { role: 'coordinator', clusters: ['hazelby'], schools: [] } as const;
  await saveStudyAccess(study.world.context.db, { study: scopedStudy, account: id, ...role });
  const { body } = await viewer.send('GET', `/api/studies/${scopedStudy}`);
  expect(body.schools).toHaveLength(5);
  const account = { id, name: '', email: '', role: 'viewer' } as const;
  const links = await authorityOf(study.world.context.db, account, scopedStudy, 'invitation.manage');
  expect([links.may('invitation.manage'), links.scope]).toEqual([true, { clusters: ['hazelby'], schools: [] }]);
  const reading = await authorityOf(study.world.context.db, account, scopedStudy, 'study.read');
  expect([reading.may('invitation.manage'), reading.scope]).toEqual([false, 'all']);
});

/**
 * A study of two clusters and a comparison school whose names have nothing in common, with somebody who coordinates one
 * cluster and somebody who leads one school. Used by the tests of what they see.
 */
import { saveStudyAccess } from '../../server/accounts/study-roles.ts';
import type { StudyRole } from '../../server/permissions.ts';
import { saveSchoolRelease } from '../../server/reports/release-store.ts';
import { createStudy } from '../../server/studies/create.ts';
import { signedInAs, type Visitor } from './people.ts';
import { makeWorld, type World, type WorldOptions } from './world.ts';

export const scopedStudy = 'partners';

/** Each school's own word stands in its id, its name and the ids of its people. */
const schools = [
  { word: 'ashford', cluster: 'hazelby' },
  { word: 'birchley', cluster: 'hazelby' },
  { word: 'cedarham', cluster: 'otherton' },
  { word: 'dunmere', cluster: 'otherton' },
  { word: 'elmsworth', cluster: null },
] as const;
const armOf = (cluster: string | null) => (cluster === null ? 'comparison' : 'programme');
const named = (word: string, what: string) => `${word.charAt(0).toUpperCase()}${word.slice(1)} ${what}`;

export interface ScopedStudy {
  readonly world: World;
  /** Coordinates Hazelby. */
  readonly coordinator: Visitor;
  /** Leads Ashford, a school of Hazelby. */
  readonly lead: Visitor;
  /** Ids of an invitation in each school of the first administration, by the school's word. */
  readonly invitations: ReadonlyMap<string, string>;
}

/** Words of the clusters and schools that each must find nothing of. */
export const foreignTo = {
  coordinator: ['otherton', 'cedarham', 'dunmere', 'elmsworth'],
  lead: ['otherton', 'cedarham', 'dunmere', 'elmsworth', 'birchley'],
} as const;

/** Call it in `beforeAll`. */
export async function makeScopedStudy(options: WorldOptions = {}): Promise<ScopedStudy> {
  const world = await makeWorld(options);
  const { context, app } = world;
  await createStudy(context, {
    study: {
      id: scopedStudy,
      title: 'Two partnerships',
      description: '',
      simulated: false,
      timeZone: 'Europe/London',
      minimumCell: 2,
      arms: [
        { id: 'programme', title: 'Programme', kind: 'intervention' },
        { id: 'comparison', title: 'Comparison', kind: 'comparison' },
      ],
      waves: [{ id: 'only', title: 'Only', opens: '2020-01-01', closes: '2099-12-31' }],
    },
    clusters: ['hazelby', 'otherton'].map((id) => ({ id, name: named(id, 'cluster'), arm: 'programme' })),
    schools: schools.map(({ word, cluster }) => ({
      id: `${word}-school`,
      name: named(word, 'School'),
      arm: armOf(cluster),
      cluster,
      phase: 'primary',
      pupils: 200,
      disadvantaged: 0.2,
    })),
    people: schools.flatMap(({ word, cluster }) =>
      [1, 2, 3].map((n) => ({
        id: `${word}-teacher-${n}`,
        school: `${word}-school`,
        cluster,
        arm: armOf(cluster),
        role: 'teacher',
      })),
    ),
    administrations: ['first', 'second'].map((id) => ({
      id,
      title: `The ${id}`,
      instrument: 'staffroom',
      version: 1,
      wave: 'only',
      audience: { arms: ['programme', 'comparison'], roles: ['teacher'] },
      mode: 'confidential',
      opens: '2020-01-01',
      closes: '2099-12-31',
      state: 'open',
      information: { version: 1, asker: 'The team', paragraphs: ['Why.'], consent: 'Yes.', contact: 'x@example.org' },
    })),
  });
  for (const { word } of schools.filter(({ cluster }) => cluster !== null)) {
    const report = { title: named(word, 'School'), subtitle: '', simulated: false, sections: [], notes: [] };
    const release = { state: 'cluster-lead', report, history: [] } as const;
    await saveSchoolRelease(context.db, null, { study: scopedStudy, school: `${word}-school`, ...release });
  }
  const member = async (role: StudyRole, places: { clusters: string[]; schools: string[] }) => {
    const visitor = await signedInAs(app, context, 'member', `${role}@example.org`);
    const { id } = (await visitor.look()).body.account;
    await saveStudyAccess(context.db, { study: scopedStudy, account: id, role, ...places });
    return visitor;
  };
  // In every school, so that the sheets of some of them could tell of the others.
  const sheets = `/api/studies/${scopedStudy}/administrations/first/shared-links`;
  const { status } = await (await world.asAdministrator()).send('POST', sheets, {});
  if (status >= 400) throw new Error(`the staffroom links could not be made: ${status}`);
  const found = await context.db
    .collection<{ _id: string; school: string }>('invitations')
    .find({ study: scopedStudy, administration: 'first' })
    .toArray();
  return {
    world,
    coordinator: await member('coordinator', { clusters: ['hazelby'], schools: [] }),
    lead: await member('school-lead', { clusters: [], schools: ['ashford-school'] }),
    invitations: new Map(found.map(({ _id, school }) => [school.replace('-school', ''), _id])),
  };
}

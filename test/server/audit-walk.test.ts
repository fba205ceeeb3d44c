/**
 * Every route that has to leave an entry in the audit is really asked, by an administrator of a real study: each makes the
 * chain longer, with its own verb, and nothing in the chain tells a name, an address or an answer.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { toldAfter } from '../../server/audit/about.ts';
import type { AuditEntry } from '../../server/audit/store.ts';
import { recordedRoutes, unrecordedRoutes } from '../../server/audit/verbs.ts';
import { verifyAudit } from '../../server/audit/verify.ts';
import { saveIdentities } from '../../server/identities/store.ts';
import { type Method, signedInAs, type Visitor } from './people.ts';
import { makeWorld, type World } from './world.ts';

let world: World;
let administrator: Visitor;
let colleague: string;
const standsFor: Record<string, string> = {
  study: 'trial',
  administration: 'first',
  kind: 'people',
  member: 'elm-1-teacher-1',
  person: 'elm-1-teacher-1',
  version: '1',
  sheet: 'staff',
  wave: 'baseline',
  instrument: 'staffroom',
  draft: randomUUID(),
  from: 'surveyjs',
  language: 'en-GB',
  dataset: 'survey',
  release: '1',
  export: 'none',
  file: 'data.csv',
  evidence: 'a'.repeat(64),
  format: 'xlsx',
  form: 'n'.repeat(22),
  school: 'elm-1',
  import: randomUUID(),
};

/** Must not be found in the chain, whatever is done with it. */
const secrets = ['Ada Secretname', 'ada.secret@example.org', 'Told in confidence'];
const [name = '', email = '', words = ''] = secrets;

beforeAll(async () => {
  world = await makeWorld({ administrations: [{ id: 'first' }] });
  administrator = await world.asAdministrator();
  const visitor = await signedInAs(world.app, world.context, 'member', 'colleague@example.org');
  colleague = (await visitor.look()).body.account.id;
  const { invitation } = world.takeLink('first');
  Object.assign(standsFor, { invitation: invitation._id, account: colleague, mailing: 'none', message: 'none' });
  await world.context.db.collection<{ _id: string }>('studies').insertOne({ _id: 'demo' });
  await saveIdentities(world.context, 'trial', [{ person: 'elm-1-teacher-1', name, email, language: null }]);
});

const text = { asker: 'The team', paragraphs: [words], consent: 'Yes.', contact: email };
const days = { opens: '2026-01-01', closes: '2026-12-31' };
const plan = {
  title: words,
  instrument: 'staffroom',
  version: 1,
  wave: 'baseline',
  audience: { arms: ['partnership'], roles: ['teacher'] },
  mode: 'confidential',
  ...days,
  languages: ['en-GB'],
  information: { sheet: 'staff', version: 1 },
};
const plainStudy = {
  title: words,
  description: words,
  timeZone: 'Europe/London',
  minimumCell: 5,
  arms: [{ id: 'all', title: 'All', kind: 'comparison' }],
  waves: [{ id: 'only', title: 'Only', ...days }],
};
const share = { role: 'coordinator', clusters: ['elm'], schools: [] };
const inStudy = '/api/studies/:study';
const inAdministration = `${inStudy}/administrations/:administration`;
const member = `${inStudy}/rosters/:kind/members/:member`;
const dataset = { title: words, purpose: words, administrations: ['first'] };
const fidelityModel = JSON.parse(
  readFileSync(new URL('../../instruments/models/spp.v1.json', import.meta.url), 'utf8'),
);
const dates = { identities: null, links: null, messages: null, paradata: null, answers: null };

/** Bodies that get past the form; what the handler says of them is its own affair, and is in the chain too. */
const bodies: Readonly<Record<string, object>> = {
  'POST /api/accounts': { name, email, role: 'viewer', password: 'a brass teapot sings' },
  'POST /api/accounts/invitations': { name, email: `other.${email}`, role: 'viewer' },
  'PUT /api/instruments/:instrument/versions/:version/state': { state: 'retired', why: words },
  'POST /api/instrument-drafts': {
    ...{ from: 'blank', id: 'new-form', title: words },
    ...{ kind: 'survey', subject: 'person', language: 'en-GB' },
  },
  'PUT /api/instrument-drafts/:draft': { revision: 1, instrument: { id: 'new-form', title: words } },
  'PUT /api/instrument-drafts/:draft/languages/:language/sign-off': { hash: 'a'.repeat(64) },
  'POST /api/instrument-drafts/:draft/publish': { revision: 1, latest: null, why: words },
  'POST /api/studies': { id: 'another', ...plainStudy },
  [`PUT ${inStudy}`]: plainStudy,
  [`PUT ${inStudy}/languages`]: { languages: ['en-GB'] },
  [`POST ${inStudy}/members`]: { ...share, name, email: `third.${email}` },
  [`PUT ${inStudy}/members/:account`]: share,
  [`POST ${inStudy}/rosters/:kind`]: {
    id: 'elm-1-teacher-9',
    fields: { school: 'elm-1', role: 'teacher' },
    identity: { name, email, language: null },
  },
  [`PUT ${member}`]: { revision: 0, fields: {}, reason: words, identity: { name, email, language: null } },
  [`POST ${member}/changes`]: { revision: 0, kind: 'leave', on: '2026-05-01', reason: words },
  [`POST ${member}/undo`]: { revision: 0, entry: 'none' },
  [`POST ${inStudy}/waves`]: { id: 'end', title: words, ...days },
  [`PUT ${inStudy}/waves/:wave`]: { title: words, ...days, reason: words },
  [`POST ${inStudy}/administrations`]: { id: 'second', ...plan },
  [`PUT ${inAdministration}`]: { title: words, reason: words },
  [`PUT ${inAdministration}/state`]: { state: 'paused', reason: words },
  [`POST ${inStudy}/information`]: { sheet: 'staff', title: words, texts: { 'en-GB': text } },
  [`PUT ${inStudy}/information/:sheet/versions/:version`]: { title: words, texts: { 'en-GB': text } },
  [`POST ${inAdministration}/calls`]: {
    ...{ key: randomUUID(), school: 'elm-1', on: '2026-05-01' },
    ...{ by: name, said: words, hideUntil: null },
  },
  [`POST ${inAdministration}/shared-links`]: {},
  [`PUT ${inAdministration}/paper`]: { entry: 'single' },
  [`POST ${inAdministration}/paper/forms`]: {
    ...{ kind: 'serial', serial: 'A-1', school: 'elm-1', role: 'teacher' },
    ...{ day: '2026-05-01', agreed: true },
  },
  [`PUT ${inAdministration}/paper/forms/:form/entry`]: { revision: 1, cells: { what_helped: words } },
  [`POST ${inAdministration}/paper/forms/:form/entry/finish`]: { revision: 1, cells: { what_helped: words } },
  [`POST ${inAdministration}/paper/forms/:form/decisions`]: {
    ...{ revision: 1, key: 'what_helped', choice: 'other', value: words, note: words },
  },
  [`POST ${inAdministration}/simulation`]: { people: 1, seed: '1' },
  [`PUT ${inAdministration}/invitations/:invitation/ineligible`]: { reason: 'on-leave' },
  [`POST ${inAdministration}/messages/:message/step`]: { step: 'cancel' },
  [`POST ${inAdministration}/mailings`]: { kind: 'invitation', whom: {}, at: null },
  [`POST ${inAdministration}/message-templates/test`]: { kind: 'invitation', language: 'en-GB' },
  [`PUT ${inStudy}/message-templates/:kind/:language`]: { subject: words, body: words, after: 0 },
  [`POST ${inStudy}/bounces`]: { text: email },
  [`POST ${inStudy}/datasets`]: { name: 'survey', ...dataset },
  [`PUT ${inStudy}/datasets/:dataset`]: { name: 'survey', ...dataset },
  [`POST ${inStudy}/releases`]: { dataset: 'survey', purpose: words },
  [`POST ${inStudy}/exports`]: { dataset: 'survey', format: 'csv' },
  [`POST ${inStudy}/fidelity/resolutions`]: {
    ...{ key: randomUUID(), flag: 'none', decision: 'noted', why: words, seen: 0 },
  },
  [`POST ${inStudy}/fidelity/models`]: {},
  [`PUT ${inStudy}/fidelity/models/:version`]: { revision: 0, model: fidelityModel },
  [`PUT ${inStudy}/fidelity/models/:version/state`]: { revision: 0, state: 'published', why: words },
  [`PUT ${inStudy}/reports/schools/:school/release`]: { state: 'head', why: words },
  [`POST ${inStudy}/people/:person/withdrawal`]: {},
  [`POST ${inStudy}/people/:person/erasure`]: { withdraw: true },
  [`POST ${inStudy}/withdrawals`]: { code: words },
  [`PUT ${inStudy}/retention`]: { withdrawUntil: null, dates },
  [`POST ${inAdministration}/mailings/reach`]: { whom: {} },
  [`POST ${inAdministration}/message-templates/preview`]: { language: 'en-GB', subject: words, body: words },
};

function addressOf(row: string): string {
  const path = row.slice(row.indexOf(' ') + 1);
  const query = path.includes('/code-matches')
    ? '?first=first&second=first'
    : row.startsWith('DELETE ') && path.includes('/fidelity/models')
      ? '?revision=0'
      : '';
  const address = path.replaceAll(/:(\w+)/g, (_, parameter: string) => {
    if (parameter === 'kind' && path.includes('message-templates')) return 'invitation';
    // A PDF wants a browser; that it was asked for is on record before that.
    if ((parameter === 'administration' || parameter === 'instrument') && path.endsWith('.pdf')) return 'none';
    const value = standsFor[parameter];
    if (value === undefined) throw new Error(`say here what stands for :${parameter}`);
    return value;
  });
  return `${address}${query}`;
}

const chain = () =>
  world.context.db
    .collection<AuditEntry>('audit')
    .find({ verb: { $ne: 'account.sign-in' } })
    .sort({ _id: 1 });

/** Whatever takes something away for good comes after all that needs it; the study itself is the last. */
const order = (row: string) => (row === `DELETE ${inStudy}` ? 2 : /erasure$|withdrawal$|^DELETE/.test(row) ? 1 : 0);
const rows = Object.entries(recordedRoutes).sort(([a], [b]) => order(a) - order(b));

test.each(rows)('%s makes the chain longer: %s', async (row, verb) => {
  const before = (await chain().toArray()).length;
  const answer = await administrator.send(row.split(' ')[0] as Method, addressOf(row), bodies[row]);
  expect([401, 403]).not.toContain(answer.status);
  expect(answer.status).toBeLessThan(500);
  const [first, ...more] = (await chain().toArray()).slice(before);
  expect(first, answer.text).toMatchObject({
    verb,
    outcome: 'done',
    actor: { kind: 'account' },
    thing: { route: row },
  });
  const made = row === 'POST /api/studies' ? 'another' : null;
  expect(first?.study ?? null).toBe(row.includes('/:study') ? 'trial' : made);
  if (answer.status >= 400) expect(more).toMatchObject([{ verb, outcome: 'refused', detail: answer.body.code }]);
  else if (row in toldAfter) expect(more).toMatchObject([{ verb, outcome: 'done', request: first?.request }]);
  else expect(more).toEqual([]);
});

test('what was made is told by its id, and what retention was before', async () => {
  const entries = await chain().toArray();
  const thingsOf = (verb: string) => entries.filter((entry) => entry.verb === verb).map(({ thing }) => thing);
  for (const [verb, name, id] of [
    ['administration.create', 'administration', 'second'],
    ['wave.create', 'wave', 'end'],
    ['information.create', 'sheet', 'staff'],
    ['roster.add', 'member', 'elm-1-teacher-9'],
    ['call.note', 'school', 'elm-1'],
  ] as const) {
    expect(thingsOf(verb).map((thing) => thing[name])).toContain(id);
  }
  expect(thingsOf('information.create').map(({ version }) => version)).toContain('1');
  const accounts = (await administrator.send('GET', '/api/accounts')).body.accounts.map(
    (one: { id: string }) => one.id,
  );
  for (const verb of ['account.create', 'account.invite', 'study.share']) {
    expect(accounts.some((id: string) => thingsOf(verb).some(({ account }) => account === id))).toBe(true);
  }
  expect(entries.findLast(({ verb }) => verb === 'retention.set')?.detail).toBe('nothing changed');
});

test.each(Object.keys(unrecordedRoutes).filter((row) => row.includes('/:study')))(
  '%s leaves it as it is',
  async (row) => {
    const before = await chain().toArray();
    await administrator.send(row.split(' ')[0] as Method, addressOf(row), bodies[row]);
    expect(await chain().toArray()).toHaveLength(before.length);
  },
);

test('after all this the chain is whole, and tells no name, no address and nothing that anybody wrote', async () => {
  const entries = await chain().toArray();
  expect(entries.length).toBeGreaterThanOrEqual(rows.length);
  expect(await verifyAudit(world.context.db)).toMatchObject({ ok: true, faults: [] });
  const told = JSON.stringify(entries).toLowerCase();
  for (const secret of secrets) expect(told).not.toContain(secret.toLowerCase());
});

test('a request whose form is wrong is on record as refused, without what was written in it', async () => {
  world = await makeWorld({ administrations: [{ id: 'first' }] });
  const evaluator = await world.asEvaluator();
  const refused = await evaluator.send('POST', '/api/studies/trial/waves', { id: email, title: words });
  expect(refused.status).toBe(400);
  const set = { withdrawUntil: '2090-01-01', dates: { ...dates, links: '2091-01-01' } };
  expect((await evaluator.send('PUT', '/api/studies/trial/retention', set)).status).toBe(200);
  const later = { ...set, withdrawUntil: null };
  expect((await evaluator.send('PUT', '/api/studies/trial/retention', later)).status).toBe(200);
  expect((await chain().toArray()).map(({ verb, outcome, detail }) => [verb, outcome, detail])).toEqual([
    ['wave.create', 'refused', 'invalid-request'],
    ['retention.set', 'done', 'withdrawUntil: for good to 2090-01-01; links: for good to 2091-01-01'],
    ['retention.set', 'done', 'withdrawUntil: 2090-01-01 to for good'],
  ]);
  for (const secret of secrets) expect(JSON.stringify(await chain().toArray())).not.toContain(secret);
});

test('a page that asks again and again leaves an entry a day, and other people their own', async () => {
  world = await makeWorld({ administrations: [{ id: 'first' }] });
  const { context, app } = world;
  const [one, other] = [await world.asEvaluator(), await signedInAs(app, context, 'evaluator', 'b@example.org')];
  const ask = async (who: Visitor) => {
    await who.send('GET', '/api/studies/trial/administrations/first/messages');
    return (await chain().toArray()).filter(({ verb }) => verb === 'message.read').length;
  };
  world.setClock(new Date('2026-05-01T08:00:00Z'));
  expect([await ask(one), await ask(one), await ask(other)]).toEqual([1, 1, 2]);
  world.setClock(new Date('2026-05-01T23:59:00Z'));
  expect(await ask(one)).toBe(2);
  world.setClock(new Date('2026-05-02T00:01:00Z'));
  expect([await ask(one), await ask(one)]).toEqual([3, 3]);
});

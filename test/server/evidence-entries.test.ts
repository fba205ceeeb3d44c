/** Evidence where a link is open on two devices: it stays with the response or the entry that it came with. */
import { randomUUID } from 'node:crypto';
import request from 'supertest';
import { expect, test } from 'vitest';
import { loadLibrary } from '../../server/instruments/library.ts';
import { makeWorld, type TestLink } from './world.ts';

const audience = { arms: ['partnership'], roles: ['improvement-champion' as const] };
const log = { instrument: 'implementation-log', version: 2, audience };
const world = await makeWorld({
  instruments: (await loadLibrary()).filter(({ id }) => id === 'implementation-log'),
  people: { 'improvement-champion': 2 },
  administrations: [
    { id: 'once', ...log },
    { id: 'again', ...log, repeats: true },
  ],
});

const pdf = Buffer.from('%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF\n');

async function answersWithFile({ path }: TestLink): Promise<{ key: string; answers: { events: object[] } }> {
  const key = randomUUID();
  const brought = await request(world.app)
    .put(`/api${path}/evidence/${key}`)
    .query({ question: 'ev_evidence', name: 'agenda.pdf' })
    .set('content-type', 'application/octet-stream')
    .send(pdf);
  expect(brought.status, brought.text).toBe(201);
  const file = { name: 'agenda.pdf', type: '', content: key };
  const events = [{ ev_kind: 4, ev_held: 1, ev_date: '2026-03-02', ev_evidence: [file] }];
  const period = { period_start: '2026-01-01', period_end: '2026-07-31', cluster_schools: 2 };
  return { key, answers: { ...period, events } };
}

const send = ({ path }: TestLink, answers: object) =>
  request(world.app)
    .post(`/api${path}/responses`)
    .send({ key: randomUUID(), answers, consent: { information: 1, agreed: true } });

test('the same answers from a second device leave the file with the response that stands', async () => {
  const link = world.takeLink('once');
  const { key, answers } = await answersWithFile(link);
  expect((await send(link, answers)).status).toBe(201);
  expect((await send(link, answers)).status).toBe(200);
  const [response, ...others] = await world.context.db
    .collection('responses')
    .find({ administration: 'once' })
    .toArray();
  expect(others).toEqual([]);
  const file = await world.context.db.collection('evidence').findOne({ key });
  expect(file).toMatchObject({ state: 'attached', response: response?._id });
});

test('a second entry of a link does not take the file of the first', async () => {
  const link = world.takeLink('again');
  const { key, answers } = await answersWithFile(link);
  expect((await send(link, answers)).status).toBe(201);
  const before = await world.context.db.collection('evidence').findOne({ key });
  const refused = await send(link, { ...answers, cluster_schools: 3 });
  expect([refused.status, refused.body.issues]).toMatchObject([422, [{ code: 'unknown-file' }]]);
  expect(await world.context.db.collection('evidence').findOne({ key })).toEqual(before);
});

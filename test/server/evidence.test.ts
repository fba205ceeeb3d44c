/**
 * Files of evidence: what is taken and what is cut off, whose files an answer may name, how they are given out, and when they go:
 * with a withdrawal, with the study, and when they were never sent.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Instrument } from '../../instruments/instrument.ts';
import { parseInstrument } from '../../instruments/parse.ts';
import { sweepEvidence } from '../../server/evidence/attach.ts';
import { harmlessName } from '../../server/evidence/file-name.ts';
import { quota } from '../../server/evidence/upload.ts';
import { withdrawPerson } from '../../server/rights/withdraw.ts';
import { deleteStudy } from '../../server/studies/delete.ts';
import { listen, type Site } from '../browser/browser.ts';
import { archiveOf } from './archives.ts';
import { unzipped } from './exports.ts';
import { makeWorld, type TestLink, type World } from './world.ts';

let world: World;
let site: Site;
const consent = { information: 1, agreed: true };
const pdf = (bytes = 2000) => Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(bytes)]);
const png = Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), randomBytes(500)]);
const word = archiveOf({ '[Content_Types].xml': '<Types/>', 'word/document.xml': '<w:document/>' });

async function logWithEvidence(): Promise<Instrument> {
  const file = new URL('../../instruments/library/implementation-log.v2.json', import.meta.url);
  const parsed = parseInstrument(JSON.parse(await readFile(file, 'utf8')));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return parsed.value;
}

beforeAll(async () => {
  const audience = { arms: ['partnership'], roles: ['improvement-champion' as const] };
  world = await makeWorld({
    instruments: [await logWithEvidence()],
    people: { 'improvement-champion': 12 },
    administrations: [{ id: 'log', instrument: 'implementation-log', version: 2, audience }],
  });
  site = await listen(world.app);
});
afterAll(() => site.close());

interface Asked {
  readonly name?: string;
  readonly key?: string;
  readonly question?: string;
}
const bring = (
  { path }: TestLink,
  content: Buffer,
  { name = 'agenda.pdf', key = randomUUID(), question }: Asked = {},
) =>
  request(world.app)
    .put(`/api${path}/evidence/${key}`)
    .query({ question: question ?? 'ev_evidence', name })
    .set('content-type', 'application/octet-stream')
    .send(content);
const event = (more: object = {}) => ({ ev_kind: 4, ev_held: 1, ev_date: '2026-03-02', ...more });
const log = (...events: readonly object[]) => ({
  ...{ period_start: '2026-01-01', period_end: '2026-07-31', cluster_schools: 2 },
  events,
});
const named = (name: string, content: string) => ({ name, type: '', content });
const send = ({ path }: TestLink, answers: object, key: string = randomUUID()) =>
  request(world.app).post(`/api${path}/responses`).send({ key, answers, consent });
const stored = async () => {
  const { db } = world.context;
  const count = (name: string) => db.collection(name).countDocuments();
  const [documents, files] = [await count('evidence'), await count('evidenceFiles.files')];
  const chunks = await count('evidenceFiles.chunks');
  return { documents, files, chunks };
};

describe('what is taken', () => {
  const kinds: readonly (readonly [string, Buffer, string])[] = [
    ['agenda.pdf', pdf(), 'agenda.pdf'],
    ['photo.JPEG', Buffer.from([0xff, 0xd8, 0xff, 0xe0, ...randomBytes(300)]), 'photo.jpg'],
    ['chart.png', png, 'chart.png'],
    ['notes.docx', word, 'notes.docx'],
    ['sheet.xlsx', archiveOf({ '[Content_Types].xml': '', 'xl/workbook.xml': '' }), 'sheet.xlsx'],
    ['slides.pptx', archiveOf({ '[Content_Types].xml': '', 'ppt/presentation.xml': '' }), 'slides.pptx'],
    ['text.odt', archiveOf({ mimetype: 'application/vnd.oasis.opendocument.text', 'content.xml': '' }), 'text.odt'],
    ['page.html', png, 'page.png'],
    ['..\\..\\etc/passwd', pdf(), 'passwd.pdf'],
    ['\u202Egnp.exe"; x=\r\ny.png', png, 'gnp.exe x= y.png'],
    ['<img src=x onerror=alert(1)>.png', png, 'img src=x onerror=alert(1).png'],
    ['CON.pdf', pdf(), 'CON_.pdf'],
    ['.htaccess', pdf(), 'evidence.pdf'],
    ['نشرة.pdf', pdf(), 'نشرة.pdf'],
  ];
  test.each(kinds)('%j', async (given, content, name) => {
    const answer = await bring(world.links('log')[0] as TestLink, content, { name: given });
    expect(answer.status, answer.text).toBe(201);
    expect(answer.body).toEqual({ name, bytes: content.length });
  });

  test('names stay short, and whole characters', () => {
    expect(harmlessName('x'.repeat(79) + '😀'.repeat(20), 'pdf')).toBe(`${'x'.repeat(79)}.pdf`);
  });

  const refused: readonly (readonly [string, Buffer])[] = [
    ['a page', Buffer.from('<html><script>alert(1)</script></html>')],
    ['a picture that can run scripts', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')],
    ['a program', Buffer.concat([Buffer.from('MZ'), randomBytes(300)])],
    ['a text', Buffer.from('%PDG-1.7 nearly')],
    ['nothing', Buffer.alloc(0)],
    ['a plain archive', archiveOf({ 'readme.txt': 'hello' })],
    ['macros', archiveOf({ '[Content_Types].xml': '', 'word/document.xml': '', 'word/vbaProject.bin': 'x' })],
    ['an archive that is cut short', word.subarray(0, -4)],
    [
      'an archive behind a password',
      archiveOf({ '[Content_Types].xml': '', 'word/document.xml': '' }, { encrypted: true }),
    ],
    ['a list of contents that points anywhere', archiveOf({ 'word/document.xml': '' }, { listAt: 0xfffffff0 })],
  ];
  test.each(refused)('not %s, whatever it is called, and nothing of it stays', async (_what, content) => {
    const before = await stored();
    const answer = await bring(world.links('log')[0] as TestLink, content, { name: 'agenda.pdf' });
    expect(answer.status).toBe(415);
    expect(answer.body.code).toBe('evidence-type');
    expect(await stored()).toEqual(before);
  });

  test('not for a question that takes none, not through an unknown or a shared link', async () => {
    const [link] = world.links('log');
    const other = await bring(link as TestLink, pdf(), { question: 'attended' });
    expect(other.body.issues).toMatchObject([{ code: 'unknown-item', path: 'query.question' }]);
    const unknown = await bring({ ...(link as TestLink), path: `/s/${'x'.repeat(22)}` }, pdf());
    expect(unknown.body.code).toBe('link-unknown');
  });

  test('the same file under the same key once, another one never', async () => {
    const link = world.links('log')[1] as TestLink;
    const [key, content] = [randomUUID(), pdf()];
    expect((await bring(link, content, { key })).status).toBe(201);
    const before = await stored();
    expect((await bring(link, content, { key })).status).toBe(200);
    expect((await bring(link, pdf(), { key })).status).toBe(409);
    const twice = await Promise.all(
      [randomUUID()].flatMap((one) => [1, 2].map(() => bring(link, content, { key: one }))),
    );
    expect(twice.map(({ status }) => status).sort()).toEqual([200, 201]);
    expect(await stored()).toEqual({
      documents: before.documents + 1,
      files: before.files + 1,
      chunks: before.chunks + 1,
    });
  });
});

/** Sends without an end until the server answers or hangs up; how much went out, and what came back. */
function pour(path: string, { chunked, bytes }: { chunked: boolean; bytes: number }) {
  const url = new URL(`${site.origin}/api${path}/evidence/${randomUUID()}?question=ev_evidence&name=big.pdf`);
  const headers = {
    'content-type': 'application/octet-stream',
    ...(chunked ? {} : { 'content-length': String(bytes) }),
  };
  return new Promise<{ status: number; code: string; sent: number }>((resolve, reject) => {
    let sent = 0;
    let answer: { status: number; code: string } | null = null;
    const asked = httpRequest(url, { method: 'PUT', headers });
    const piece = Buffer.alloc(64 * 1024, 0x20);
    const write = (): void => {
      while (sent < bytes && !asked.destroyed) {
        sent += piece.length;
        if (!asked.write(piece)) return;
      }
      if (!asked.destroyed) asked.end();
    };
    asked.on('drain', write);
    asked.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => {
        answer = { status: response.statusCode ?? 0, code: String((JSON.parse(text) as { code: string }).code) };
      });
    });
    asked.on('error', (error) => (answer ? undefined : reject(error)));
    asked.on('close', () => (answer ? resolve({ ...answer, sent }) : reject(new Error('no answer'))));
    asked.write(Buffer.from('%PDF-1.7\n'));
    write();
  });
}

describe('a file that is too large', () => {
  test.each([
    ['that says so', false],
    ['that does not say how large it is', true],
  ])('%s is answered and cut off, long before 200 MB', async (_what, chunked) => {
    const before = await stored();
    const link = world.links('log')[2] as TestLink;
    const { status, code, sent } = await pour(link.path, { chunked, bytes: 200_000_000 });
    expect([status, code]).toEqual([413, 'evidence-too-large']);
    // What is on its way in the buffers of both ends, beside the ten megabytes that are allowed.
    expect(sent).toBeLessThan(60_000_000);
    expect(await stored()).toEqual(before);
  });

  test('ten megabytes are not', async () => {
    const answer = await bring(world.links('log')[2] as TestLink, pdf(9_999_000));
    expect(answer.status, answer.text).toBe(201);
  });

  test('and no link may have more than its share', async () => {
    const link = world.links('log')[3] as TestLink;
    for (let at = 0; at < quota.files; at += 1) expect((await bring(link, pdf(50))).status).toBe(201);
    const over = await bring(link, pdf(50));
    expect([over.status, over.body.code]).toEqual([409, 'evidence-full']);
  });
});

describe('what an answer may name', () => {
  test('files of its own link under the name that they were given, each once', async () => {
    const [link, other] = [world.links('log')[4], world.links('log')[5]] as [TestLink, TestLink];
    const [mine, theirs] = [randomUUID(), randomUUID()];
    await bring(link, pdf(), { key: mine });
    await bring(other, pdf(), { key: theirs });
    const place = 'answers.events[0].ev_evidence';
    const cases: readonly (readonly [unknown, string, string])[] = [
      [[named('agenda.pdf', theirs)], 'unknown-file', `${place}[0]`],
      [[named('agenda.pdf', randomUUID())], 'unknown-file', `${place}[0]`],
      [[named('../../x.html', mine)], 'unknown-file', `${place}[0]`],
      [[named('agenda.pdf', mine), named('agenda.pdf', mine)], 'repeated-value', `${place}[1]`],
      [[{ ...named('agenda.pdf', mine), extra: 1 }], 'unknown-part', `${place}[0].extra`],
      [[named('agenda.pdf', 'data:text/html,x')], 'wrong-type', `${place}[0].content`],
      [[named('agenda.pdf', mine), ...[1, 2, 3].map(() => named('a.pdf', randomUUID()))], 'too-many', place],
    ];
    for (const [ev_evidence, code, path] of cases) {
      const answer = await send(link, log(event({ ev_evidence })));
      expect(answer.status).toBe(422);
      expect(answer.body.issues[0]).toMatchObject({ code, path });
    }
    expect((await send(link, log(event({ ev_evidence: [named('agenda.pdf', mine)] })))).status).toBe(201);
    // Nothing more comes in behind answers that were sent.
    expect((await bring(link, pdf())).body.code).toBe('link-used');
  });
});

describe('how it is given out', () => {
  let id = '';
  const path = () => `/api/studies/trial/evidence/${id}`;
  const content = pdf(3_000_000);
  const key = randomUUID();

  test('by those who may see rows, always to be saved, from a sandbox', async () => {
    const link = world.links('log')[6] as TestLink;
    await bring(link, content, { key, name: 'Tagesordnung – März.pdf' });
    const found = await world.context.db.collection<{ _id: string; key: string }>('evidence').findOne({ key });
    id = found?._id ?? '';
    const analyst = await world.asAnalyst();
    expect((await analyst.agent.get(path())).status).toBe(404);
    const second = event({ ev_date: '2026-03-09', ev_evidence: [named('Tagesordnung – März.pdf', key)] });
    expect((await send(link, log(event(), second))).status).toBe(201);
    const answer = await analyst.agent
      .get(path())
      .buffer(true)
      .parse((response, done) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () => done(null, Buffer.concat(parts)));
      });
    expect(answer.status).toBe(200);
    expect(content.equals(answer.body as Buffer)).toBe(true);
    expect(answer.headers['content-disposition']).toMatch(/^attachment; filename=".*"; filename\*=UTF-8''Tagesordnung/);
    expect(answer.headers['content-type']).toBe('application/octet-stream');
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
    expect(answer.headers['content-security-policy']).toBe("sandbox; default-src 'none'");
    const entry = await world.context.db.collection<{ _id: string }>('evidence').findOne({ _id: id });
    expect(entry).toMatchObject({ state: 'attached', entry: { table: 'events', number: 2 } });
  });

  test('to nobody else, and it is in the audit', async () => {
    expect((await (await world.asViewer()).agent.get(path())).status).toBe(403);
    expect((await request(world.app).get(path())).status).toBe(401);
    expect((await (await world.asAnalyst()).agent.get('/api/studies/trial/evidence/..%2f..%2fx')).status).toBe(400);
    const entries = await world.context.db.collection('audit').find({ verb: 'evidence.read' }).toArray();
    expect(entries.length).toBeGreaterThan(0);
    expect(JSON.stringify(entries)).not.toContain('Tagesordnung');
    expect(world.logLines.join('\n')).not.toContain('Tagesordnung');
  });

  test('of a dataset it is a number alone', async () => {
    const analyst = await world.asAnalyst();
    const answer = await analyst.agent
      .get('/api/studies/trial/administrations/log/dataset.zip')
      .buffer(true)
      .parse((response, done) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () => done(null, Buffer.concat(parts)));
      });
    expect(answer.status).toBe(200);
    const files = await unzipped(answer.body as Buffer);
    expect([...files.values()].some((file) => file.includes('ev_evidence_n'))).toBe(true);
    for (const [name, file] of files)
      expect([name, file.includes(key), file.includes('Tagesordnung')]).toEqual([name, false, false]);
  });
});

describe('when it goes', () => {
  const later = (hours: number) => world.setClock(new Date(Date.now() + hours * 3_600_000));
  const evidenceOf = (link: TestLink) =>
    world.context.db.collection('evidence').find({ invitation: link.invitation._id }).toArray();

  test('what was never sent goes after a day, what a draft names stays, what a crash left unbound is bound', async () => {
    const [never, drafted, cut] = [7, 8, 9].map((at) => world.links('log')[at]) as [TestLink, TestLink, TestLink];
    const [a, b] = [randomUUID(), randomUUID()];
    await bring(never, pdf());
    await bring(drafted, pdf(), { key: a });
    await bring(cut, pdf(), { key: b });
    const answers = log(event({ ev_evidence: [named('agenda.pdf', a)] }));
    const draft = await request(world.app).put(`/api${drafted.path}/draft`).send({ answers, page: 1, consent });
    expect(draft.status, draft.text).toBe(200);
    expect((await send(cut, log(event({ ev_evidence: [named('agenda.pdf', b)] })))).status).toBe(201);
    const unbound = { $set: { state: 'uploaded', response: null, entry: null } };
    await world.context.db.collection('evidence').updateOne({ key: b }, unbound);
    later(12);
    await sweepEvidence(world.context);
    expect((await evidenceOf(never)).length).toBe(1);
    later(36);
    await sweepEvidence(world.context);
    expect((await evidenceOf(never)).length).toBe(0);
    expect(await evidenceOf(drafted)).toMatchObject([{ state: 'uploaded' }]);
    expect(await evidenceOf(cut)).toMatchObject([{ state: 'attached', entry: { table: 'events', number: 1 } }]);
    world.setClock(null);
    const { documents, files } = await stored();
    expect(files).toBe(documents);
  });

  test('with the answers of who withdraws, and all of it with the study', async () => {
    const link = world.links('log')[6] as TestLink;
    expect((await evidenceOf(link)).length).toBe(1);
    await withdrawPerson(world.context, 'trial', link.invitation.person ?? '', 'evaluator');
    expect((await evidenceOf(link)).length).toBe(0);
    await deleteStudy(world.context, 'trial');
    expect(await stored()).toEqual({ documents: 0, files: 0, chunks: 0 });
  });
});

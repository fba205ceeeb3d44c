/** Links that a staffroom shares: many responses, each device once, printed with QR codes; scopes; and guessing at links. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import jsQR from 'jsqr';
import request from 'supertest';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { saveStudyAccess } from '../../server/accounts/study-roles.ts';
import { createApp } from '../../server/app.ts';
import type { Context } from '../../server/context.ts';
import { connectDatabase } from '../../server/database/connect.ts';
import { findLinkByHash } from '../../server/invitations/store.ts';
import { hashToken } from '../../server/invitations/tokens.ts';
import { type StoredResponse, streamResponses } from '../../server/responses/store.ts';
import { launchBrowser } from '../browser/browser.ts';
import { accountOf, Visitor } from './people.ts';
import { makeWorld, type World } from './world.ts';

const modes = ['confidential', 'anonymous'] as const;
let world: World;
let context: Context;
let evaluator: Visitor;

beforeAll(async () => {
  world = await makeWorld({
    people: { teacher: 3, headteacher: 1 },
    administrations: modes.map((mode) => ({
      id: mode,
      mode,
      audience: { arms: ['partnership', 'comparison'], roles: ['teacher', 'headteacher'] },
    })),
    environment: { PUBLIC_URL: 'http://127.0.0.1:3000', CHROMIUM_PATH: process.env.CHROMIUM_PATH ?? '' },
  });
  ({ context } = world);
  evaluator = await world.asEvaluator();
});

const url = (administration: string, rest: string) =>
  `/api/studies/${world.study.id}/administrations/${administration}/${rest}`;

interface Row {
  readonly id: string;
  readonly shared: boolean;
  readonly school: string;
  readonly role: string;
  readonly state: string;
  readonly url: string;
}
async function sharedRows(administration: string): Promise<Row[]> {
  await evaluator.send('POST', url(administration, 'shared-links'), {});
  const { body } = await evaluator.send('GET', url(administration, 'invitations'));
  return (body.invitations as Row[]).filter(({ shared }) => shared);
}
const tokenOf = ({ url: address }: Row) => new URL(address).pathname.split('/')[2] ?? '';

const answers = { role: 1, years: 3, statements: { help: 1, plan: 2, alone: 1 } };
const consent = { information: 1, agreed: true };
const send = (token: string, key: string, more: object = {}) =>
  request(world.app)
    .post(`/api/s/${token}/responses`)
    .send({ key, answers: { ...answers, ...more }, consent });

async function responsesOf(administration: string): Promise<StoredResponse[]> {
  const found = [];
  for await (const response of streamResponses(context.db, world.study.id, administration)) found.push(response);
  return found;
}

describe.each(modes)('in a %s administration', (mode) => {
  test('there is one link for a school and role, and making them again makes none', async () => {
    const made = await evaluator.send('POST', url(mode, 'shared-links'), {});
    expect(made.body).toEqual({ made: 6 });
    expect((await evaluator.send('POST', url(mode, 'shared-links'), {})).body).toEqual({ made: 0 });
    const rows = await sharedRows(mode);
    expect(rows.map(({ school, role }) => `${school} ${role}`)).toEqual([
      'elm-1 headteacher',
      'elm-1 teacher',
      'elm-2 headteacher',
      'elm-2 teacher',
      'oak-1 headteacher',
      'oak-1 teacher',
    ]);
    expect(new Set(rows.map(tokenOf)).size).toBe(6);
    for (const row of rows) expect(Buffer.from(tokenOf(row), 'base64url')).toHaveLength(16);
  });

  test('everybody on the staff counts as invited, on the page of the study as in the response rates', async () => {
    const { body } = await evaluator.send('GET', '/api/studies/trial');
    const listed = body.administrations.find(({ id }: { id: string }) => id === mode);
    // Three teachers and a headteacher in each of the three schools, with six links beside their own.
    expect(listed.invited).toBe(12);
    expect((await evaluator.send('GET', url(mode, 'rates'))).body.total.eligible).toBe(12);
  });

  test('many answer through one link, a retry is a success, and each response knows school and role only', async () => {
    const row = (await sharedRows(mode)).find(({ school, role }) => school === 'elm-2' && role === 'teacher') as Row;
    const token = tokenOf(row);
    const keys = Array.from({ length: 8 }, () => crypto.randomUUID());
    const sent = await Promise.all(keys.map((key, at) => send(token, key, { years: at })));
    expect(sent.map(({ status }) => status)).toEqual(keys.map(() => 201));
    expect((await send(token, keys[0] as string, { years: 0 })).status).toBe(200);
    expect((await send(token, keys[0] as string, { years: 50 })).body.code).toBe('answers-differ');
    const stored = await responsesOf(mode);
    expect(stored).toHaveLength(8);
    // Three teachers and a headteacher are too few to tell their school without telling who they are.
    const place =
      mode === 'anonymous'
        ? { cluster: 'elm', school: null, role: null }
        : { cluster: 'elm', school: 'elm-2', role: 'teacher' };
    for (const { person, invitation, cluster, school, role, subject } of stored) {
      expect({ person, invitation, cluster, school, role, subject }).toEqual({
        person: null,
        invitation: null,
        ...place,
        subject: { kind: 'person', id: null },
      });
    }
    // A key of one school does not open another one's response.
    const other = (await sharedRows(mode)).find(({ school }) => school === 'oak-1') as Row;
    expect((await send(tokenOf(other), keys[0] as string, { years: 0 })).status).toBe(400);
    const page = await request(world.app).get(`/api/s/${token}`);
    expect(page.body).toMatchObject({ draft: null });
  });

  test('the server keeps nothing that is not sent', async () => {
    const [row] = await sharedRows(mode);
    const draft = await request(world.app)
      .put(`/api/s/${tokenOf(row as Row)}/draft`)
      .send({ answers: { role: 1 }, page: 0, consent });
    expect(draft).toMatchObject({ status: 409, body: { code: 'state-not-allowed' } });
    expect(await context.db.collection('drafts').countDocuments()).toBe(0);
  });

  test('a shared link can be withdrawn and made anew, also after answers came through it', async () => {
    const row = (await sharedRows(mode)).find(({ school, role }) => school === 'elm-2' && role === 'teacher') as Row;
    const before = (await responsesOf(mode)).length;
    const renewed = await evaluator.send('POST', url(mode, `invitations/${row.id}/reissue`));
    expect(renewed.status).toBe(200);
    expect((await send(tokenOf(row), crypto.randomUUID())).body.code).toBe('link-revoked');
    expect((await send(tokenOf(renewed.body), crypto.randomUUID())).status).toBe(201);
    expect((await evaluator.send('POST', url(mode, `invitations/${row.id}/revoke`))).body.state).toBe('revoked');
    expect((await send(tokenOf(renewed.body), crypto.randomUUID())).body.code).toBe('link-revoked');
    await evaluator.send('POST', url(mode, `invitations/${row.id}/reissue`));
    expect(await responsesOf(mode)).toHaveLength(before + 1);
  });

  test('personal links go on taking answers once', async () => {
    const { token } = world.takeLink(mode);
    expect((await send(token, crypto.randomUUID())).status).toBe(201);
    expect((await send(token, crypto.randomUUID(), { years: 9 })).body.code).toBe('link-used');
  });
});

describe('printed sheets', () => {
  test('say in a tagged PDF what a staffroom needs, and every QR code leads to the link that is printed', async () => {
    const rows = await sharedRows('anonymous');
    const answer = await evaluator.agent
      .get(url('anonymous', 'qr-sheets.pdf'))
      .buffer(true)
      .parse((response, done) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () => done(null, Buffer.concat(parts)));
      });
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('application/pdf');
    const folder = await mkdtemp(join(tmpdir(), 'fidelis-test-pdf-'));
    const file = join(folder, 'sheets.pdf');
    await writeFile(file, answer.body as Buffer);
    expect((answer.body as Buffer).toString('latin1')).toContain('/MarkInfo');
    const { stdout } = await promisify(execFile)('pdftotext', ['-layout', file, '-']);
    await rm(folder, { recursive: true });
    const pages = stdout.split('\f').filter((page) => page.trim() !== '');
    expect(pages).toHaveLength(rows.length);
    expect(pages[1]).toContain('Elm Primary 1');
    expect(pages[1]).toContain('For: Teachers');
    expect(pages[1]).toContain('Working together');
    expect(pages[1]).toContain('Answers are taken until 31 December 2099.');
    for (const row of rows) expect(stdout.replace(/\s+/g, '')).toContain(row.url.replace('http://', ''));
  }, 120_000);

  test('stand on a page for the browser that loads nothing, with codes that an independent reader decodes', async () => {
    const rows = await sharedRows('confidential');
    const page = await evaluator.send('GET', url('confidential', 'qr-sheets.html?school=oak-1'));
    expect(page.status).toBe(200);
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    const browser = await launchBrowser();
    const seen = await browser.newPage({ viewport: { width: 800, height: 1100 } });
    await seen.setContent(page.text);
    const decoded = [];
    for (const code of await seen.locator('.code').all()) {
      const png = (await code.screenshot()).toString('base64');
      const { data, width, height } = await seen.evaluate(async (image) => {
        const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${image}`)).blob());
        const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
        const pen = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
        pen.drawImage(bitmap, 0, 0);
        const pixels = pen.getImageData(0, 0, bitmap.width, bitmap.height);
        return { data: [...pixels.data], width: bitmap.width, height: bitmap.height };
      }, png);
      decoded.push(jsQR.default(new Uint8ClampedArray(data), width, height)?.data);
    }
    await browser.close();
    const expected = rows.filter(({ school }) => school === 'oak-1').map(({ url: address }) => address);
    expect(decoded.sort()).toEqual(expected.sort());
  }, 120_000);

  test('are refused in words where there are no such links, and where there is no Chromium', async () => {
    const none = await evaluator.send('GET', url('anonymous', 'qr-sheets.html?school=no-school'));
    expect(none).toMatchObject({ status: 404, body: { code: 'not-found' } });
    const without = await makeWorld({ environment: { CHROMIUM_PATH: '/no/such/program' } });
    const visitor = await without.asEvaluator();
    const at = `/api/studies/${without.study.id}/administrations/baseline-staffroom`;
    await visitor.send('POST', `${at}/shared-links`, {});
    expect(await visitor.send('GET', `${at}/qr-sheets.pdf`)).toMatchObject({
      status: 503,
      body: { code: 'pdf-unavailable' },
    });
  });
});

describe('a coordinator', () => {
  test('sees, prints and changes links of the own clusters only', async () => {
    const account = await accountOf(context, 'member', 'coordinator@example.org');
    const access = {
      study: world.study.id,
      account: account.id,
      role: 'coordinator',
      clusters: ['elm'],
      schools: [],
    } as const;
    await saveStudyAccess(context.db, { ...access, clusters: [...access.clusters], schools: [] });
    const coordinator = new Visitor(world.app);
    await coordinator.signIn(account.email);
    const all = (await evaluator.send('GET', url('confidential', 'invitations'))).body;
    const own = (await coordinator.send('GET', url('confidential', 'invitations'))).body;
    expect(own.total).toBeLessThan(all.total);
    expect(new Set((own.invitations as Row[]).map(({ school }) => school))).toEqual(new Set(['elm-1', 'elm-2']));
    const csv = await coordinator.send('GET', url('confidential', 'invitations.csv'));
    expect(csv.text).not.toContain('oak-1');
    expect(csv.text.trim().split('\r\n')).toHaveLength(own.total + 1);
    expect((await coordinator.send('GET', url('confidential', 'invitations?school=oak-1'))).body.total).toBe(0);
    expect((await coordinator.send('GET', url('confidential', 'qr-sheets.html'))).text).not.toContain('Oak Primary');
    const foreign = (all.invitations as Row[]).find(({ school }) => school === 'oak-1') as Row;
    const mine = (own.invitations as Row[])[0] as Row;
    for (const step of ['revoke', 'reissue']) {
      expect((await coordinator.send('POST', url('confidential', `invitations/${foreign.id}/${step}`))).status).toBe(
        404,
      );
    }
    expect((await coordinator.send('POST', url('confidential', `invitations/${mine.id}/reissue`))).status).toBe(200);
    expect((await coordinator.send('GET', url('confidential', 'messages'))).status).toBe(403);
  });
});

describe('guessing at links', () => {
  test('every wrong text gets the same answer, for the same work', async () => {
    const token = world.takeLink('confidential').token;
    const near = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`;
    const wrong = ['x', near, `${token}A`, 'A'.repeat(22), 'a b', 'ä'.repeat(22), 'A'.repeat(500)];
    const bodies = new Set<string>();
    const work = new Set<string>();
    const mongodbUri = inject('mongodbUri');
    const monitored = await connectDatabase({
      mongodbUri: `${mongodbUri}${mongodbUri.includes('?') ? '&' : '/?'}monitorCommands=true`,
      dataFolder: '',
      databaseName: context.db.name,
      log: context.log,
    });
    const client = monitored.connection.getClient();
    const app = createApp({ ...context, db: monitored.connection });
    for (const text of wrong) {
      const commands: string[] = [];
      const note = ({ commandName, command }: { commandName: string; command: Record<string, unknown> }) =>
        commands.push(`${commandName} ${String(command[commandName])}`);
      client.on('commandStarted', note);
      const answer = await request(app).get(`/api/s/${encodeURIComponent(text)}`);
      client.off('commandStarted', note);
      expect(answer.status).toBe(404);
      bodies.add(JSON.stringify({ ...answer.body, instance: '' }));
      work.add(commands.join(', '));
    }
    await monitored.close();
    expect([...bodies]).toHaveLength(1);
    expect([...work]).toEqual(['find invitations, findAndModify rateLimits, findAndModify rateLimits']);
  });

  test('a link that was replaced is found by the same single query', async () => {
    const { invitation, token } = world.takeLink('confidential');
    await evaluator.send('POST', url('confidential', `invitations/${invitation._id}/reissue`));
    expect(await findLinkByHash(context.db, hashToken(token))).toBe('replaced');
    expect(await findLinkByHash(context.db, hashToken('A'.repeat(22)))).toBeNull();
  });
});

/** The page of a survey link as the server writes it: the first words without any script, and plain words for every closed door. */
import { randomUUID } from 'node:crypto';
import request from 'supertest';
import { beforeAll, describe, expect, test } from 'vitest';
import { revokeInvitation } from '../../server/invitations/store.ts';
import { html, jsonText } from '../../server/responses/html.ts';
import { makeWorld, type World } from './world.ts';

const hostile = '</script><script>alert(1)</script><img src=x onerror=alert(2)>"\'&';

let world: World;
beforeAll(async () => {
  world = await makeWorld({
    people: { teacher: 8 },
    study: { simulated: true },
    administrations: [
      { id: 'open' },
      { id: 'anonymous', mode: 'anonymous' },
      { id: 'hostile', title: hostile },
      { id: 'planned', state: 'planned', opens: '2099-01-01' },
      { id: 'early', opens: '2098-03-01' },
      { id: 'paused', state: 'paused' },
      { id: 'closed', state: 'closed' },
      { id: 'over', closes: '2020-02-01' },
    ],
  });
});

function open(path: string) {
  return request(world.app).get(path);
}

test('says who is asking and why, and asks for consent with a form control, before any script runs', async () => {
  const page = await open(world.takeLink('open').path);
  expect(page.status).toBe(200);
  expect(page.type).toBe('text/html');
  expect(page.headers['cache-control']).toBe('no-store');
  expect(page.headers['x-robots-tag']).toBe('noindex');
  expect(page.text).toContain('<html lang="en-GB" dir="ltr">');
  for (const words of [
    'Who is asking, and why',
    'The evaluation team of the small trial',
    'We would like to know how staff work together.',
    'evaluation@example.org',
    'Answers are taken until 31 December 2099.',
    '3 short pages of questions.',
    'this study is simulated',
  ]) {
    expect(page.text).toContain(words);
  }
  expect(page.text).toMatch(/<input type="checkbox" id="agree" required[^>]*>\s*<label for="agree">I have read/);
});

test('has no inline script or style, and names its files so that they come at once', async () => {
  const { text, headers } = await open(world.takeLink('open').path);
  expect(text).not.toMatch(/<style|\sstyle=|\son\w+=/);
  const scripts = [...text.matchAll(/<script([^>]*)>/g)].map(([, attributes]) => attributes);
  expect(scripts).toEqual([
    expect.stringMatching(/^ type="module" src="\/assets\/respondent-[^"]+\.js"$/),
    ' type="application/json" id="survey-data"',
  ]);
  expect(text).toMatch(/<link rel="modulepreload" href="\/assets\/survey-[^"]+\.js">/);
  expect([...text.matchAll(/rel="stylesheet"/g)]).toHaveLength(1);
  expect(headers['content-security-policy']).toContain("script-src 'self'");
  const files = [...text.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, file]) => file ?? '');
  for (const file of files) {
    const answer = await open(file).set('accept-encoding', 'br');
    expect(answer.status).toBe(200);
    expect(answer.headers['cache-control']).toContain('immutable');
  }
});

test('does not hold a draft, because browsers may keep the page', async () => {
  const link = world.takeLink('open');
  const consent = { information: 1, agreed: true };
  const answers = { took_part: true, what_helped: 'The harbour visit' };
  await request(world.app).put(`/api${link.path}/draft`).send({ answers, page: 1, consent });
  const page = await open(link.path);
  expect(page.text).not.toContain('harbour');
  expect(page.text).not.toContain(link.token);
  expect(page.text).toMatch(/"draftSavedAt":"\d{4}-/);
});

test('remembers that a link was opened; of an anonymous one only the day', async () => {
  const [known, unknown] = [world.takeLink('open'), world.takeLink('anonymous')];
  await open(known.path);
  await open(unknown.path);
  const openedAt = async (id: string): Promise<Date | undefined> => {
    const found = await world.context.db
      .collection<{ _id: string; openedAt: Date }>('invitations')
      .findOne({ _id: id });
    return found?.openedAt ?? undefined;
  };
  await expect.poll(() => openedAt(known.invitation._id)).toBeInstanceOf(Date);
  await expect.poll(() => openedAt(unknown.invitation._id)).toBeInstanceOf(Date);
  expect((await openedAt(unknown.invitation._id))?.toISOString()).toMatch(/T00:00:00.000Z$/);
});

test('lets no text of a study become markup', async () => {
  const page = await open(world.takeLink('hostile').path);
  expect(page.status).toBe(200);
  expect(page.text).not.toContain('<script>alert');
  expect(page.text).not.toContain('<img');
});

describe('where a link cannot be answered, the page says plainly what is the matter', () => {
  test.each([
    ['planned', 403, 'This survey has not opened yet'],
    ['early', 403, 'It opens on 1 March 2098.'],
    ['paused', 403, 'This survey is paused for the moment'],
    ['closed', 403, 'This survey has closed'],
    ['over', 403, 'The last day was 1 February 2020.'],
  ])('%s', async (administration, status, words) => {
    const page = await open(world.takeLink(administration).path);
    expect(page.status).toBe(status);
    expect(page.type).toBe('text/html');
    expect(page.text).toContain(words);
    expect(page.text).toContain('evaluation@example.org');
    expect(page.text).not.toContain('<form');
  });

  test('withdrawn', async () => {
    const link = world.takeLink('open');
    await revokeInvitation(world.context.db, link.invitation._id);
    const page = await open(link.path);
    expect(page.status).toBe(410);
    expect(page.text).toContain('This link has been withdrawn');
  });

  test.each(['open', 'anonymous'])('used, in the administration "%s"', async (administration) => {
    const link = world.takeLink(administration);
    const body = { key: randomUUID(), answers: { role: 1 }, consent: { information: 1, agreed: true } };
    await request(world.app).post(`/api${link.path}/responses`).send(body);
    const page = await open(link.path);
    expect(page.status).toBe(409);
    expect(page.text).toContain('Answers have already been sent');
  });

  test.each(['AAAAAAAAAAAAAAAAAAAAAA', 'short', `${'A'.repeat(300)}`, '..%2F..', '%3Cscript%3E'])(
    'unknown: %s',
    async (token) => {
      const page = await open(`/s/${token}`);
      expect(page.status).toBe(404);
      expect(page.text).toContain('This link is not known');
      expect(page.text).not.toContain('<script>');
    },
  );

  test('unknown again and again from one address is slowed down, and a known link still works', async () => {
    const codes = [];
    for (let n = 0; n < 125; n += 1) codes.push((await open('/s/AAAAAAAAAAAAAAAAAAAAAB')).status);
    expect(codes.at(0)).toBe(404);
    expect(codes.at(-1)).toBe(429);
    const page = await open('/s/AAAAAAAAAAAAAAAAAAAAAB');
    expect(page.text).toContain('Too many attempts');
    expect(Number(page.headers['retry-after'])).toBeGreaterThan(0);
    expect((await open(world.takeLink('open').path)).status).toBe(200);
  });
});

test('the service worker comes fresh, and stays within the respondent pages', async () => {
  const worker = await open('/worker.js');
  expect(worker.status).toBe(200);
  expect(worker.type).toBe('text/javascript');
  expect(worker.headers['cache-control']).toContain('no-cache');
  expect(worker.headers['service-worker-allowed']).toBe('/s/');
  expect(worker.text).not.toMatch(/^\s*(import|export)\b/m);
});

test('the template tag escapes what it is given', () => {
  expect(html`<p title="${hostile}">${[hostile, 7, null]}</p>`.text).not.toMatch(/<script|<img|"'/);
  expect(JSON.parse(jsonText({ hostile }).text)).toEqual({ hostile });
  expect(jsonText({ hostile }).text).not.toContain('<');
});

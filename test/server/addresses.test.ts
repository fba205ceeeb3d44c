/** What is answered where nothing is, where another method is, and where the built files are taken away. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import express, { type Express } from 'express';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApp } from '../../server/app.ts';
import { sendBuilt, serveAssets, serveWorkbench } from '../../server/client-files.ts';
import type { Context } from '../../server/context.ts';
import { problemWriter } from '../../server/http.ts';
import { testDatabase } from '../database.ts';
import { contextOn, signedInAs, Visitor } from './people.ts';

let context: Context;
let app: Express;

beforeAll(async () => {
  context = contextOn(await testDatabase()).context;
  app = createApp(context);
});

describe('an address that is not there', () => {
  test.each(['POST', 'PUT', 'DELETE'] as const)(
    'is a 404 for %s, signed in or not, with a token or without',
    async (method) => {
      const evaluator = await signedInAs(app, context, 'evaluator', `${method.toLowerCase()}@example.org`);
      for (const visitor of [new Visitor(app), evaluator]) {
        visitor.csrfToken = '';
        for (const path of ['/api/nope', '/nope', '/api/studies/x/nope', '/assets/nope.js'])
          expect(await visitor.send(method, path, {}), path).toMatchObject({
            status: 404,
            body: { code: 'not-found' },
          });
      }
    },
  );

  test('tells another method which ones it takes', async () => {
    const visitor = new Visitor(app);
    const refused = async (method: 'POST' | 'PUT' | 'DELETE', path: string, allowed: string) => {
      const answer = await visitor.send(method, path, {});
      expect(answer, `${method} ${path}`).toMatchObject({ status: 405, body: { code: 'method-not-allowed' } });
      expect(answer.headers.allow).toBe(allowed);
    };
    await refused('PUT', '/api/session', 'DELETE, GET, HEAD, POST');
    await refused('DELETE', '/healthz', 'GET, HEAD');
    await refused('POST', '/studies/demo', 'GET, HEAD');
    await refused('POST', '/s/some-token', 'GET, HEAD');
    const read = await visitor.agent.get('/api/session/password');
    expect([read.status, read.headers.allow]).toEqual([405, 'PUT']);
    expect((await visitor.agent.head('/healthz')).status).toBe(200);
  });
});

describe('the built files', () => {
  let folder: string;
  let site: Express;

  beforeAll(async () => {
    // A dot in a folder above, as where programs keep what they have installed, hides nothing.
    folder = join(await mkdtemp(join(tmpdir(), 'fidelis-test-client-')), '.installed');
    await mkdir(join(folder, 'assets'), { recursive: true });
    await mkdir(join(folder, 'workbench'));
    await writeFile(join(folder, 'assets', 'page-abc.js'), 'whole');
    await writeFile(join(folder, 'assets', 'page-abc.js.br'), brotliCompressSync('brotli'));
    await writeFile(join(folder, 'assets', 'page-abc.js.gz'), gzipSync('gzip'));
    await writeFile(join(folder, 'assets', 'icon-abc.svg'), '<svg/>');
    await writeFile(join(folder, 'workbench', 'index.html'), '<title>Workbench</title>');
    site = express();
    serveAssets(site, folder);
    serveWorkbench(site, folder);
    site.get('/worker.js', (_request, response) => sendBuilt(response, 'worker.js', folder));
    site.use((_request, response) => void response.status(404).json({ code: 'not-found' }));
    site.use(problemWriter(context));
  });
  afterAll(() => rm(join(folder, '..'), { recursive: true, force: true }));

  const page = (path: string) => request(site).get(path).set('accept', 'text/html');
  /** Unpacked by the client: the copies tell in their content which they are. */
  const asset = (path: string, encoding: string) =>
    request(site)
      .get(path)
      .set('accept-encoding', encoding)
      .buffer(true)
      .parse((response, done) => {
        const blocks: Buffer[] = [];
        response.on('data', (data: Buffer | string) => blocks.push(Buffer.from(data)));
        response.on('end', () => done(null, Buffer.concat(blocks).toString()));
      });

  test('have the workbench at its pages, 404 with its page elsewhere, and no page for the name of a file', async () => {
    expect(await page('/studies/demo')).toMatchObject({ status: 200, text: '<title>Workbench</title>' });
    expect(await page('/studies/demo/nope')).toMatchObject({ status: 404, text: '<title>Workbench</title>' });
    for (const path of ['/nope.json', '/favicon.ico', '/wp-login.php', '/api/nope'])
      expect(await page(path), path).toMatchObject({ status: 404, body: { code: 'not-found' } });
  });

  test('come in the smallest copy that the browser can read, to be kept for a year', async () => {
    const { status, headers, body } = await asset('/assets/page-abc.js', 'gzip, deflate, br');
    expect([status, body]).toEqual([200, 'brotli']);
    expect(headers).toMatchObject({
      'content-encoding': 'br',
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'Accept-Encoding',
    });
    expect((await asset('/assets/page-abc.js', 'gzip')).body).toBe('gzip');
    const plain = await asset('/assets/page-abc.js', 'identity');
    expect([plain.body, plain.headers['content-encoding']]).toEqual(['whole', undefined]);
    const icon = await asset('/assets/icon-abc.svg', 'br');
    expect([icon.body, icon.headers['content-type']]).toEqual(['<svg/>', 'image/svg+xml']);
    for (const path of ['/assets/', '/assets/nope.js', '/assets/%2e%2e/workbench/index.html', '/assets/.hidden'])
      expect((await asset(path, 'br')).status, path).toBe(404);
  });

  test('may be taken away under the running server: 404 and 503 until they are there again', async () => {
    expect((await asset('/assets/page-abc.js', 'br')).status).toBe(200);
    await rm(folder, { recursive: true });
    expect((await asset('/assets/page-abc.js', 'br')).status).toBe(404);
    const gone = await page('/studies/demo');
    expect([gone.status, gone.body.code, gone.headers['retry-after']]).toEqual([503, 'pages-not-built', '5']);
    expect(await request(site).get('/worker.js')).toMatchObject({ status: 503, body: { code: 'pages-not-built' } });
    await mkdir(join(folder, 'workbench'), { recursive: true });
    await writeFile(join(folder, 'workbench', 'index.html'), 'again');
    expect((await page('/')).text).toBe('again');
  });
});

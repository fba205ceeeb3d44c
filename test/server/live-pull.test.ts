/**
 * The examples of server/README.md that pull a dataset with an API token, run as they stand there, in R and Python where
 * those are; only the site's address is another one.
 */
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packageRoot } from '../../server/package-root.ts';
import { listen, type Site } from '../browser/browser.ts';
import { makeWorld, type World } from './world.ts';

const readme = readFileSync(join(packageRoot, 'server', 'README.md'), 'utf8');
const starts = (program: string) => spawnSync(program, ['--version']).status === 0;
const absent = ['Rscript', 'python3'].filter((program) => !starts(program));
if (absent.length > 0)
  process.stdout.write(`Not here, so the README's examples are not run by: ${absent.join(', ')}\n`);

let world: World;
let site: Site;
let token: string;

beforeAll(async () => {
  world = await makeWorld({ study: { id: 'demo' }, administrations: [{ id: 'trust-baseline' }] });
  site = await listen(world.app);
  const analyst = await world.asAnalyst();
  for (const years of [1, 22, 333]) {
    const answers = { role: 1, years: years === 333 ? undefined : years, statements: { help: 1 } };
    await world.answer('trust-baseline', answers);
  }
  const definition = {
    ...{ name: 'trust-waves', title: 'Žluťoučký kůň', purpose: 'A test' },
    administrations: ['trust-baseline'],
  };
  expect((await analyst.send('POST', '/api/studies/demo/datasets', definition)).status).toBe(201);
  const wanted = { name: 'A script', scopes: ['study.read', 'dataset.export'], study: 'demo' };
  const expiresOn = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
  const made = await analyst.send('POST', '/api/session/tokens', { ...wanted, expiresOn });
  token = made.body.text;
});
afterAll(() => site.close());

/** The block of the README in this language, for this site. */
function example(language: string): string {
  const [, block = ''] = new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(readme) ?? [];
  expect(block).toContain('https://fidelis.example.org');
  return block.replaceAll('https://fidelis.example.org', site.origin);
}

/** What a program prints; this process answers it meanwhile. */
function output(program: string, args: readonly string[]): Promise<string> {
  const child = spawn(program, args, { env: { ...process.env, FIDELIS_TOKEN: token } });
  let [out, err] = ['', ''];
  child.stdout.on('data', (data) => {
    out += String(data);
  });
  child.stderr.on('data', (data) => {
    err += String(data);
  });
  return new Promise((resolve) => {
    child.once('close', (code) => {
      expect([code, code === 0 ? '' : err]).toEqual([0, '']);
      resolve(out.trim());
    });
  });
}

test.skipIf(absent.includes('Rscript'))('R reads the rows with their codes', { timeout: 120_000 }, async () => {
  const script = `${example('r')}\ncat(nrow(d), sort(d$years), ncol(d) > 10)`;
  expect(await output('Rscript', ['-e', script])).toBe('3 -993 1 22 TRUE');
});

test.skipIf(absent.includes('python3'))('Python reads the same', { timeout: 120_000 }, async () => {
  const script = `${example('python')}\nprint(len(rows), sorted(row["years"] for row in rows))`;
  expect(await output('python3', ['-c', script])).toBe("3 ['-993', '1', '22']");
});

/** As a spreadsheet asks: the token is the password of basic authentication. */
async function feed(path: string, headers: Readonly<Record<string, string>> = {}) {
  const authorization = `Basic ${Buffer.from(`anybody:${token}`).toString('base64')}`;
  const answer = await fetch(`${site.origin}/api/studies/demo/odata${path}`, {
    headers: { authorization, ...headers },
  });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

test('the OData feed names its sets, describes their columns and gives rows', async () => {
  const service = await feed('');
  expect([service.status, service.headers.get('odata-version')]).toEqual([200, '4.0']);
  expect(JSON.parse(service.text).value).toEqual([{ name: 'trust_waves', kind: 'EntitySet', url: 'trust_waves' }]);

  const metadata = await feed('/$metadata');
  expect(metadata.headers.get('content-type')).toContain('application/xml');
  expect(metadata.text).toContain('<EntitySet Name="trust_waves" EntityType="Fidelis.trust_waves"/>');
  const described = [...metadata.text.matchAll(/<Property Name="([^"]+)"/g)].map(([, name]) => name);

  const all = JSON.parse((await feed('/trust_waves?$count=true')).text);
  expect(all['@odata.context']).toMatch(/\/api\/studies\/demo\/odata\/\$metadata#trust_waves$/);
  expect(all['@odata.count']).toBe(3);
  expect(Object.keys(all.value[0])).toEqual(described);
  const years = all.value.map((row: Record<string, unknown>) => [row.years, row.years_gap]);
  expect(years).toEqual(
    expect.arrayContaining([
      [1, null],
      [22, null],
      [null, 'skipped'],
    ]),
  );

  const counted = await feed('/trust_waves/$count');
  expect([counted.status, counted.headers.get('content-type'), counted.text]).toEqual([
    200,
    'text/plain; charset=utf-8',
    '3',
  ]);
  const known = await feed('/trust_waves', { 'If-None-Match': counted.headers.get('etag') ?? '' });
  expect([known.status, known.text]).toEqual([304, '']);

  const some = JSON.parse((await feed('/trust_waves?$top=1&$skip=1&$select=response,years')).text);
  const { response, years: second } = all.value[1];
  expect(some.value).toEqual([{ response, years: second }]);
});

test('the feed refuses in words what it cannot do, and asks spreadsheets for a password', async () => {
  expect((await feed('/trust_waves?$filter=years gt 3')).status).toBe(400);
  expect(JSON.parse((await feed('/trust_waves?$select=nothing')).text).issues[0].path).toBe('query.$select');
  expect((await feed('/other')).status).toBe(404);
  const stranger = await fetch(`${site.origin}/api/studies/demo/odata`);
  expect([stranger.status, stranger.headers.get('www-authenticate')]).toEqual([
    401,
    'Basic realm="Fidelis", charset="UTF-8"',
  ]);
  const elsewhere = await fetch(`${site.origin}/api/studies/demo`);
  expect(elsewhere.headers.get('www-authenticate')).toBeNull();
});

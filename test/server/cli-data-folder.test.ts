/** Where the command line finds its data: said when they are not there, made by those commands alone that make data. */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bannerOf } from '../../server/banner.ts';
import { findRunningServer } from '../../server/running-server.ts';
import { fidelis } from './command.ts';

const patience = 120_000;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fidelis-test-folder-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test.each([
  [['export', '--study', 'demo', '--format', 'csv', '--out', 'never.csv']],
  [['simulate', '--study', 'demo', '--administration', 'a', '--responses', '1']],
  [['responses', 'import', '--study', 'demo', '--administration', 'a', '--file', 'package.json']],
])(
  '%j refuses a folder without data by its name, and leaves it as it is',
  async (args) => {
    const absent = join(folder, 'absent');
    const empty = join(folder, 'empty');
    await mkdir(empty, { recursive: true });
    for (const data of [absent, empty]) {
      const { code, out, err } = await fidelis(data, args);
      expect([code, out]).toEqual([1, '']);
      expect(err).toMatch(/^There are no Fidelis data in .*\. Go to the folder .* FIDELIS_DATA.*\n$/);
      expect(err).toContain(data);
    }
    expect(existsSync(absent)).toBe(false);
    expect(await readdir(empty)).toEqual([]);
  },
  patience,
);

test(
  'instruments that come with Fidelis are shown without any data, and nothing is made for it',
  async () => {
    const data = join(folder, 'none');
    const listed = await fidelis(data, ['instruments', 'list', '--json']);
    expect(listed.err).toBe(`There are no Fidelis data in ${data}: these instruments come with Fidelis.\n`);
    const { instruments } = JSON.parse(listed.out) as { instruments: { id: string; publishedAt: string | null }[] };
    expect(instruments).toContainEqual(expect.objectContaining({ id: 'trust', version: 1, publishedAt: null }));
    const book = await fidelis(data, ['instruments', 'codebook', 'trust']);
    expect([book.code, book.out.split('\n')[0]]).toEqual([0, expect.stringMatching(/^variable,label,/)]);
    expect(existsSync(data)).toBe(false);
  },
  patience,
);

test(
  'a command that makes data makes the folder and says which',
  async () => {
    const data = join(folder, 'new', 'data');
    const add = ['user', 'add', '--email', 'ann@example.org', '--name', 'Ann', '--role', 'viewer', '--json'];
    const added = await fidelis(data, add);
    expect(added).toMatchObject({
      code: 0,
      err: `Made the data folder ${data} (FIDELIS_DATA names another one).\n`,
    });
    expect(JSON.parse(added.out)).toMatchObject({ account: { role: 'viewer' } });
    const again = await fidelis(data, ['user', 'add', '--email', 'bo@example.org', '--name', 'Bo', '--role', 'viewer']);
    expect(again).toMatchObject({ code: 0, err: '' });
  },
  patience,
);

test(
  'a place that cannot hold data is told in one sentence, and the command ends',
  async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    const places = [file, join(file, 'below'), ...(process.platform === 'linux' ? ['/proc/x', '/proc/x/y'] : [])];
    for (const place of places) {
      for (const args of [['demo', 'load'], ['serve']]) {
        const { code, out, err } = await fidelis(place, args);
        expect([code, out], `${place} ${args}`).toEqual([1, '']);
        expect(err.trim()).toMatch(/^(Fidelis did not start: )?The data folder .*\. Choose an.* with FIDELIS_DATA\.$/);
        expect(err).not.toMatch(/ENO|EACC|at /);
      }
    }
  },
  patience,
);

test('a record of a running server counts only while that server answers', async () => {
  const record = { pid: process.pid, local: 'http://127.0.0.1:9', publicUrl: 'http://127.0.0.1:9' };
  for (const text of [JSON.stringify(record), '{"pid":', '[]', JSON.stringify({ ...record, local: 'file:///etc' })]) {
    await writeFile(join(folder, 'server.json'), text);
    expect(await findRunningServer(folder)).toBeNull();
  }
  expect(await findRunningServer(join(folder, 'absent'))).toBeNull();
});

test('the server says where it can be opened, and who else can reach it', () => {
  const here = { port: 3000, setup: 'http://127.0.0.1:3000/setup/x', survey: null, addresses: ['192.0.2.7'] };
  const local = 'http://127.0.0.1:3000';
  const quiet = bannerOf({ ...here, config: { host: '127.0.0.1', publicUrl: local } });
  expect(quiet).toContain('Fidelis is running on port 3000.\n  Workbench, first visit: http://127.0.0.1:3000/setup/x');
  expect(quiet).not.toContain('Careful');
  const open = bannerOf({ ...here, config: { host: '0.0.0.0', publicUrl: local } });
  expect(open).toContain('on port 3000 of all addresses of this machine.');
  expect(open).toContain('first visit: http://127.0.0.1:3000/setup/x');
  expect(open).toContain('Careful: other machines can reach it: http://192.0.2.7:3000\n');
  expect(open).toContain('Without https');
  const proxied = bannerOf({ ...here, config: { host: '::', publicUrl: 'https://survey.example.org' } });
  expect(proxied).toContain('past the proxy: http://192.0.2.7:3000');
  expect(proxied).not.toContain('Without https');
  const one = bannerOf({ ...here, config: { host: '2001:db8::1', publicUrl: 'http://[2001:db8::1]:3000' } });
  expect(one).toContain('other machines can reach it: http://[2001:db8::1]:3000\n');
});

/** Where a newer C library would come from, read from apt's configuration in its two forms. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { packageSources, parseSourceLines, parseSourceStanzas } from '../../server/database/apt-sources.ts';
import { compareVersions, engineCommand } from '../../server/database/libc.ts';

const STANZAS = `# modernised
Types: deb deb-src
URIs: http://mirror.example.org/debian
  https://second.example.org/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
Enabled: no
URIs: http://switched-off.example.org/debian
Suites: bookworm

Types: deb-src
URIs: http://source.example.org/debian
Suites: bookworm
`;
const LINES = `# deb http://commented.example.org/debian bookworm main
deb cdrom:[Debian 12]/ bookworm main
deb [arch=amd64 signed-by=/x.gpg] http://mirror.example.org/ubuntu jammy main universe # note
deb https://third.example.org/node nodistro main
deb-src http://mirror.example.org/ubuntu jammy main
`;

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'fidelis-test-apt-'));
  await mkdir(join(root, 'usr/share/keyrings'), { recursive: true });
  await mkdir(join(root, 'apt/sources.list.d'), { recursive: true });
});
afterEach(() => rm(root, { recursive: true, force: true }));

const keyring = (name: string) => join(root, 'usr/share/keyrings', `${name}-archive-keyring.gpg`);

test('stanzas are read with continued fields, without those switched off or for sources only', () => {
  expect(parseSourceStanzas(STANZAS)).toEqual([
    {
      mirrors: ['http://mirror.example.org/debian', 'https://second.example.org/debian'],
      suites: ['bookworm', 'bookworm-updates'],
    },
  ]);
});

test('lines are read with options and comments, a CD-ROM is no mirror', () => {
  expect(parseSourceLines(LINES)).toEqual([
    { mirrors: ['http://mirror.example.org/ubuntu'], suites: ['jammy'] },
    { mirrors: ['https://third.example.org/node'], suites: ['nodistro'] },
  ]);
});

test("the machine's own mirrors are named, and only with a signing key", async () => {
  await writeFile(join(root, 'apt/sources.list.d/debian.sources'), STANZAS);
  expect(packageSources(join(root, 'apt'), root)).toEqual([]);
  await writeFile(keyring('debian'), '');
  await writeFile(keyring('ubuntu'), '');
  expect(packageSources(join(root, 'apt'), root).map(({ suite, mirror }) => `${suite} ${mirror}`)).toEqual([
    'trixie http://mirror.example.org/debian',
    'trixie https://second.example.org/debian',
  ]);
  await rm(join(root, 'apt/sources.list.d/debian.sources'));
  await writeFile(join(root, 'apt/sources.list'), LINES);
  expect(packageSources(join(root, 'apt'), root)[0]).toEqual({
    name: 'Ubuntu 24.04',
    suite: 'noble',
    mirror: 'http://mirror.example.org/ubuntu',
    keyring: keyring('ubuntu'),
  });
});

test('versions are compared by their numbers', () => {
  expect([compareVersions('2.36', '2.38'), compareVersions('2.38', '2.38'), compareVersions('2.100', '2.38')]).toEqual([
    -1, 0, 1,
  ]);
});

test('the second time, the command for the engine is there at once and without a word', async () => {
  await engineCommand();
  const lines: string[] = [];
  const { command, args } = await engineCommand((line) => lines.push(line));
  expect(lines).toEqual([]);
  expect([command, ...args]).toContain(process.execPath);
});

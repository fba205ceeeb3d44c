import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../server/package-root.ts';
import { fidelis } from './command.ts';

const bfiInstrument = join(packageRoot, 'test', 'fixtures', 'instruments', 'bfi.v1.json');
const patience = 120_000;

let folder: string;
/** A data folder that none of these commands may touch. */
let dataFolder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fidelis-test-cli-'));
  dataFolder = join(folder, 'data');
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('wrong usage ends with 2 and says how it is typed', () => {
  it.each([
    [['frobnicate'], /unknown command/],
    [['instruments', 'list', '--nonsense'], /unknown option/],
    [['user', 'add', '--email', 'a@example.org'], /required option/],
    [['user', 'add', '--email', 'a@example.org', '--name', 'A', '--role', 'boss'], /Allowed choices/],
    [['simulate', '--study', 'a', '--administration', 'b', '--responses', 'many'], /whole number/],
    [['export', '--study', 'a', '--format', 'xlsx', '--out', 'a.csv'], /\.xlsx/],
    [['instruments', 'codebook', 'Not a name'], /no instrument/],
  ])(
    '%j',
    async (args, message) => {
      const { code, out, err } = await fidelis(dataFolder, args);
      expect(code).toBe(2);
      expect(out).toBe('');
      expect(err).toMatch(message);
    },
    patience,
  );

  it(
    'but help is no mistake',
    async () => {
      const { code, out } = await fidelis(dataFolder, ['export', '--help']);
      expect(code).toBe(0);
      expect(out).toContain('FILE.zip');
    },
    patience,
  );
});

describe('instrument files', () => {
  it(
    'are checked without a database',
    async () => {
      const fine = await fidelis(dataFolder, ['instruments', 'check', bfiInstrument]);
      expect(fine).toMatchObject({ code: 0, out: 'bfi@1 is fine: 28 variables, 5 scales.\n' });
      expect(existsSync(join(dataFolder, 'engine.json'))).toBe(false);

      const broken = join(folder, 'broken.json');
      await writeFile(broken, JSON.stringify({ ...JSON.parse(readFileSync(bfiInstrument, 'utf8')), version: 0 }));
      const refused = await fidelis(dataFolder, ['instruments', 'check', broken, '--json']);
      expect(refused.code).toBe(1);
      const { problem } = JSON.parse(refused.out) as { problem: { code: string; issues: { path: string }[] } };
      expect(problem.code).toBe('invalid-instrument');
      expect(problem.issues.map(({ path }) => path)).toContain('version');

      await writeFile(broken, '{"id": ');
      const malformed = await fidelis(dataFolder, ['instruments', 'check', broken]);
      expect(malformed).toMatchObject({ code: 1, out: '' });
      expect(malformed.err).toMatch(/not valid JSON.*broken\.json/);
      const absent = await fidelis(dataFolder, ['instruments', 'check', join(folder, 'absent.json')]);
      expect(absent).toMatchObject({
        code: 1,
        err: `There is no such file or folder: ${join(folder, 'absent.json')}\n`,
      });
    },
    patience,
  );
});

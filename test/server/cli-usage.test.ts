import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jsonFault } from '../../server/cli/json-fault.ts';
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
    [['instruments', 'check', ''], /a path is expected/],
    [['export', '--study', 'a', '--format', 'xlsx', '--out', ' '], /a path is expected/],
    [['responses', 'import', '--study', 'a', '--administration', 'b', '--file', ''], /a path is expected/],
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
    'but asking for help or the version is no mistake',
    async () => {
      const { code, out } = await fidelis(dataFolder, ['export', '--help']);
      expect(code).toBe(0);
      expect(out).toContain('FILE.zip');
      const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string };
      expect(await fidelis(dataFolder, ['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' });
    },
    patience,
  );
});

describe('what is wrong with a JSON file', () => {
  it.each([
    ['', 'line 1, column 1: a value is expected, the file ends there'],
    ['{"a": 1,\n  "b" 2}', 'line 2, column 7: a colon is expected, 2} stands there'],
    ["{'a': 1}", `line 1, column 2: a name in double quotes or } is expected, 'a': stands there`],
    ['{"a": [1, 2}', 'line 1, column 12: a comma or ] is expected, } stands there'],
    ['{"a": 1,}', 'line 1, column 9: a name in double quotes is expected, } stands there'],
    ['{"a": 01}', 'line 1, column 8: a comma or } is expected, 1} stands there'],
    ['[] []', 'line 1, column 4: nothing more is expected, [] stands there'],
    ['[true, {"a": null}, -1.5e3, "\\u0041"]', null],
  ])('%j', (text, fault) => {
    expect(jsonFault(text)).toBe(fault);
  });

  it('is found in whatever JSON.parse refuses, and in nothing else', () => {
    const signs = fc.constantFrom('{', '}', '[', ']', ',', ':', '"', '\\', '1', '0', '-', '.', 'e', 't', ' ', '\n', '');
    fc.assert(
      fc.property(fc.json(), fc.nat(), signs, fc.boolean(), (json, place, sign, replace) => {
        const at = place % (json.length + 1);
        const text = json.slice(0, at) + sign + json.slice(at + (replace ? 1 : 0));
        let valid = true;
        try {
          JSON.parse(text);
        } catch {
          valid = false;
        }
        expect(jsonFault(text) === null).toBe(valid);
      }),
      { seed: 5, numRuns: 3000 },
    );
  });
});

describe('instrument files', () => {
  it(
    'are checked without a database',
    async () => {
      const fine = await fidelis(dataFolder, ['instruments', 'check', bfiInstrument]);
      expect(fine.code).toBe(0);
      expect(fine.out).toMatch(/^bfi@1 is fine: 28 variables, 5 scales\.\n( {2}hint: .*\n)+$/);
      const listed = await fidelis(dataFolder, ['instruments', 'check', bfiInstrument, '--json']);
      const { ok, findings } = JSON.parse(listed.out) as { ok: boolean; findings: { severity: string }[] };
      expect([ok, new Set(findings.map(({ severity }) => severity))]).toEqual([true, new Set(['hint'])]);
      expect(existsSync(join(dataFolder, 'engine.json'))).toBe(false);

      const broken = join(folder, 'broken.json');
      await writeFile(broken, JSON.stringify({ ...JSON.parse(readFileSync(bfiInstrument, 'utf8')), version: 0 }));
      const refused = await fidelis(dataFolder, ['instruments', 'check', broken, '--json']);
      expect(refused.code).toBe(1);
      const { problem } = JSON.parse(refused.out) as { problem: { code: string; issues: { path: string }[] } };
      expect(problem.code).toBe('invalid-instrument');
      expect(problem.issues.map(({ path }) => path)).toContain('version');
      const told = await fidelis(dataFolder, ['instruments', 'check', broken]);
      expect(told.err).toMatch(/^The instrument was refused\. What is wrong, and where:\n {2}version: .*\n$/);
      expect(await fidelis(dataFolder, ['instruments', 'check', folder])).toMatchObject({
        code: 1,
        err: `A file was expected, this is a folder: ${folder}\n`,
      });

      await writeFile(broken, '{"id": ');
      const malformed = await fidelis(dataFolder, ['instruments', 'check', broken]);
      expect(malformed).toMatchObject({ code: 1, out: '' });
      expect(malformed.err).toBe(
        `${broken} is not valid JSON: line 1, column 8: a value is expected, the file ends there.\n`,
      );
      const absent = await fidelis(dataFolder, ['instruments', 'check', join(folder, 'absent.json')]);
      expect(absent).toMatchObject({
        code: 1,
        err: `There is no such file or folder: ${join(folder, 'absent.json')}\n`,
      });
    },
    patience,
  );
});

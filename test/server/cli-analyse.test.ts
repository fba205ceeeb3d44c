import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../analysis/result.ts';
import { plainWords } from '../../instruments/zod-words.ts';
import { readDataset } from '../../server/cli/analyse-data.ts';
import { packageRoot } from '../../server/package-root.ts';
import { collect, fidelis, start } from './command.ts';

const bfi = join(packageRoot, 'test', 'oracles', 'bfi.csv');
const patience = 120_000;

let folder: string;
/** A data folder that this command may not touch. */
let dataFolder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fidelis-test-analyse-'));
  dataFolder = join(folder, 'data');
});

afterAll(async () => {
  expect(existsSync(dataFolder)).toBe(false);
  await rm(folder, { recursive: true, force: true });
});

const twoItems = {
  title: 'Two',
  analyses: [{ analysis: 'cronbach-alpha', options: { items: ['A1', 'A2'] } }],
};

async function file(name: string, content: unknown): Promise<string> {
  const path = join(folder, name);
  const asIs = typeof content === 'string' || content instanceof Buffer;
  await writeFile(path, asIs ? content : JSON.stringify(content));
  return path;
}

const items = ['A1', 'A2', 'A3', 'A4', 'A5'];
const agreeableness = {
  title: 'Agreeableness',
  analyses: [{ analysis: 'cronbach-alpha', options: { items, reversed: ['A1'], range: [1, 6] } }],
};

describe('a CSV file', () => {
  it.each([
    ['semicolons', 'A1;A2\n1;2\n', 'wrong-separator at row 1'],
    ['semicolons and quotes', '\uFEFF"A1";"A2"\r\n1;2\r\n', 'wrong-separator at row 1'],
    ['semicolons and a name with a comma', 'A1;"A,2";A3\n1;2;3\n', 'wrong-separator at row 1'],
    ['a short row', 'A1,A2\n1,2\n\n1\n', 'wrong-number-of-cells at row 4'],
    ['an open quote', 'A1,A2\n1,2\n"3,4\n', 'broken-quotes at row 3'],
    ['a column twice', 'A1,A1\n1,2\n', 'repeated-column at row 1, column A1'],
    ['nothing', '', 'no-header at row 1'],
    ['other bytes', Buffer.from([0x41, 0x0a, 0xff, 0x0a]), 'not-utf-8 at file'],
  ])('with %s is refused', async (_what, content, expected) => {
    const read = await readDataset(await file('data.csv', content), () => undefined);
    expect(read.ok ? [] : read.issues.map(({ code, path }) => `${code} at ${path}`).slice(0, 1)).toEqual([expected]);
  });

  it.each([
    ['semicolons', 'A1;A2\n'],
    ['tabs', 'A1\tA2\n'],
  ])('with %s is told what to do in the words of the import', async (used, content) => {
    const read = await readDataset(await file('data.csv', content), () => undefined);
    expect(read.ok ? [] : read.issues.map(({ message }) => message)).toEqual([
      `The columns are separated by ${used}. Save the file with commas between them and try again.`,
    ]);
  });

  it('may begin with a byte-order mark and have many columns, line ends of Windows and quotes', async () => {
    const names = Array.from({ length: 200 }, (_, at) => `"v, ${at}"`);
    const line = Array.from({ length: 200 }, (_, at) => (at === 7 ? '"a ""b"", c"' : String(at)));
    const text = `\uFEFF${names.join(',')}\r\n${`${line.join(',')}\r\n`.repeat(3000)}`;
    const read = await readDataset(await file('data.csv', text), () => undefined);
    if (!read.ok) throw new Error(JSON.stringify(read.issues));
    expect([read.value.rows, read.value.names.length, read.value.names[0]]).toEqual([3000, 200, 'v, 0']);
    expect(read.value.column('v, 7')[2999]).toBe('a "b", c');
    expect(read.value.numeric('v, 199')[2999]).toBe(199);
  });

  it('with other separators is refused in one sentence, and many wrong rows are counted', async () => {
    const decimals = `A1;A2\n${'1,5;2,5\n'.repeat(100)}`;
    const german = await readDataset(await file('data.csv', decimals), () => undefined);
    expect(german.ok ? [] : german.issues.map(({ message }) => message)).toEqual([
      'The columns are separated by semicolons. Save the file with commas between them and try again.',
    ]);
    const long = await readDataset(await file('data.csv', `A1,A2\n${'1,2,3\n'.repeat(63)}1,2\n`), () => undefined);
    const issues = long.ok ? [] : long.issues;
    expect(issues).toHaveLength(21);
    expect(issues.at(-1)).toMatchObject({ path: 'file', message: 'And 43 more rows are wrong.' });
  });

  it('becomes columns of numbers or of texts, as they were written', async () => {
    const text = 'n,label,mixed,\r\n1.50,a,007,1\r\n-2e3,,7,2\r\n.5,NA,x,3\r\n ,"a, b",07,4\r\n';
    const read = await readDataset(await file('data.csv', text), () => undefined);
    if (!read.ok) throw new Error(JSON.stringify(read.issues));
    expect(read.value.names.slice(0, 3)).toEqual(['n', 'label', 'mixed']);
    expect(read.value.numeric('n')).toEqual([1.5, -2000, 0.5, null]);
    expect(read.value.column('label')).toEqual(['a', null, null, 'a, b']);
    expect(read.value.column('mixed')).toEqual(['007', '7', 'x', '07']);
    expect(() => read.value.numeric('mixed')).toThrow('column mixed, row 4: a number is expected');
  });

  it('keeps long ids apart that are one number, and takes a blank cell as missing wherever it stands', async () => {
    const ids = ['9007199254740992', '9007199254740993', '-9007199254740993', '10000000000000000000'];
    const text = `id,large,early,late\n${ids.map((id, at) => `${id},${at}0000000000000000000,${at === 0 ? '  ' : 'x'},${at === 3 ? '  ' : 'x'}`).join('\n')}\n`;
    const read = await readDataset(await file('data.csv', text), () => undefined);
    if (!read.ok) throw new Error(JSON.stringify(read.issues));
    expect(read.value.column('id')).toEqual(ids);
    // 10^19 and twice and three times as much are numbers of 53 bits and some zeros.
    expect(read.value.numeric('large')).toEqual([0, 1e19, 2e19, 3e19]);
    expect(read.value.column('early')).toEqual([null, 'x', 'x', 'x']);
    expect(read.value.column('late')).toEqual(['x', 'x', 'x', null]);
  });
});

describe('a plan on a CSV file', () => {
  it(
    'gives readable tables, or the report as JSON',
    async () => {
      const spec = await file('plan.json', agreeableness);
      const printed = await fidelis(dataFolder, ['analyse', spec, '--data', bfi]);
      expect(printed.code).toBe(0);
      // R: psych::alpha(bfi[1:5], check.keys = TRUE) prints 0.7 and 0.71 for 2,800 people.
      expect(printed.out).toMatch(/^Agreeableness\n2800 rows, 1 analysis\n/);
      expect(printed.out).toMatch(/^Alpha +0\.703 +0\.685 +0\.720 +0\.95 +2800 /m);
      expect(printed.out).toMatch(/^A1 +2784 /m);
      const told = await fidelis(dataFolder, ['analyse', spec, '--data', bfi, '--json']);
      const report = JSON.parse(told.out) as Report;
      expect(report.sections[0]?.estimates?.map(({ id }) => id)).toEqual(['alpha', 'standardised']);
      expect(report.sections[0]?.estimates?.[0]?.estimate).toMatchObject({ n: 2800, interval: { level: 0.95 } });
      expect(told.err).toMatch(/Reading rows: \d+/);
    },
    patience,
  );

  it(
    'is refused with the path of each wrong value',
    async () => {
      const spec = await file('wrong.json', {
        title: 'Wrong',
        analyses: [
          { analysis: 'cronbach-alpha', options: { items: ['A1', 'nowhere'] } },
          { analysis: 'cronbach-alpha', options: { items } },
        ],
      });
      const missing = await fidelis(dataFolder, ['analyse', spec, '--data', bfi]);
      expect(missing).toMatchObject({ code: 1, out: '' });
      expect(missing.err).toContain('analyses[0].options.items[1]: no column nowhere (no-such-column)');
      const unknown = await file('unknown.json', { ...agreeableness, seeed: 1 });
      const told = await fidelis(dataFolder, ['analyse', unknown, '--data', bfi, '--json']);
      expect(told.code).toBe(1);
      expect(JSON.parse(told.out)).toMatchObject({
        problem: { code: 'invalid-plan', issues: [{ code: 'unknown-key', path: 'seeed' }] },
      });
      const plain = await file('plain.json', { title: 7, analyses: agreeableness.analyses });
      const words = await fidelis(dataFolder, ['analyse', plain, '--data', bfi]);
      expect(words.err).toContain(`title: ${plainWords({ code: 'invalid_type', expected: 'string', input: 7 })}`);
      expect(words.err).not.toContain('Invalid input');
      const broken = await fidelis(dataFolder, ['analyse', await file('broken.json', '{'), '--data', bfi]);
      expect(broken).toMatchObject({ code: 1, err: expect.stringContaining('broken.json') });
    },
    patience,
  );

  it(
    'is refused with all that is wrong with the plan and the data at once',
    async () => {
      const spec = await file('both.json', {
        title: 'Both',
        seeed: 1,
        analyses: [{ analysis: 'cronbach-alpha', options: { items: ['A1', 'A9'], level: 2 } }],
      });
      const data = await file('both.csv', 'A1,A2\n1,2\n1\n');
      const { code, err, out } = await fidelis(dataFolder, ['analyse', spec, '--data', data]);
      expect({ code, out }).toEqual({ code: 1, out: '' });
      for (const path of ['seeed', 'analyses[0].options.level', 'analyses[0].options.items[1]', 'row 3']) {
        expect(err).toContain(`${path}: `);
      }
    },
    patience,
  );

  it(
    'is refused when the data cannot be read, by row',
    async () => {
      const spec = await file('two.json', twoItems);
      const data = await file('short.csv', 'A1,A2\n1,2\n\n1\n');
      const short = await fidelis(dataFolder, ['analyse', spec, '--data', data]);
      expect(short).toMatchObject({ code: 1, out: '' });
      expect(short.err).toContain('row 4: The row has 1 cells, the header 2.');
      const words = await file('words.csv', 'A1,A2\n1,2\n\nNA,3\n2,three\n');
      const text = await fidelis(dataFolder, ['analyse', spec, '--data', words]);
      expect(text.code).toBe(1);
      expect(text.err).toContain('analyses[0].options.items[1]: column A2, row 5: a number is expected');
    },
    patience,
  );

  it(
    'stops at Ctrl+C in the middle of a computation',
    async () => {
      const spec = await file('draws.json', {
        title: 'Draws',
        analyses: [{ analysis: 'number-of-factors', options: { items, seed: 1, replications: 10_000 } }],
      });
      const child = start(dataFolder, ['analyse', spec, '--data', bfi]);
      let told = '';
      child.stderr?.on('data', (data) => {
        const before = told;
        told += String(data);
        if (/Computing/.test(told) && !/Computing/.test(before)) child.kill('SIGINT');
      });
      const { code, out, err } = await collect(child);
      expect({ code, out }).toEqual({ code: 130, out: '' });
      expect(err).toContain('Stopped');
    },
    patience,
  );

  it(
    'stops at Ctrl+C in the middle of its work',
    async () => {
      const spec = await file('long.json', agreeableness);
      const line = '1,2,3,4,5\n';
      const data = await file('long.csv', `${items.join(',')}\n${line.repeat(3_000_000)}`);
      const child = start(dataFolder, ['analyse', spec, '--data', data]);
      child.stderr?.once('data', () => child.kill('SIGINT'));
      const { code, out, err } = await collect(child);
      expect({ code, out }).toEqual({ code: 130, out: '' });
      expect(err).toContain('Stopped');
    },
    patience,
  );
});

describe('how it is typed', () => {
  it(
    'wrong usage ends with 2',
    async () => {
      expect(await fidelis(dataFolder, ['analyse'])).toMatchObject({ code: 2, err: expect.stringContaining('--list') });
      const spec = await file('plan.json', agreeableness);
      expect(await fidelis(dataFolder, ['analyse', spec])).toMatchObject({
        code: 2,
        err: expect.stringContaining('--data'),
      });
      expect(await fidelis(dataFolder, ['analyse', spec, '--data', join(folder, 'absent.csv')])).toMatchObject({
        code: 1,
        err: expect.stringContaining('absent.csv'),
      });
      expect(await fidelis(dataFolder, ['analyse', '--data', folder, spec])).toMatchObject({
        code: 1,
        out: '',
        err: `A file was expected, this is a folder: ${folder}\n`,
      });
      expect(await fidelis(dataFolder, ['analyse', spec, '--data='])).toMatchObject({ code: 2, out: '' });
    },
    patience,
  );

  it(
    '--list tells every analysis with its options, --json as JSON Schema',
    async () => {
      const { code, out } = await fidelis(dataFolder, ['analyse', '--list']);
      expect(code).toBe(0);
      expect(out).toMatch(/^cronbach-alpha\n {2}How consistent/m);
      expect(out).toMatch(/items +list of numeric columns, at least 2: columns with the answers/);
      const told = await fidelis(dataFolder, ['analyse', '--list', '--json']);
      const { analyses } = JSON.parse(told.out) as { analyses: { name: string; options: { properties: object } }[] };
      expect(analyses.find(({ name }) => name === 'cronbach-alpha')?.options.properties).toMatchObject({
        items: { type: 'array', minItems: 2, items: { format: 'numeric-column' } },
      });
    },
    patience,
  );

  it(
    '--list with a plan tells the analyses that the plan names, and refuses a wrong plan',
    async () => {
      const spec = await file('named.json', {
        title: 'Two',
        analyses: [...agreeableness.analyses, { analysis: 'descriptives', options: { columns: ['A1'] } }],
      });
      const { code, out } = await fidelis(dataFolder, ['analyse', '--list', spec]);
      expect(code).toBe(0);
      expect(out.match(/^[a-z]\S*$/gm)?.sort()).toEqual(['cronbach-alpha', 'descriptives']);
      const wrong = await file('unnamed.json', { title: 'Wrong', analyses: [{ analysis: 'alpha', options: {} }] });
      const refused = await fidelis(dataFolder, ['analyse', '--list', wrong]);
      expect(refused).toMatchObject({ code: 1, out: '' });
      expect(refused.err).toContain('analyses[0].analysis');
      const both = await fidelis(dataFolder, ['analyse', '--list', spec, '--data', bfi]);
      expect(both).toMatchObject({ code: 2, out: '', err: expect.stringContaining('--data') });
    },
    patience,
  );
});

/** `fidelis instruments check, diff, import, export` in processes of their own, without a database. */
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packageRoot } from '../../server/package-root.ts';
import { fidelis } from './command.ts';

const patience = 180_000;
const trust = join(packageRoot, 'instruments', 'library', 'trust.v1.json');
const interop = join(packageRoot, 'test', 'fixtures', 'interop');
let folder: string;
const at = (name: string) => join(folder, name);
/** On a folder that holds no data. */
const run = (...args: string[]) => fidelis(at('data'), ['instruments', ...args]);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fidelis-test-instruments-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

test('a version that lacks a permission is told what blocks it, and the command ends with 1', {
  timeout: patience,
}, async () => {
  const json = JSON.parse(readFileSync(trust, 'utf8')) as Record<string, unknown>;
  await writeFile(
    at('blocked.json'),
    JSON.stringify({ ...json, permission: { holder: 'An author', status: 'missing', note: '' } }),
  );
  const { code, out } = await run('check', at('blocked.json'), '--json');
  expect(code).toBe(1);
  const { ok, findings } = JSON.parse(out) as { ok: boolean; findings: { severity: string; code: string }[] };
  expect(ok).toBe(false);
  expect(findings.filter(({ severity }) => severity === 'error').map((one) => one.code)).toEqual([
    'permission-missing',
  ]);
});

test('two versions are compared item by item', { timeout: patience }, async () => {
  const second = readFileSync(trust, 'utf8')
    .replace('"version": 1', '"version": 2')
    .replace('"Strongly disagree"', '"Not at all"');
  await writeFile(at('second.json'), second);
  const { code, out } = await run('diff', trust, at('second.json'), '--json');
  expect(code).toBe(0);
  const { changes } = JSON.parse(out) as { changes: Record<string, unknown>[] };
  expect(changes).toEqual([
    {
      item: 'leadership_items',
      what: 'option-text',
      grade: 'linkable',
      reason: expect.stringContaining('code 1'),
      before: 'Strongly disagree',
      after: 'Not at all',
    },
  ]);
});

test('a form of another program becomes a draft with a report, or is refused with the row', {
  timeout: patience,
}, async () => {
  const form = join(interop, 'xlsform', 'or_other.xlsx');
  const done = await run('import', form, '--from', 'xlsform', '--out', at('draft.json'), '--json');
  expect(done.code, done.err).toBe(0);
  const { leftOut } = JSON.parse(done.out) as { leftOut: { item: string | null; what: string; why: string }[] };
  expect(leftOut.map(({ item, what }) => `${item} ${what}`)).toContain('fav_color or other');
  expect(JSON.parse(await readFile(at('draft.json'), 'utf8'))).toMatchObject({
    version: 1,
    permission: { status: 'missing' },
  });
  const refused = await run(
    'import',
    join(interop, 'xlsform', 'bad_calc.xlsx'),
    '--from',
    'xlsform',
    '--out',
    at('none.json'),
  );
  expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('survey.row 2.calculation') });
});

test('a version goes to other programs and onto paper, and comes back', { timeout: patience }, async () => {
  for (const [format, file] of [
    ['xlsform', 'trust.xlsx'],
    ['redcap', 'trust.csv'],
  ] as const) {
    const out = await run('export', 'trust@1', '--to', format, '--out', at(file), '--json');
    expect(out.code, out.err).toBe(0);
    expect(JSON.parse(out.out).leftOut.map(({ what }: { what: string }) => what)).toContain('scale trust_leadership');
    const back = await run('import', at(file), '--from', format, '--out', at('back.json'), '--json');
    expect(back.code, back.err).toBe(0);
    expect(await readFile(at('back.json'), 'utf8')).toContain('"tl08"');
  }
  const paper = await run('export', 'trust@1', '--to', 'pdf', '--out', at('trust.pdf'));
  expect(paper.code, paper.err).toBe(0);
  const pdf = (await readFile(at('trust.pdf'))).toString('latin1');
  expect(pdf.startsWith('%PDF-')).toBe(true);
  expect(pdf).toContain('/StructTreeRoot');
});

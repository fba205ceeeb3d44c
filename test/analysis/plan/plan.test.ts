import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { analyses } from '../../../analysis/plan/all.ts';
import { columnsNamed } from '../../../analysis/plan/columns.ts';
import { datasetOf } from '../../../analysis/plan/dataset.ts';
import { column, itemOptions, numericColumn } from '../../../analysis/plan/options.ts';
import { checkPlan, type Plan, PlanError, parsePlan, runPlan } from '../../../analysis/plan.ts';

const data = datasetOf({
  a: [1, 2, 3, 4, -9],
  b: [2, 1, 4, 3, 5],
  c: [3, 3, 2, 5, 1],
  school: ['x', 'x', 'y', 'y', '-9'],
});

function planOf(json: unknown): Plan {
  const parsed = parsePlan(json);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return parsed.value;
}

function refused(json: unknown): string[] {
  const parsed = parsePlan(json);
  return parsed.ok ? [] : parsed.issues.map(({ code, path }) => `${code} at ${path}`);
}

const alpha = (items: unknown, more: object = {}) => ({ analysis: 'cronbach-alpha', options: { items, ...more } });

describe('a plan is refused with the path of each wrong value', () => {
  it.each([
    [null, ['bad-value at plan']],
    [{ title: '', analyses: [] }, ['bad-value at title', 'bad-value at analyses']],
    [{ title: 'T', analyses: [alpha(['a', 'b'])], seed: 1 }, ['unknown-key at seed']],
    [{ title: 'T', missing: ['-9'], analyses: [alpha(['a', 'b'])] }, ['bad-value at missing[0]']],
    [{ title: 'T', analyses: [{ analysis: 'alfa', options: {} }] }, ['unknown-analysis at analyses[0].analysis']],
    [{ title: 'T', analyses: [{ ...alpha(['a', 'b']), id: 'Not an id' }] }, ['bad-value at analyses[0].id']],
    [{ title: 'T', analyses: [alpha(['a', 'b']), alpha(['a'])] }, ['bad-value at analyses[1].options.items']],
    [{ title: 'T', analyses: [alpha(['a', 7])] }, ['bad-value at analyses[0].options.items[1]']],
    [{ title: 'T', analyses: [alpha(['a', 'a'])] }, ['bad-value at analyses[0].options.items[1]']],
    [{ title: 'T', analyses: [alpha(['a', 'b'], { lvl: 0.9 })] }, ['unknown-key at analyses[0].options.lvl']],
    [{ title: 'T', analyses: [alpha(['a', 'b'], { level: 95 })] }, ['bad-value at analyses[0].options.level']],
    [{ title: 'T', analyses: [alpha(['a', 'b'], { reversed: ['b'] })] }, ['bad-value at analyses[0].options.range']],
    [
      { title: 'T', analyses: [alpha(['a', 'b'], { reversed: ['c'], range: [1, 5] })] },
      ['bad-value at analyses[0].options.reversed[0]'],
    ],
    [
      {
        title: 'T',
        analyses: [
          { ...alpha(['a', 'b']), id: 'one' },
          { ...alpha(['a', 'c']), id: 'one' },
        ],
      },
      ['repeated-id at analyses[1].id'],
    ],
  ])('%j', (json, expected) => {
    expect(refused(json)).toEqual(expected);
  });
});

describe('a plan is held against the data before anything is computed', () => {
  it('columns that are not there are named by path', () => {
    const plan = planOf({ title: 'T', analyses: [alpha(['a', 'b']), alpha(['a', 'nowhere', 'no'])] });
    expect(checkPlan(plan, data)).toEqual([
      { code: 'no-such-column', path: 'analyses[1].options.items[1]', message: 'no column nowhere' },
      { code: 'no-such-column', path: 'analyses[1].options.items[2]', message: 'no column no' },
    ]);
    expect(() => runPlan(plan, data)).toThrow(PlanError);
    expect(() => runPlan(plan, data)).toThrow('analyses[1].options.items[1]: no column nowhere');
  });

  it('text where numbers are needed is named by column and row', () => {
    const plan = planOf({ title: 'T', missing: [-9], analyses: [alpha(['a', 'school'])] });
    expect(checkPlan(plan, data)).toEqual([
      {
        code: 'not-numeric',
        path: 'analyses[0].options.items[1]',
        message: 'column school, row 2: a number is expected',
      },
    ]);
  });

  it('columns are found wherever options name them', () => {
    const schema = z.strictObject({
      label: z.string(),
      one: column().optional(),
      many: z.array(numericColumn().describe('each')).default([]),
      either: z.union([z.array(column()), z.literal('all'), column()]),
      factors: z.record(z.string(), z.array(numericColumn())).nullable(),
      pair: z.tuple([column(), z.number()]),
      turned: column().transform((name) => name.length),
      ...itemOptions(1),
    });
    const options = {
      label: 'not-a-column',
      many: ['m0', 'm1'],
      either: 'e',
      factors: { f: ['f0'], g: ['g0', 'g1'] },
      pair: ['p', 1],
      turned: 't',
      items: ['i0'],
      reversed: [],
    };
    expect(schema.safeParse(options).success).toBe(true);
    expect(columnsNamed(schema, options).map(({ name, kind, path }) => [path.join('.'), name, kind])).toEqual([
      ['many.0', 'm0', 'numeric'],
      ['many.1', 'm1', 'numeric'],
      ['either', 'e', 'any'],
      ['factors.f.0', 'f0', 'numeric'],
      ['factors.g.0', 'g0', 'numeric'],
      ['factors.g.1', 'g1', 'numeric'],
      ['pair.0', 'p', 'any'],
      ['turned', 't', 'any'],
      ['items.0', 'i0', 'numeric'],
    ]);
  });
});

describe('a report', () => {
  const plan = planOf({
    title: 'Two scales',
    missing: [-9],
    analyses: [alpha(['a', 'b']), { ...alpha(['a', 'b', 'c'], { reversed: ['c'], range: [1, 5] }), title: 'Three' }],
  });

  it('has a section for each analysis, whose ids are unique in the report', () => {
    const report = runPlan(plan, data);
    expect(report.sections.map(({ id, title }) => [id, title])).toEqual([
      ['cronbach-alpha', 'Cronbach’s alpha'],
      ['cronbach-alpha-2', 'Three'],
    ]);
    const tables = report.sections.flatMap((section) => section.tables.map(({ id }) => id));
    expect(new Set(tables).size).toBe(tables.length);
    expect(tables[0]).toBe('cronbach-alpha-estimates');
  });

  it('takes the numbers of the plan for missing values', () => {
    // Without the fifth row the items are (1, 2, 3, 4) and (2, 1, 4, 3): alpha is 2 (1 - (5/3 + 5/3) / (16/3)) = 0.75.
    const listwise = planOf({
      title: 'T',
      missing: [-9],
      analyses: [alpha(['a', 'b'], { missing: 'listwise' })],
    });
    const [first] = runPlan(listwise, data).sections[0]?.estimates ?? [];
    expect(first?.estimate.value).toBeCloseTo(0.75, 14);
  });

  it('tells how far it is', () => {
    const told: number[] = [];
    runPlan(plan, data, ({ share }) => told.push(share));
    expect(told).toEqual([0, 0.5]);
  });
});

it('every analysis has a name of its own, and refuses options that it does not know', () => {
  expect(new Set(analyses.map(({ name }) => name)).size).toBe(analyses.length);
  for (const { name, title, question, options } of analyses) {
    expect(name).toMatch(/^[a-z][a-z0-9-]*$/);
    expect(title.length * question.length).toBeGreaterThan(0);
    const read = options.safeParse({ 'no such option': 1 });
    expect(
      read.error?.issues.some(({ code }) => code === 'unrecognized_keys'),
      name,
    ).toBe(true);
  }
});

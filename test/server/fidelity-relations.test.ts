/** Fidelity and change on the demonstration study, over HTTP: what stands in the table is what the slope is made of. */
import { beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../server/app.ts';
import type { Context } from '../../server/context.ts';
import { loadDemo } from '../../server/demo/load.ts';
import { testDatabase } from '../database.ts';
import { contextOn, signedInAs, type Visitor } from './people.ts';

const patience = 400_000;
const address = '/api/studies/demo/fidelity/relations';

interface Shown {
  readonly id: string;
  readonly text: string;
  readonly charts: readonly {
    readonly config: { readonly data: { readonly datasets: readonly { data: unknown[] }[] } };
  }[];
  readonly tables: readonly { readonly id: string; readonly rows: readonly (readonly (string | number | null)[])[] }[];
  readonly notes: readonly { readonly code: string; readonly text: string }[];
}

let evaluator: Visitor;
let viewer: Visitor;

beforeAll(async () => {
  const { context }: { context: Context } = contextOn(await testDatabase());
  await loadDemo(context);
  const app = createApp(context);
  evaluator = await signedInAs(app, context, 'evaluator');
  viewer = await signedInAs(app, context, 'viewer');
}, patience);

async function sectionsFor(who: Visitor, query = ''): Promise<Shown[]> {
  const { body, status } = await who.send('GET', `${address}${query}`);
  expect(status, JSON.stringify(body).slice(0, 300)).toBe(200);
  return body.relations.sections;
}

/** Index, people before and after, and change of the schools that are points. */
function pointsOf({ tables, id }: Shown): { index: number; change: number; people: [number, number] }[] {
  const rows = tables.find((table) => table.id === `${id}-schools`)?.rows ?? [];
  return rows.flatMap(([, , index, before, after, change]) =>
    typeof index === 'number' && typeof change === 'number'
      ? [{ index, change, people: [Number(before), Number(after)] as [number, number] }]
      : [],
  );
}

describe('fidelity and change in the demonstration study', { timeout: patience }, () => {
  it('has every school of the programme in its table, and the slope of the points that are drawn', async () => {
    const sections = await sectionsFor(evaluator);
    const efficacy = sections.find(({ id }) => id.endsWith('collective_efficacy'));
    expect(sections.some(({ id }) => id.endsWith('trust_colleagues'))).toBe(true);
    if (!efficacy) throw new Error('no efficacy');
    const points = pointsOf(efficacy);
    expect(efficacy.tables[1]?.rows).toHaveLength(233);
    expect(points.length).toBeGreaterThan(20);
    expect(points.every(({ people }) => people.every((n) => n >= 5))).toBe(true);
    expect(efficacy.charts[0]?.config.data.datasets[0]?.data).toEqual(
      points.map(({ index, change }) => ({ x: index, y: change })),
    );
    // Least squares by its closed form, for ten points of the index: sum of products over sum of squares, over ten.
    const mean = (of: (point: (typeof points)[number]) => number) =>
      points.reduce((sum, point) => sum + of(point), 0) / points.length;
    const [x, y] = [mean(({ index }) => index), mean(({ change }) => change)];
    const products = mean(({ index, change }) => (index - x) * (change - y));
    const [, n, slope] = efficacy.tables[0]?.rows[0] ?? [];
    expect(n).toBe(points.length);
    expect(slope).toBeCloseTo(products / mean(({ index }) => (index - x) ** 2) / 10, 10);
    expect(efficacy.notes[0]).toMatchObject({ code: 'association' });
    expect(efficacy.notes.some(({ code, text }) => code === 'gate' && text.includes('ICC(2) is'))).toBe(true);
  });

  it('withholds few people, from whoever may not see rows by the word, and tells how many are left out', async () => {
    const [all, seen] = [await sectionsFor(evaluator), await sectionsFor(viewer)];
    let hidden = 0;
    seen.forEach((section, at) => {
      const rows = section.tables[1]?.rows ?? [];
      hidden += rows.filter((row) => row.includes('suppressed')).length;
      const small = rows.flatMap(([, , , before, after]) => [before, after]);
      expect(small.every((n) => n === 'suppressed' || n === 0 || Number(n) >= 5)).toBe(true);
      expect(pointsOf(section).length).toBeLessThanOrEqual(pointsOf(all[at] ?? section).length);
      for (const { change } of pointsOf(section))
        expect(Math.abs(change * 100 - Math.round(change * 100))).toBeLessThan(1e-9);
    });
    expect(hidden).toBeGreaterThan(0);
  });

  it('is of the waves that are asked for, in their order', async () => {
    const asked = await sectionsFor(evaluator, '?from=mid&to=end');
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.every(({ text }) => text.includes('from Mid-point to End'))).toBe(true);
    for (const query of ['?from=end&to=mid', '?from=never']) {
      const { body } = await evaluator.send('GET', `${address}${query}`);
      expect([body.code, body.issues?.[0]?.code]).toEqual(['invalid-request', 'unknown-wave']);
    }
  });
});

import { describe, expect, it } from 'vitest';
import { adaptationsOf, usualPracticeOf } from '../../../analysis/process/adaptations.ts';
import { indexOf } from '../../../analysis/process/index-score.ts';
import type { Cell } from '../../../analysis/process/scores.ts';
import { sensitivityOf } from '../../../analysis/process/sensitivity.ts';
import { suppressedScores } from '../../../analysis/process/suppress.ts';
import { randomOf } from '../../../instruments/random.ts';
import { entry, inputOf, listOf, modelOf } from './world.ts';

const model = modelOf();
const cell = (component: string, cycle: string, value: number | null, more: Partial<Cell> = {}): Cell => ({
  ...{ component, cycle, value, reason: value === null ? 'no-data' : null, n: 1, people: 1 },
  ...more,
});
/** Training (.4), reviews in two cycles (.2 each), engagement (.2). */
const place = (id: string, training: number | null, first: number, second: number, engaged: number | null) => ({
  id,
  cells: [
    cell('training', '1', training),
    cell('review', '1', first),
    cell('review', '2', second),
    cell('engaged', '1', engaged),
  ],
});

describe('an index', () => {
  it('is none where too little of the weight has a score', () => {
    // .2 of 1 known is below the half that the model wants; .4 + .2 of 1 is above.
    expect(
      indexOf(model, [
        cell('review', '1', 1),
        cell('training', '1', null),
        cell('review', '2', null),
        cell('engaged', '1', null),
      ]),
    ).toEqual({
      value: null,
      share: expect.closeTo(0.2, 12),
    });
    expect(indexOf(model, place('x', 0.5, 1, 1, null).cells).value).toBeCloseTo((0.4 * 0.5 + 0.4) / 0.8, 12);
  });
});

describe('sensitivity to weights', () => {
  const places = [place('low', 0, 0, 0, 1), place('high', 1, 1, 1, 0), place('none', null, 0, 0, null)];
  const found = sensitivityOf(model, places, { random: randomOf(1), draws: 4000 });
  const [low, high] = found.places;

  it('tells the index with equal weights and with each component left out', () => {
    // `none` has .4 of the weight: no index, and no part. Equal thirds: low 1/3, high 2/3.
    expect(found.places.map(({ id }) => id)).toEqual(['low', 'high']);
    expect([low?.index, high?.index]).toEqual([expect.closeTo(0.2, 12), expect.closeTo(0.8, 12)]);
    expect([low?.equal, high?.equal]).toEqual([expect.closeTo(1 / 3, 12), expect.closeTo(2 / 3, 12)]);
    // Low without training: .2 / .6; without engagement: 0.
    expect(low?.leaveOneOut).toEqual({ lowest: 0, highest: expect.closeTo(1 / 3, 12) });
    // Of two places an order is kept or turned round; without engagement both still differ.
    expect(found.withEqual).toBeCloseTo(1, 12);
    expect(
      found.withoutComponent.map(({ component, correlation }) => [component, Math.round(correlation ?? 0)]),
    ).toEqual([
      ['training', 1],
      ['review', 1],
      ['engaged', 1],
    ]);
  });

  it('draws weights uniformly from all that sum to 1', () => {
    // The weight w of engagement has density 2 (1 - w): P(w <= x) = 1 - (1 - x)². Low's index is w. Its 2.5 % quantile is
    // 1 - √.975 = .01258, its 97.5 % quantile 1 - √.025 = .84189; 4,000 draws leave about .004 and .006 of error.
    expect(Math.abs((low?.drawn?.lower ?? 1) - (1 - Math.sqrt(0.975)))).toBeLessThan(0.01);
    expect(Math.abs((low?.drawn?.upper ?? 0) - (1 - Math.sqrt(0.025)))).toBeLessThan(0.03);
    expect(low?.ranks).toEqual({ lower: 1, upper: 2 });
    expect([low?.rank, high?.rank]).toEqual([2, 1]);
    const again = sensitivityOf(model, places, { random: randomOf(1), draws: 4000 });
    expect(again).toEqual(found);
  });
});

describe('adaptations and usual practice', () => {
  const events = [0, 1, 1, null].map((adapted) =>
    entry('a', null, '2026-02-01', { values: { adapted, c1: adapted, c2: adapted === 1 ? 0 : null } }),
  );
  const answers = [
    ...[1, 3, 5, 5, 3].map((u1, at) => entry('a', 'a1', '2026-02-01', { person: `p${at}`, values: { u1, u2: 1 } })),
    // The later answer of a person stands for both.
    entry('a', 'a1', '2026-08-01', { person: 'p0', values: { u1: 5, u2: 1 } }),
    ...[1, 1].map((u1, at) => entry(null, 'c1', '2026-02-01', { person: `c${at}`, values: { u1, u2: null } })),
  ];
  const input = inputOf({
    entries: new Map([
      [listOf(model, 'training'), events],
      [listOf(model, 'engaged'), answers],
    ]),
  });

  it('are counted by code, of the events that say', () => {
    const [first, second] = adaptationsOf(input);
    expect(first).toMatchObject({
      cycle: '1',
      events: 3,
      codes: [
        { variable: 'c1', count: 2 },
        { variable: 'c2', count: 0 },
      ],
    });
    expect(first?.adapted.value).toBeCloseTo(2 / 3, 12);
    expect(second).toMatchObject({ events: 0, adapted: { value: null } });
  });

  it('are told by arm on the same items', () => {
    const rows = usualPracticeOf(input, null);
    // u1 of the programme: 5, 3, 5, 5, 3 is 1, .5, 1, 1, .5: .8; of the comparison 0, 0.
    expect(
      rows.map(({ arm, variable, estimate }) => [arm, variable, estimate.value ?? estimate.notes[0]?.code]),
    ).toEqual([
      ['programme', 'u1', expect.closeTo(0.8, 12)],
      ['comparison', 'u1', 0],
      ['programme', 'u2', 0],
      ['comparison', 'u2', 'no-values'],
    ]);
    // Two people of the comparison are too few; the programme's five go with them, or the total would tell.
    const shown = usualPracticeOf(input, 5).filter(({ variable }) => variable === 'u1');
    expect(shown.map(({ estimate }) => estimate.notes[0]?.code)).toEqual(['suppressed', 'suppressed']);
  });
});

describe('somebody who tries to subtract', () => {
  it('finds no school of too few people from its cluster and the other schools', () => {
    const schools: [string, number][] = [
      ['s1', 3],
      ['s2', 6],
      ['s3', 9],
    ];
    const of = (n: number) => [cell('engaged', '1', 0.5, { n, people: n })];
    const shown = suppressedScores(
      model,
      {
        clusters: new Map([['a', of(18)]]),
        schools: new Map(schools.map(([id, n]) => [id, of(n)])),
        clusterOf: new Map(schools.map(([id]) => [id, 'a'])),
      },
      5,
    );
    const seen = schools.map(([id]) => shown.schools.get(id)?.[0]?.n ?? -1);
    const total = shown.clusters.get('a')?.[0]?.n ?? 0;
    const hidden = seen.filter((n) => n === 0).length;
    expect(seen[0]).toBe(0);
    // What is left for the hidden ones belongs to two at least, and to five people at least.
    expect(total).toBe(18);
    expect(hidden).toBe(2);
    expect(total - seen.reduce((sum, n) => sum + n, 0)).toBeGreaterThanOrEqual(5);
  });
});

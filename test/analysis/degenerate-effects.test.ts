/** Effects of trials and scores of people on data that can say nothing or little: a null and its reason, never NaN. */
import { describe, expect, it, test } from 'vitest';
import type { Values } from '../../analysis/descriptives.ts';
import { type ClusterLabel, clusteredEffectSize, iccWithinArms } from '../../analysis/effect-size-clustered.ts';
import { modelEffectSize } from '../../analysis/effect-size-model.ts';
import { complierEffect } from '../../analysis/instrumental.ts';
import { personScores } from '../../analysis/scoring.ts';

interface Trial {
  readonly y: Values;
  readonly arm: Values;
  readonly cluster: readonly (ClusterLabel | null)[];
  readonly part: Values;
  readonly x: Values;
}

/** `n` people, two in a cluster, the second half of them offered the programme; three in four of these take part. */
function trial(n: number, other: Partial<Record<keyof Trial, (row: number) => number | null>> = {}): Trial {
  const rows = Array.from({ length: n }, (_, row) => row);
  return {
    y: rows.map(other.y ?? ((row) => ((row * 7) % 11) + (row % 2))),
    arm: rows.map(other.arm ?? ((row) => Number(row >= n / 2))),
    cluster: rows.map(other.cluster ?? ((row) => Math.floor(row / 2))),
    part: rows.map(other.part ?? ((row) => Number(row >= n / 2 && row % 4 > 0))),
    x: rows.map(other.x ?? ((row) => (row * 3) % 7)),
  };
}

const none = () => null;
const trials: Readonly<Record<string, Trial>> = {
  'no rows': trial(0),
  'one row': trial(1),
  'two rows': trial(2),
  'three rows': trial(3),
  'four rows': trial(4),
  'five rows': trial(5),
  'one outcome throughout': trial(16, { y: () => 3 }),
  'one outcome throughout, in binary without an end': trial(16, { y: () => 0.1 }),
  'no outcome': trial(16, { y: none }),
  'no arm': trial(16, { arm: none }),
  'no cluster': trial(16, { cluster: none }),
  'no covariate': trial(16, { x: none }),
  'nobody known to take part': trial(16, { part: none }),
  'one arm': trial(16, { arm: () => 1 }),
  'one cluster': trial(16, { cluster: () => 1 }),
  'a cluster in each arm': trial(16, { cluster: (row) => Number(row < 8) }),
  'two clusters in each arm': trial(16, { cluster: (row) => Math.floor(row / 4) }),
  'clusters of one': trial(16, { cluster: (row) => row }),
  'one person in an arm': trial(16, { arm: (row) => Number(row === 15) }),
  'arms within clusters': trial(16, { arm: (row) => row % 2 }),
  'the arm decides the outcome': trial(16, { y: (row) => Number(row >= 8) }),
  'the cluster decides the outcome': trial(16, { y: (row) => Math.floor(row / 2) }),
  'clusters of one mean': trial(16, { y: (row) => row % 2 }),
  'nearly all tied': trial(16, { y: (row) => Number(row === 4) }),
  'a constant covariate': trial(16, { x: () => 2 }),
  'a covariate that is the arm': trial(16, { x: (row) => Number(row >= 8) }),
  'a covariate that is the outcome': trial(16, { x: (row) => ((row * 7) % 11) + (row % 2) }),
  'nobody takes part': trial(16, { part: () => 0 }),
  'everybody takes part': trial(16, { part: () => 1 }),
  'everybody follows the offer': trial(16, { part: (row) => Number(row >= 8) }),
  'taking part goes with nothing': trial(16, { part: (row) => row % 2 }),
};

/** Paths of what is a number and not a figure. */
function notFinite(value: unknown, path = ''): string[] {
  if (typeof value === 'number') return Number.isFinite(value) ? [] : [`${path} ${value}`];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => notFinite(part, `${path}/${key}`));
}

describe.each(Object.entries(trials))('%s', (_what, { y, arm, cluster, part, x }) => {
  const found: Readonly<Record<string, () => { effect: unknown; notes: readonly { code: string }[] }>> = {
    ...Object.fromEntries(
      [0, 0.2, 1].map((icc) => [`clustered effect, ICC ${icc}`, () => clusteredEffectSize(y, arm, cluster, icc)]),
    ),
    'model effect': () => modelEffectSize(y, arm, [], cluster),
    'model effect, adjusted': () => modelEffectSize(y, arm, [x], cluster),
    ...Object.fromEntries(
      (['CR0', 'CR1', 'CR1p', 'CR1S', 'CR2', 'CR3'] as const).map((type) => [
        `complier effect, ${type}`,
        () => complierEffect(y, part, arm, cluster, { type }),
      ]),
    ),
    'complier effect, adjusted': () => complierEffect(y, part, arm, cluster, { covariates: { x } }),
  };
  it.each(Object.entries(found))('%s', (_name, ask) => {
    const { effect, notes } = ask();
    expect(notFinite(effect)).toEqual([]);
    if (effect === null) expect(notes.length).toBeGreaterThan(0);
    for (const { code } of notes) expect(code).toMatch(/^[a-z-]+$/);
  });

  it('ICC within arms', () => {
    const icc = iccWithinArms(y, arm, cluster);
    if (icc !== null) expect(Number.isFinite(icc)).toBe(true);
  });

  it('scores', () => {
    const scores = personScores([y, x], 1);
    expect(scores).toHaveLength(y.length);
    expect(notFinite(scores)).toEqual([]);
  });
});

const codes = (notes: readonly { code: string }[]) => notes.map(({ code }) => code);

test('why there is no effect is told', () => {
  const of = (name: string) => trials[name] ?? trial(0);
  const clustered = ({ y, arm, cluster }: Trial) => codes(clusteredEffectSize(y, arm, cluster, 0.1).notes);
  expect(clustered(of('no rows'))).toEqual(['too-few-clusters']);
  expect(clustered(of('a cluster in each arm'))).toEqual(['too-few-clusters']);
  expect(clustered(of('one outcome throughout'))).toEqual(['no-variance']);
  const model = ({ y, arm, cluster, x }: Trial) => codes(modelEffectSize(y, arm, [x], cluster).notes);
  expect(model(of('no outcome'))).toEqual(['too-few-groups']);
  expect(model(of('clusters of one'))).toEqual(['too-few-values']);
  expect(model(of('a covariate that is the arm'))).toEqual(['collinear']);
  expect(model(of('a covariate that is the outcome'))).toEqual(['no-variance']);
  const complier = ({ y, arm, cluster, part }: Trial) => codes(complierEffect(y, part, arm, cluster).notes);
  expect(complier(of('nobody takes part'))).toEqual(['no-first-stage']);
  expect(complier(of('taking part goes with nothing'))).toEqual(['no-first-stage']);
  expect(complier(of('one cluster'))).toContain('too-few-clusters');
  expect(complier(of('clusters of one mean'))).toContain('no-error');
});

test('where everybody follows the offer, its strength is no figure, and the effect is that of the offer', () => {
  const { y, arm, cluster, part } = trials['everybody follows the offer'] ?? trial(0);
  const { effect, notes } = complierEffect(y, part, arm, cluster);
  expect(effect).toMatchObject({ firstStageF: null, firstStageRobustF: null, endogeneity: null });
  expect(effect?.firstStage).toMatchObject({ t: null, df: null, p: null, interval: null });
  expect(effect?.effect.estimate).toBeCloseTo(effect?.intentionToTreat.estimate ?? Number.NaN, 12);
  expect(codes(notes)).toContain('full-compliance');
  expect(codes(notes)).not.toContain('weak-instrument');
});

test('clusters that leave a rounding in the first stage change nothing of that', () => {
  const arm = [0, 0, 1, 1, 0, 0, 1, 1];
  const { effect, notes } = complierEffect([1, 2, 5, 4, 1, 0, 3, 4], arm, arm, [...'aabbccdd']);
  // By hand: means of 4 with and 1 without the offer.
  expect(effect?.effect.estimate).toBeCloseTo(3, 12);
  expect(effect).toMatchObject({ firstStageF: null, firstStageRobustF: null, firstStage: { t: null, p: null } });
  expect(codes(notes)).toEqual(['full-compliance']);
});

test('scores: nobody answered, ties, and a wrong call', () => {
  expect(personScores([[null, 2, 2]], 1)).toEqual([null, 2, 2]);
  expect(personScores([[], []], 2)).toEqual([]);
  expect(() => personScores([], 1)).toThrow(/^personScores requires/);
  expect(() => personScores([[1], [1, 2]], 1)).toThrow(RangeError);
});

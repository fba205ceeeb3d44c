/** Outcomes by arm and wave: lme4's model on a simulated trial, and what few data cannot say. */
import { expect, test } from 'vitest';
import { type ArmContrast, armOutcomes, type OutcomeRow } from '../../../analysis/evaluation/arm-outcomes.ts';
import type { Estimate } from '../../../analysis/result.ts';
import { expectClose, oracleColumns, oracleResults, oracleTexts } from '../../oracle.ts';

interface Figure {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
}
type Cells<T> = Readonly<Record<'0 pre' | '0 post' | '1 pre' | '1 post', T>>;
const oracle = oracleResults<
  {
    readonly n: Cells<number>;
    readonly schools: Cells<number>;
    readonly clusters: Cells<number>;
    readonly means: Cells<Figure>;
  } & Readonly<Record<'change_treated' | 'change_comparison' | 'difference_pre' | 'difference_post' | 'net', Figure>>
>('reports/20_arm_outcomes.json');

const arms = [
  { id: '1', kind: 'intervention' },
  { id: '0', kind: 'comparison' },
] as const;

function trial(): OutcomeRow[] {
  const [treat = [], pre = [], post = []] = oracleColumns('sim_trial.csv', ['treat', 'score_pre', 'score_post']);
  const [schools, clusters] = [oracleTexts('sim_trial.csv', 'school'), oracleTexts('sim_trial.csv', 'cluster')];
  return treat.flatMap((arm, row) =>
    (
      [
        ['pre', pre[row]],
        ['post', post[row]],
      ] as const
    ).flatMap(([wave, score]) =>
      score === null || score === undefined
        ? []
        : [{ wave, arm: String(arm), score, school: schools[row] ?? null, cluster: clusters[row] ?? null }],
    ),
  );
}

function close(found: Estimate | undefined, expected: Figure, where: string) {
  expectClose(found?.value, expected.value, 1e-6, where);
  // A bound may lie near zero: compared in units of the interval.
  const width = expected.upper - expected.lower;
  for (const bound of ['lower', 'upper'] as const) {
    const distance = Math.abs((found?.interval?.[bound] ?? Number.NaN) - expected[bound]) / width;
    expect(distance, `${where}, ${bound}`).toBeLessThan(1e-5);
  }
}

test('means, changes, differences and the net change agree with lme4 and lmerTest', () => {
  const { means, contrasts, notes } = armOutcomes(trial(), arms, ['pre', 'post']);
  expect(notes).toEqual([]);
  expect(means).toHaveLength(4);
  for (const { arm, wave, people, schools, clusters, mean } of means) {
    const cell = `${arm} ${wave}` as keyof Cells<number>;
    expect([people, schools, clusters]).toEqual([oracle.n[cell], oracle.schools[cell], oracle.clusters[cell]]);
    close(mean, oracle.means[cell], cell);
  }
  const find = (kind: ArmContrast['kind'], arm: string, wave: string) =>
    contrasts.find((one) => one.kind === kind && one.arm === arm && one.wave === wave)?.estimate;
  close(find('change', '1', 'post'), oracle.change_treated, 'change of the treated');
  close(find('change', '0', 'post'), oracle.change_comparison, 'change of the comparison');
  close(find('difference', '1', 'pre'), oracle.difference_pre, 'difference before');
  close(find('difference', '1', 'post'), oracle.difference_post, 'difference after');
  close(find('net', '1', 'post'), oracle.net, 'net change');
  expect(contrasts).toHaveLength(5);
});

test('a single arm and wave has means only, and one school no interval', () => {
  const row = { wave: 'w1', arm: '1', cluster: null, school: 'a', score: 3 };
  const one = armOutcomes([row, { ...row, score: 4 }], arms, ['w1', 'w2']);
  expect(one.contrasts).toEqual([]);
  expect(one.means).toMatchObject([{ people: 2, schools: 1, clusters: 0, mean: { value: null, n: 2 } }]);
  expect(one.means[0]?.mean.notes.map(({ code }) => code)).toContain('too-few-groups');
  expect(armOutcomes([{ ...row, school: null }], arms, ['w1'])).toMatchObject({
    means: [],
    notes: [{ code: 'no-school' }],
  });
});

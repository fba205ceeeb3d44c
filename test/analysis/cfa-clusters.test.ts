/** Factor models with clusters, gaps and several groups under Wishart's likelihood: lavaan's figures, case by case. */
import { expect, test } from 'vitest';
import type { Equality } from '../../analysis/cfa/model.ts';
import { confirmatoryFactorAnalysis, type FactorAnalysisOptions } from '../../analysis/cfa.ts';
import { modificationIndices } from '../../analysis/modification-indices.ts';
import { expectClose, oracleResults } from '../oracle.ts';
import { columnsOf, lavaanFit, lavaanParameters } from '../verify/lavaan.ts';
import { openFolder } from '../verify/run.ts';
import type { JsonObject } from '../verify/types.ts';

interface Case {
  readonly data: string;
  readonly model: string;
  readonly n: number;
  readonly options: Readonly<Record<string, string>>;
  readonly fit: Readonly<Record<string, number>>;
  readonly parameters: readonly { readonly est: number; readonly se: number }[];
}
interface Missed {
  readonly lhs: string;
  readonly rhs: string;
  readonly group: number;
  readonly mi: number;
  readonly epc: number;
}
const all = oracleResults<Record<string, Case>>('04_cfa_clusters.json');
const missed =
  oracleResults<Record<string, readonly Missed[]>>('04_cfa_clusters.json').wishart_groups_loadings_modindices;
const { data } = openFolder(new URL('../oracles', import.meta.url).pathname);
const equalities: Readonly<Record<string, readonly Equality[]>> = {
  wishart_groups_loadings: ['loadings'],
  wishart_groups_means: ['loadings', 'intercepts'],
};

function asked(name: string, { data: file, model, options }: Case) {
  const frame = data(file);
  const chosen: FactorAnalysisOptions = {
    standardisedLatent: String(options['std.lv']) === 'true',
    robust: options.estimator === 'MLR',
    missing: options.missing === 'ml' ? 'full-information' : 'listwise',
    likelihood: options.likelihood === 'wishart' ? 'wishart' : 'normal',
    equal: equalities[name] ?? [],
    ...(options.group ? { group: frame.column(options.group) } : {}),
    ...(options.cluster ? { cluster: frame.column(options.cluster) } : {}),
  };
  return { columns: columnsOf(frame, model), chosen };
}

/**
 * lavaan's searches end up to 2e-5 from where all slopes are zero when intercepts are equal, its model of unrelated items 2e-5
 * from there with gaps; for robust tests under Wishart's likelihood it takes the variance of the moments about their mean with
 * n below the line, which is 1e-5 away from the scores at the moments themselves.
 */
function allowed(name: string, figure: string): number {
  if (name === 'wishart_groups_mlr' && /scal|robust/.test(figure)) return 2e-5;
  if (name.includes('gaps') && figure === 'baseline.chisq.scaled') return 2e-5;
  if (name === 'wishart_groups_means') return 2e-5;
  return figure === 'pvalue' ? 1e-5 : 3e-6;
}

const names = Object.keys(all).filter((name) => !name.endsWith('modindices'));

test.for(names)('%s is as lavaan has it: estimates, errors, tests, indices', (name) => {
  const expected = all[name] as Case;
  const { columns, chosen } = asked(name, expected);
  const { solution } = confirmatoryFactorAnalysis(expected.model, columns, chosen);
  if (solution === null) throw new Error('no solution');
  expect(solution.measures.n).toBe(expected.n);
  const { scaled } = solution.measures;
  const fit: Record<string, unknown> = {
    ...lavaanFit(solution.measures),
    'tli.scaled': scaled?.tli,
    'baseline.chisq.scaled': scaled?.baseline.chiSquare,
  };
  for (const [figure, value] of Object.entries(expected.fit)) {
    const actual = fit[figure] as number;
    if (value === 0) expect(actual).toBeLessThan(1e-300);
    else expectClose(actual, value, allowed(name, figure), `${name} ${figure}`);
  }
  const ours = lavaanParameters(expected as unknown as JsonObject, solution) as unknown as readonly {
    est: number;
    se: number;
  }[];
  expect(ours).toHaveLength(expected.parameters.length);
  expected.parameters.forEach(({ est, se }, i) => {
    expectClose(ours[i]?.est, est, allowed(name, 'est') + 1e-9 / Math.abs(est), `${name} estimate ${i + 1}`);
    expectClose(ours[i]?.se, se, allowed(name, 'se'), `${name} error ${i + 1}`);
  });
});

test("modification indices under Wishart's likelihood in two groups count all cases, as in lavaan", () => {
  const { columns, chosen } = asked('wishart_groups_loadings', all.wishart_groups_loadings as Case);
  const { indices } = modificationIndices(all.wishart_groups_loadings?.model ?? '', columns, chosen);
  expect(missed?.length).toBeGreaterThan(2);
  for (const { lhs, rhs, group, mi, epc } of missed ?? []) {
    const found = indices.find(
      (each) => each.operator === '~~' && each.left === lhs && each.right === rhs && each.group === group - 1,
    );
    expectClose(found?.index, mi, 1e-7, `${lhs} ${rhs}`);
    expectClose(found?.change, epc, 1e-7, `${lhs} ${rhs}`);
  }
});

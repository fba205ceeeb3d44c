/**
 * Recomputes 04. A case states data set, model and options (`std.lv`, `estimator`, `meanstructure`, `missing`,
 * `likelihood`, `cluster`). The list `NAME_modindices_top10` belongs to the case NAME, which states its model.
 */

import { confirmatoryFactorAnalysis, type FactorSolution } from '../../analysis/cfa.ts';
import { attempt, isObject, objectAt, textAt } from './cases.ts';
import { columnsOf, lavaanFit, lavaanOptions, lavaanParameters } from './lavaan.ts';
import type { DataSource, FigureObject, JsonObject, Recompute } from './types.ts';

export { tolerance } from './lavaan.ts';

function solved(options: JsonObject, data: DataSource): FactorSolution {
  const frame = data(textAt(options, 'data'));
  const model = textAt(options, 'model');
  const { solution, notes } = confirmatoryFactorAnalysis(model, columnsOf(frame, model), lavaanOptions(options, frame));
  if (solution === null) throw new Error(notes.map(({ text }) => text).join(' '));
  return solution;
}

function analysis(options: JsonObject, data: DataSource): FigureObject {
  const solution = solved(options, data);
  const [group] = solution.groups;
  const shown = objectAt(options, 'sample').vars;
  const order = Array.isArray(shown) ? shown.map((name) => solution.items.indexOf(String(name))) : [];
  return {
    n_used: solution.measures.n,
    sample: {
      cov: order.map((i) => order.map((j) => group?.covariance[i]?.[j])),
      mean: order.map((i) => group?.mean[i]),
    },
    fit: lavaanFit(solution.measures),
    parameters: lavaanParameters(options, solution),
    r2: group?.explained,
  };
}

export const recompute: Recompute = (results, data) =>
  Object.fromEntries(
    Object.keys(results).map((name) => [
      name,
      attempt(() => {
        if (isObject(results[name])) return analysis(objectAt(results, name), data);
        return new Error('not computed');
      }),
    ]),
  );

/**
 * Recomputes 04. A case states data set, model and options (`std.lv`, `estimator`, `meanstructure`, `missing`,
 * `likelihood`, `cluster`). The list `NAME_modindices_top10` belongs to the case NAME, which states its model.
 */

import { parseModel } from '../../analysis/cfa/syntax.ts';
import { confirmatoryFactorAnalysis, type FactorAnalysisOptions, type FactorSolution } from '../../analysis/cfa.ts';
import { attempt, isObject, objectAt, textAt } from './cases.ts';
import { lavaanFit, lavaanParameters } from './lavaan.ts';
import type { DataFrame, DataSource, FigureObject, JsonObject, Recompute } from './types.ts';

export { tolerance } from './lavaan.ts';

function solved(options: JsonObject, data: DataSource): FactorSolution {
  const frame = data(textAt(options, 'data'));
  const model = textAt(options, 'model');
  const { solution, notes } = confirmatoryFactorAnalysis(model, columnsOf(frame, model), optionsOf(options, frame));
  if (solution === null) throw new Error(notes.map(({ text }) => text).join(' '));
  return solution;
}

/** The columns that a model names. */
function columnsOf(frame: DataFrame, model: string): Record<string, (number | null)[]> {
  const names = parseModel(model).flatMap(({ operator, right }) => (operator === '=~' ? [right] : []));
  return Object.fromEntries(names.map((name) => [name, frame.numeric(name)]));
}

function optionsOf(options: JsonObject, frame: DataFrame): FactorAnalysisOptions {
  const stated = objectAt(options, 'options');
  return {
    standardisedLatent: stated['std.lv'] === true,
    meanStructure: stated.meanstructure === true,
    robust: stated.estimator === 'MLR',
    missing: stated.missing === 'ml' || stated.missing === 'fiml' ? 'full-information' : 'listwise',
    likelihood: stated.likelihood === 'wishart' ? 'wishart' : 'normal',
    ...(typeof stated.cluster === 'string' ? { cluster: frame.column(stated.cluster) } : {}),
  };
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

/**
 * Recomputes 04. A case states data set, model and options (`std.lv`, `estimator`, `meanstructure`, `missing`,
 * `likelihood`, `cluster`). The list `NAME_modindices_top10` belongs to the case NAME, which states its model.
 */

import { keyOf, type Operator } from '../../analysis/cfa/syntax.ts';
import { confirmatoryFactorAnalysis, type FactorSolution } from '../../analysis/cfa.ts';
import { modificationIndices } from '../../analysis/modification-indices.ts';
import { attempt, eachInList, isObject, listAt, objectAt, textAt } from './cases.ts';
import { columnsOf, lavaanFit, lavaanOptions, lavaanParameters } from './lavaan.ts';
import type { DataSource, FigureObject, Figures, JsonObject, Recompute } from './types.ts';

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

/** The rows of a list of modification indices, each found by what it names. */
function missed(results: JsonObject, name: string, options: JsonObject, data: DataSource): Figures {
  const frame = data(textAt(options, 'data'));
  const model = textAt(options, 'model');
  const { indices } = modificationIndices(model, columnsOf(frame, model), lavaanOptions(options, frame));
  return eachInList(listAt(results, name), (row) => {
    const key = keyOf(textAt(row, 'op') as Operator, textAt(row, 'lhs'), textAt(row, 'rhs'));
    const found = indices.find(({ operator, left, right }) => keyOf(operator, left, right) === key);
    if (!found) return new Error(`no parameter ${key}`);
    return { mi: found.index, epc: found.change, 'sepc.all': found.standardisedChange };
  });
}

export const recompute: Recompute = (results, data) =>
  Object.fromEntries(
    Object.keys(results).map((name) => [
      name,
      attempt(() => {
        if (isObject(results[name])) return analysis(objectAt(results, name), data);
        const model = objectAt(results, name.replace(/_modindices.*/, ''));
        return Object.keys(model).length === 0
          ? new Error('no case states the model')
          : missed(results, name, model, data);
      }),
    ]),
  );

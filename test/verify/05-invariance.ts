/**
 * Recomputes 05. A case states data set, model, group and options. From the script alone come: the items of `sim_trial`
 * that are reversed; data set and model of cases that state none (the partial model of `hs_partial_scalar`, the data
 * of longitudinal cases, which state a model at each step).
 */
import { confirmatoryFactorAnalysis, type FactorSolution } from '../../analysis/cfa.ts';
import { type InvarianceStep, measurementInvariance } from '../../analysis/invariance.ts';
import { attempt, isObject, objectAt, textAt } from './cases.ts';
import { columnsOf, itemsOf, lavaanFit, lavaanOptions, lavaanParameters } from './lavaan.ts';
import type { DataFrame, DataSource, FigureObject, Figures, JsonObject, Recompute } from './types.ts';

export { tolerance } from './lavaan.ts';

const mentalTests = 'visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9';

function columnsIn(frame: DataFrame, dataSet: string, model: string): Record<string, (number | null)[]> {
  const columns = columnsOf(frame, model);
  if (dataSet !== 'sim_trial') return columns;
  const turned = (column: (number | null)[]) => column.map((value) => (value === null ? null : 6 - value));
  return Object.fromEntries(
    Object.entries(columns).map(([name, column]) => [name, /^(pre|post)[46]$/.test(name) ? turned(column) : column]),
  );
}

function stepFigures(options: JsonObject, solution: FactorSolution | null): Figures {
  if (solution === null) return new Error('no solution');
  return { fit: lavaanFit(solution.measures), parameters: lavaanParameters(options, solution), n: solution.measures.n };
}

function differences({ comparison }: InvarianceStep): Figures {
  if (comparison === null) return new Error('no comparison');
  return {
    chisq_diff: comparison.chiSquare,
    df_diff: comparison.degreesOfFreedom,
    p: comparison.p,
    d_cfi: comparison.cfi,
    d_rmsea: comparison.rmsea,
    d_srmr: comparison.srmr,
  };
}

function invariance(options: JsonObject, data: DataSource): FigureObject {
  const dataSet = textAt(options, 'data');
  const model = textAt(options, 'model');
  const frame = data(dataSet);
  const { steps } = measurementInvariance(model, columnsIn(frame, dataSet, model), {
    ...lavaanOptions(options, frame),
    group: frame.column(textAt(options, 'group')),
  });
  return {
    n_by_group: steps[0]?.solution?.groups.map(({ n }) => n),
    ...Object.fromEntries(steps.map(({ level, solution }) => [level, stepFigures(objectAt(options, level), solution)])),
    tests: steps.slice(1).map(differences),
  };
}

/** A model at each step over one sample, with occasions as factors. */
function longitudinal(steps: JsonObject, data: DataSource): FigureObject {
  // Of the script alone: the occasions of its trial are the items of `pre` and `post`. Other cases state their data.
  const stated = [steps.data, ...Object.values(steps).map((step) => objectAt({ step }, 'step').data)].find(
    (name) => typeof name === 'string',
  );
  const dataSet = typeof stated === 'string' ? stated : 'sim_trial';
  const frame = data(dataSet);
  if (dataSet !== stated && !Object.values(steps).every((step) => isOfTrial(objectAt({ step }, 'step')))) {
    return Object.fromEntries(Object.keys(steps).map((name) => [name, new Error('the case states no data')]));
  }
  return Object.fromEntries(
    Object.keys(steps)
      .filter((name) => isObject(steps[name]))
      .map((name) => {
        const step = objectAt(steps, name);
        const model = textAt(step, 'model');
        const columns = columnsIn(frame, dataSet, model);
        return [name, stepFigures(step, confirmatoryFactorAnalysis(model, columns, { meanStructure: true }).solution)];
      }),
  );
}

/** Whether a step is about the items of the simulated trial alone. */
function isOfTrial(step: JsonObject): boolean {
  const items = itemsOf(textAt(step, 'model'));
  return items.length > 0 && items.every((item) => /^(pre|post)\d$/.test(item));
}

function partialScalar(data: DataSource): Figures {
  const frame = data('HolzingerSwineford1939');
  const { steps } = measurementInvariance(mentalTests, columnsOf(frame, mentalTests), {
    group: frame.column('school'),
    partial: ['x3 ~ 1', 'x7 ~ 1'],
  });
  return stepFigures({}, steps.find(({ level }) => level === 'scalar')?.solution ?? null);
}

export const recompute: Recompute = (results, data) =>
  Object.fromEntries(
    Object.keys(results).map((name) => [
      name,
      attempt(() => {
        const options = objectAt(results, name);
        if (typeof options.group === 'string') return invariance(options, data);
        const first = Object.values(options).find(isObject);
        if (isObject(first) && typeof first.model === 'string') return longitudinal(options, data);
        return name === 'hs_partial_scalar' ? partialScalar(data) : new Error('the case states no model');
      }),
    ]),
  );

/** Which parameters a factor model lacks: score tests of loadings and covariances that are fixed to 0. Called by plans. */

import { fitModel, gradientAt, informationAt, inverseInformation, type ModelFit, weightOf } from './cfa/fit.ts';
import type { FactorModel, Parameter } from './cfa/model.ts';
import { standardisedParameters } from './cfa/standardise.ts';
import { keyOf, type Operator } from './cfa/syntax.ts';
import { type FactorAnalysisOptions, factorModel, prepare } from './cfa.ts';
import type { Values } from './descriptives.ts';
import { quadraticForm } from './numeric/matrix.ts';
import { searchSteps, untold } from './progress.ts';
import type { Note } from './result.ts';

export interface ModificationIndex {
  readonly left: string;
  readonly operator: Operator;
  readonly right: string;
  /** Number of the group, from 0. */
  readonly group: number;
  /** By how much the chi-square would fall if the parameter were free, about; chi-square with one degree of freedom. */
  readonly index: number;
  /** The value that it would take, about, and the same standardised; null when a variance is negative. */
  readonly change: number;
  readonly standardisedChange: number | null;
}

/**
 * What would improve a factor model most? For each loading of an item on another factor and each covariance of residuals
 * that the model leaves out: slope² / (its information given the free parameters), the largest first. Indices say what
 * fits these answers, not what is true: a model that was changed by them needs other answers to be tested with.
 *
 * Notes as in `confirmatoryFactorAnalysis`; no indices where the model has no solution or is not identified, or where no
 * degrees of freedom are left (note `saturated`): all slopes are rounding then.
 *
 * Reference: Sörbom (1989), Psychometrika 54, 371-384. Agrees with R's lavaan to the accuracy of lavaan's stop.
 *
 * @throws RangeError as `confirmatoryFactorAnalysis`
 * @example
 * modificationIndices('f =~ a + b', { a: [1, 2, 4, 3], b: [1, 3, 2, 4] }).notes[0].code // => 'not-identified'
 */
export function modificationIndices(
  text: string,
  columns: Readonly<Record<string, Values>>,
  options: FactorAnalysisOptions = {},
): { indices: readonly ModificationIndex[]; notes: readonly Note[] } {
  const data = prepare(text, columns, options);
  const model = factorModel(text, data, options);
  const none = (...notes: readonly Note[]) => ({ indices: [], notes: [...data.notes, ...notes] });
  if (data.samples.length === 0 || data.saturated.length < data.samples.length) return none();
  const fit = fitModel(model, data.samples, data.saturated, searchSteps(options.onShare ?? untold, 6));
  if (fit.degreesOfFreedom < 0) return none({ code: 'not-identified', text: 'More parameters than moments.' });
  if (!fit.converged) return none({ code: 'not-converged', text: 'The fit did not settle.' });
  if (fit.degreesOfFreedom === 0) {
    return none({
      code: 'saturated',
      text: 'The model has no degrees of freedom: it fits any answers, and leaves nothing out.',
    });
  }
  const candidates = leftOut(model);
  const wider = {
    ...model,
    parameters: [...model.parameters, ...candidates],
    freeCount: model.freeCount + candidates.length,
  };
  const point = [...fit.point, ...candidates.map(() => 0)];
  const information = informationAt(wider, data.samples, point, 'expected');
  const slopes = gradientAt(wider, data.samples, point);
  const inverse = inverseInformation(
    information.slice(0, model.freeCount).map((line) => line.slice(0, model.freeCount)),
  );
  if (inverse === null) return none({ code: 'not-identified', text: 'The answers do not determine all parameters.' });
  // lavaan counts all cases, also where Wishart's likelihood takes one from each group.
  const cases = data.samples.reduce((total, { n }) => total + n, 0) / weightOf(data.samples);
  const found = candidates.map(({ free }) => {
    const at = free ?? 0;
    const line = information[at] ?? [];
    const own = (line[at] ?? 0) - quadraticForm(line.slice(0, model.freeCount), inverse);
    const slope = slopes[at] ?? 0;
    return { index: (cases * slope ** 2) / own, change: -slope / own };
  });
  const standardised = standardisedChanges(fit, wider, found);
  const indices = candidates.flatMap(({ left, operator, right, group }, i): ModificationIndex[] => {
    const { index, change } = found[i] ?? { index: Number.NaN, change: Number.NaN };
    const value = standardised[i] ?? Number.NaN;
    // Freeing what the others determine changes nothing.
    if (!Number.isFinite(index)) return [];
    return [{ left, operator, right, group, index, change, standardisedChange: Number.isFinite(value) ? value : null }];
  });
  return { indices: indices.sort((a, b) => b.index - a.index), notes: data.notes };
}

/** Loadings and residual covariances that the model has not, as further free parameters. */
function leftOut(model: FactorModel): Parameter[] {
  const { observed, latent, parameters, groups, freeCount } = model;
  const known = new Set(parameters.map(({ operator, left, right }) => keyOf(operator, left, right)));
  const further: Parameter[] = [];
  const add = (parameter: Pick<Parameter, 'left' | 'operator' | 'right' | 'group' | 'place'>) => {
    if (known.has(keyOf(parameter.operator, parameter.left, parameter.right))) return;
    further.push({ ...parameter, label: null, free: freeCount + further.length, fixed: 0 });
  };
  for (let group = 0; group < groups; group += 1) {
    latent.forEach((left, factor) => {
      observed.forEach((right, item) => {
        add({ left, operator: '=~', right, group, place: { kind: 'loading', item, factor } });
      });
    });
    observed.forEach((left, first) => {
      observed.slice(first + 1).forEach((right, k) => {
        add({ left, operator: '~~', right, group, place: { kind: 'residual', first, second: first + 1 + k } });
      });
    });
  }
  return further;
}

/** The changes in units of the fitted model. */
function standardisedChanges(
  fit: ModelFit,
  wider: FactorModel,
  found: readonly { readonly change: number }[],
): number[] {
  const point = [...fit.point, ...found.map(({ change }) => change)];
  const all = standardisedParameters({ ...fit, model: wider, point }, null);
  return all.slice(fit.model.parameters.length).map(({ value }) => value);
}

/** From the scores of a place to its composite index and to whether it complied. Called by `picture.ts` and `sensitivity.ts`. */
import type { FidelityModel } from '../../instruments/fidelity-model.ts';
import type { Cell } from './scores.ts';

export interface IndexScore {
  /** Weighted mean of the scores that there are; null where too little of the weight has one. */
  readonly value: number | null;
  /** Share of the weight of what is due that has a score. */
  readonly share: number;
}

/** Weights by component; by default those of the model. */
export type Weights = ReadonlyMap<string, number>;

export function modelWeights({ components }: Pick<FidelityModel, 'components'>): Weights {
  return new Map(components.map(({ id, weight }) => [id, weight]));
}

/**
 * Sum of weight times score over sum of weight, over the cells that have a score. A component with several cycles divides its
 * weight among them. What is not due yet, or not in the programme, is left out of account; what nobody has told of counts in
 * the share of weight that is missing.
 *
 * Weights .5, .3 and .2 with scores 1, .5 and none: (.5 × 1 + .3 × .5) / .8 = .8125, on a share of .8.
 */
export function indexOf(
  model: Pick<FidelityModel, 'components' | 'index'>,
  cells: readonly Pick<Cell, 'component' | 'value' | 'reason'>[],
  weights: Weights = modelWeights(model),
): IndexScore {
  const cycles = new Map(model.components.map(({ id, cycles: { length } }) => [id, length]));
  let [sum, scored, due] = [0, 0, 0];
  for (const { component, value, reason } of cells) {
    if (reason === 'not-due' || reason === 'not-there' || reason === 'not-in-programme') continue;
    const weight = (weights.get(component) ?? 0) / (cycles.get(component) ?? 1);
    due += weight;
    if (value === null) continue;
    scored += weight;
    sum += weight * value;
  }
  const share = due > 0 ? scored / due : 0;
  // What rounding takes from a share must not decide.
  const enough = scored > 0 && share >= model.index.least - 1e-9;
  return { value: enough ? sum / scored : null, share };
}

/** The index of the core components alone. */
export function coreIndexOf(model: FidelityModel, cells: readonly Cell[]): IndexScore {
  return indexOf(model, cells.filter(isCore(model)));
}

export interface Compliance {
  /** 1: complied; 0: did not; null: cannot be told. */
  readonly complied: 0 | 1 | null;
  readonly continuous: number | null;
  /** Core scores from `coreScore` on, of how many. */
  readonly core: { readonly reached: number; readonly of: number };
}

/** @param programme false for places outside the programme */
export function complianceOf(model: FidelityModel, cells: readonly Cell[], programme: boolean): Compliance {
  const { compliance: rule } = model;
  if (!programme) {
    const value = rule.comparison === 'zero' ? 0 : null;
    return { complied: value, continuous: value, core: { reached: 0, of: 0 } };
  }
  const index = indexOf(model, cells).value;
  const scored = cells.filter(isCore(model)).flatMap(({ value }) => value ?? []);
  const reached = scored.filter((value) => value >= rule.coreScore).length;
  const core = { reached, of: scored.length };
  const continuous = rule.continuous === 'index' ? index : coreIndexOf(model, cells).value;
  if (index === null || (scored.length === 0 && rule.coreShare > 0)) return { complied: null, continuous, core };
  // Compared with room for what floating point leaves of sums like .1 + .2.
  const enough = index >= rule.index - 1e-9 && reached >= rule.coreShare * scored.length - 1e-9;
  return { complied: enough ? 1 : 0, continuous, core };
}

function isCore({ components }: Pick<FidelityModel, 'components'>) {
  const core = new Set(components.filter((component) => component.core).map(({ id }) => id));
  return ({ component }: Pick<Cell, 'component'>) => core.has(component);
}

/**
 * A fidelity model in which everything is still to be said: no cycle, no component, weights that sum to 1. Called by the
 * workbench, which builds a model on screen from it.
 */
import type { FidelityModel } from '../fidelity-model.ts';

/** @param decided the day on which the rule of compliance is written down, until somebody names another */
export function blankFidelityModel(about: Pick<FidelityModel, 'id' | 'title'>, decided: string): FidelityModel {
  return {
    ...about,
    version: 1,
    description: '',
    design: '',
    cycles: [],
    components: [],
    comparisons: [],
    usualPractice: null,
    adaptations: null,
    index: { weights: 'sum-to-one', least: 0.5 },
    compliance: { decided, index: 0.6, coreShare: 0.5, coreScore: 0.5, continuous: 'index', comparison: 'zero' },
  };
}

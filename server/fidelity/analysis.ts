/** What is computed from all places at once: sensitivity to weights, sources compared, adaptations, usual practice. Called by the routes. */
import { adaptationsOf, usualPracticeOf } from '../../analysis/process/adaptations.ts';
import { agreementOf, type ComparedUnit, comparedUnits } from '../../analysis/process/sources.ts';
import type { Study } from '../../instruments/study.ts';
import type { Context } from '../context.ts';
import { runSensitivity } from '../reports/pool.ts';
import { type FidelityData, loadFidelityData, pictureFor } from './fidelity.ts';
import { wordsOf } from './words.ts';

const draws = 200;

/** Of each state of the data what was computed of it, for either kind of reader: the draws of weights are dear. */
const kept = new WeakMap<FidelityData, Map<boolean, ReturnType<typeof analyse>>>();

/** Null where the study has no published model. */
export async function fidelityAnalysis(context: Pick<Context, 'db' | 'clock'>, study: Study, suppress: boolean) {
  const data = await loadFidelityData(context, study);
  if (!data) return null;
  const known = kept.get(data) ?? new Map<boolean, ReturnType<typeof analyse>>();
  kept.set(data, known);
  const before = known.get(suppress);
  if (before) return before;
  const found = analyse(context, study, data, suppress);
  known.set(suppress, found);
  // A failure is not kept: the next request tries again.
  found.catch(() => known.delete(suppress));
  return found;
}

async function analyse(context: Pick<Context, 'db' | 'clock'>, study: Study, data: FidelityData, suppress: boolean) {
  const { input, version } = data;
  const minimum = suppress ? study.minimumCell : null;
  const words = (await wordsOf(context, study, input.model))(null);
  const labelled = [...(input.model.adaptations?.codes ?? []), ...(input.model.usualPractice?.variables ?? [])];
  const schools = pictureFor(data, null, suppress).schools.filter(({ programme }) => programme);
  return {
    names: {
      schools: Object.fromEntries(schools.map(({ id, name }) => [id, name])),
      variables: Object.fromEntries(labelled.map((name) => [name, words(name, null).what])),
      clusters: Object.fromEntries(input.clusters.map(({ id, name }) => [id, name])),
    },
    // By the version of the data: the same data give the same draws, whoever asks.
    sensitivity: await runSensitivity({
      model: { components: input.model.components, index: input.model.index },
      places: schools.map(({ id, cells }) => ({ id, cells })),
      ...{ seed: version, draws },
    }),
    comparisons: input.model.comparisons.map((comparison) => {
      const units = comparedUnits(input, comparison).map((unit) => withoutFew(unit, minimum));
      return agreementOf(comparison, units);
    }),
    adaptations: adaptationsOf(input),
    usualPractice: usualPracticeOf(input, minimum),
  };
}

/** What too few of those who took part have said is not shown, and does not enter an agreement that is. */
function withoutFew(unit: ComparedUnit, minimum: number | null): ComparedUnit {
  const { self } = unit.views;
  if (minimum === null || self === null || self.n === 0 || self.people >= minimum) return unit;
  return { ...unit, views: { ...unit.views, self: { value: null, category: null, n: 0, people: 0 } } };
}

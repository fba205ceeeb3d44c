/** Checks the scales of an instrument against its codebook. Called by `parseInstrument`. */
import type { Codebook, Variable } from './codebook.ts';
import type { Scale } from './instrument.ts';
import type { Issues } from './issues.ts';

function itemProblem(variable: Variable | undefined, scale: Scale): { code: string; message: string } | null {
  if (!variable) return { code: 'scale-item-unknown', message: 'is not in the codebook.' };
  if (variable.type !== 'integer' && variable.type !== 'number') {
    return { code: 'scale-item-not-numeric', message: `is ${variable.type}; a scale item is a number.` };
  }
  const { range } = variable;
  if (!range) {
    return {
      code: 'scale-item-unbounded',
      message: 'has no declared smallest and largest value, so it could leave the range of the scale.',
    };
  }
  if (range.min < scale.range.min || range.max > scale.range.max) {
    return {
      code: 'scale-item-out-of-range',
      message: `can be ${range.min} to ${range.max}, but the scale declares ${scale.range.min} to ${scale.range.max}.`,
    };
  }
  return null;
}

/**
 * Every scale must be computable from the codebook as declared. `sound`: the whole survey could be read, so that an item
 * that is not in the codebook is really unknown.
 */
export function checkScales(scales: readonly Scale[], codebook: Codebook, sound: boolean, issues: Issues): void {
  const variables = new Map(codebook.variables.map((variable) => [variable.name, variable]));
  const ids = new Set<string>();
  for (const [position, scale] of scales.entries()) {
    const path = `scales[${position}]`;
    if (ids.has(scale.id)) issues.add('duplicate-name', `${path}.id`, `There are two scales ${scale.id}.`);
    if (variables.has(scale.id)) {
      issues.add(
        'duplicate-name',
        `${path}.id`,
        `${scale.id} is also the name of a variable; both are columns of a dataset.`,
      );
    }
    ids.add(scale.id);
    if (scale.range.min >= scale.range.max) {
      issues.add('bad-range', `${path}.range`, 'The smallest value must be below the largest.');
    }
    if (scale.minimumAnswered > scale.items.length) {
      issues.add(
        'minimum-answered',
        `${path}.minimumAnswered`,
        `The scale has ${scale.items.length} items; ${scale.minimumAnswered} can never be answered.`,
      );
    }
    const seen = new Set<string>();
    for (const [index, item] of scale.items.entries()) {
      const place = `${path}.items[${index}].name`;
      if (seen.has(item.name)) issues.add('duplicate-name', place, `${item.name} stands in the scale twice.`);
      seen.add(item.name);
      const problem = itemProblem(variables.get(item.name), scale);
      if (problem && (sound || variables.has(item.name)))
        issues.add(problem.code, place, `${item.name} ${problem.message}`);
    }
  }
}

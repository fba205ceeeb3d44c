/** The options that say how a sample was drawn, and the design that they make of the data. Used by survey.ts. */
import { z } from 'zod';
import { type Label, postStratify, type Stage, type SurveyDesign, surveyDesign } from '../survey/design.ts';
import { OptionError } from './analysis.ts';
import type { Dataset } from './dataset.ts';
import { column, numericColumn } from './options.ts';

const postStratification = z.strictObject({
  column: column(),
  population: z.record(z.string(), z.number().gt(0)).describe('people in the population by label'),
});

/** To be spread into a schema. */
export function designOptions() {
  return {
    stages: z
      .array(z.strictObject({ units: column(), population: numericColumn().optional() }))
      .default([])
      .describe('what was drawn at each stage, and of how many; default each row by itself'),
    population: numericColumn().optional().describe('without stages: how many rows there are to draw from'),
    strata: column().optional().describe('strata of the first stage'),
    weights: numericColumn().optional().describe('people that a row stands for; default what the populations say'),
    postStratify: postStratification.optional().describe('weights are scaled to these known sizes'),
  };
}

export interface DesignChoice {
  readonly stages: readonly { readonly units: string; readonly population?: string | undefined }[];
  readonly population?: string | undefined;
  readonly strata?: string | undefined;
  readonly weights?: string | undefined;
  readonly postStratify?: z.output<typeof postStratification> | undefined;
}

/**
 * The design that the options describe.
 *
 * @throws OptionError where a column of the design has a gap, or a post-stratum no population
 * @example
 * designOf(datasetOf({ w: [2, 3] }), { stages: [], weights: 'w' }).weights[1] // => 3
 */
export function designOf(data: Dataset, options: DesignChoice): SurveyDesign {
  const labels = (path: readonly PropertyKey[], name: string) => filled<Label>(data, data.column(name), path, name);
  const numbers = (path: readonly PropertyKey[], name: string) => filled<number>(data, data.numeric(name), path, name);
  const stages = options.stages.map(
    ({ units, population }, at): Stage => ({
      units: labels(['stages', at, 'units'], units),
      ...(population !== undefined && { population: numbers(['stages', at, 'population'], population) }),
    }),
  );
  const rowByRow: Stage = {
    units: Array.from({ length: data.rows }, (_, row) => row),
    ...(options.population !== undefined && { population: numbers(['population'], options.population) }),
  };
  const design = surveyDesign({
    stages: stages.length > 0 ? stages : [rowByRow],
    ...(options.strata !== undefined && { strata: labels(['strata'], options.strata) }),
    ...(options.weights !== undefined && { weights: numbers(['weights'], options.weights) }),
  });
  if (!options.postStratify) return design;
  const { column: name, population } = options.postStratify;
  const groups = labels(['postStratify', 'column'], name);
  const sizes = new Map<Label, number>();
  for (const label of new Set(groups)) {
    const size = population[String(label)];
    if (size === undefined) throw new OptionError(['postStratify', 'population'], `no population of ${label}`);
    sizes.set(label, size);
  }
  return postStratify(design, groups, sizes);
}

function filled<T extends Label>(
  data: Dataset,
  cells: readonly (T | null)[],
  path: readonly PropertyKey[],
  name: string,
): T[] {
  const gap = cells.indexOf(null);
  if (gap >= 0) throw new OptionError(path, `column ${name}, row ${data.fileRow(gap)}: a design may have no gaps`);
  return cells.filter((cell) => cell !== null);
}

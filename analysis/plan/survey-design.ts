/** The options that say how a sample was drawn, and the design that they make of the data. Used by survey.ts. */
import { z } from 'zod';
import { type Label, postStratify, type Stage, type SurveyDesign, surveyDesign } from '../survey/design.ts';
import type { OptionIssue } from './analysis.ts';
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
 * @throws RangeError where `designIssues` has something against it
 * @example
 * designOf(datasetOf({ w: [2, 3] }), { stages: [], weights: 'w' }).weights[1] // => 3
 */
export function designOf(data: Dataset, options: DesignChoice): SurveyDesign {
  const labels = (name: string) => filled<Label>(data.column(name));
  const numbers = (name: string) => filled<number>(data.numeric(name));
  const stages = options.stages.map(
    ({ units, population }): Stage => ({
      units: labels(units),
      ...(population !== undefined && { population: numbers(population) }),
    }),
  );
  const rowByRow: Stage = {
    units: Array.from({ length: data.rows }, (_, row) => row),
    ...(options.population !== undefined && { population: numbers(options.population) }),
  };
  const design = surveyDesign({
    stages: stages.length > 0 ? stages : [rowByRow],
    ...(options.strata !== undefined && { strata: labels(options.strata) }),
    ...(options.weights !== undefined && { weights: numbers(options.weights) }),
  });
  if (!options.postStratify) return design;
  const { column: name, population } = options.postStratify;
  const groups = labels(name);
  const sizes = new Map<Label, number>();
  for (const label of new Set(groups)) {
    const size = population[String(label)];
    if (size !== undefined) sizes.set(label, size);
  }
  return postStratify(design, groups, sizes);
}

function filled<T extends Label>(cells: readonly (T | null)[]): T[] {
  return cells.filter((cell) => cell !== null);
}

/** What of the options does not make a design of the data: gaps, weights below 0, populations smaller than the sample. */
export function designIssues(data: Dataset, options: DesignChoice): OptionIssue[] {
  const { stages, population, strata, weights, postStratify: post } = options;
  const named: [readonly PropertyKey[], string | undefined][] = [
    ...stages.flatMap((stage, at): [readonly PropertyKey[], string | undefined][] => [
      [['stages', at, 'units'], stage.units],
      [['stages', at, 'population'], stage.population],
    ]),
    [['population'], population],
    [['strata'], strata],
    [['weights'], weights],
    [['postStratify', 'column'], post?.column],
  ];
  const issues = named.flatMap(([path, name]): OptionIssue[] => {
    if (name === undefined) return [];
    const cells = data.column(name);
    const gap = cells.indexOf(null);
    if (gap >= 0) return [{ path, message: `column ${name}, row ${data.fileRow(gap)}: a design may have no gaps` }];
    const low = path.at(-1) === 'weights' ? cells.findIndex((cell) => Number(cell) < 0) : -1;
    if (low < 0) return [];
    return [{ path, message: `column ${name}, row ${data.fileRow(low)}: a weight is 0 or more` }];
  });
  if (population !== undefined && stages.length > 0)
    issues.push({ path: ['population'], message: 'With stages, the population stands in each stage.' });
  if (post) {
    for (const label of new Set(data.column(post.column))) {
      if (label === null || post.population[String(label)] !== undefined) continue;
      issues.push({ path: ['postStratify', 'population'], message: `no population of ${label}` });
    }
  }
  return issues.length > 0 ? issues : populationIssues(data, options);
}

/** The engine compares the units drawn with the population of each stage and stratum; nothing else is left to refuse. */
function populationIssues(data: Dataset, options: DesignChoice): OptionIssue[] {
  try {
    designOf(data, options);
    return [];
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const path = options.stages.length > 0 ? ['stages'] : ['population'];
    return [{ path, message: 'a population is at least as large as the number of units drawn from it' }];
  }
}

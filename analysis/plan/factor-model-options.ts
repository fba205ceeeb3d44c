/** The options that say a factor model, shared by factor-models.ts and invariance.ts. */
import { z } from 'zod';
import type { OptionIssue } from './analysis.ts';
import type { Dataset } from './dataset.ts';
import { across, column, level, numericColumn, numericColumns } from './options.ts';

/** The options that say a factor model, to be spread into a schema. */
export function modelOptions() {
  const factor = z.strictObject({
    name: z.string().regex(/^[\p{L}_][\p{L}\p{N}_.]*$/u, 'A name of letters, digits, points and underscores.'),
    items: numericColumns(2),
  });
  return {
    factors: z.array(factor).min(1).describe('factors with their items; the first item of each sets its scale'),
    residualCovariances: z
      .array(z.tuple([numericColumn(), numericColumn()]))
      .default([])
      .describe('pairs of items that have more in common than their factors'),
    missing: z
      .enum(['listwise', 'full-information'])
      .default('listwise')
      .describe('complete rows, or all rows with any answer'),
    robust: z.boolean().default(false).describe('correct errors and tests for answers that are not normal (MLR)'),
    cluster: column().optional().describe('column of the clusters, for errors that allow for them'),
    level: level(),
  };
}

export interface ModelChoice {
  readonly factors: readonly { readonly name: string; readonly items: readonly string[] }[];
  readonly residualCovariances: readonly (readonly [string, string])[];
  readonly missing: 'listwise' | 'full-information';
  readonly robust: boolean;
  readonly cluster?: string | undefined;
  readonly level: number;
}

/** What keeps the options from being a model: `.check(modelIsClear())`. */
export function modelIsClear() {
  return across<ModelChoice>(['factors', 'residualCovariances'], modelIssues);
}

function modelIssues({ factors, residualCovariances }: ModelChoice): OptionIssue[] {
  const issues: OptionIssue[] = [];
  const items = factors.flatMap((factor) => factor.items);
  const issue = (path: (string | number)[], message: string) => issues.push({ path, message });
  factors.forEach(({ name }, at) => {
    if (factors.findIndex((other) => other.name === name) < at) issue(['factors', at, 'name'], `${name} stands twice.`);
    if (items.includes(name)) issue(['factors', at, 'name'], `${name} is an item as well.`);
  });
  factors.forEach((factor, at) => {
    factor.items.forEach((item, k) => {
      if (/[\s+*~=;#!(),"]/.test(item))
        issue(['factors', at, 'items', k], 'The name has a sign that models cannot hold.');
      if (/^-?[\d.]+(e-?\d+)?$/i.test(item) || item === 'NA')
        issue(['factors', at, 'items', k], 'Models read this name as a number; rename the column.');
    });
  });
  residualCovariances.forEach((pair, at) => {
    const stranger = pair.findIndex((item) => !items.includes(item));
    if (stranger >= 0) issue(['residualCovariances', at, stranger], `${pair[stranger]} is not an item of a factor.`);
    if (pair[0] === pair[1]) issue(['residualCovariances', at, 1], 'Two different items are needed.');
  });
  return issues;
}

/** The options as a model text, its columns, and how to fit it. */
export function modelFrom(
  data: Dataset,
  { factors, residualCovariances, missing, robust, cluster, level: confidence }: ModelChoice,
) {
  const lines = [
    ...factors.map(({ name, items }) => `${name} =~ ${items.join(' + ')}`),
    ...residualCovariances.map(([a, b]) => `${a} ~~ ${b}`),
  ];
  const items = new Set(factors.flatMap((factor) => factor.items));
  return {
    text: lines.join('\n'),
    columns: Object.fromEntries([...items].map((name) => [name, data.numeric(name)])),
    options: {
      missing,
      robust,
      level: confidence,
      ...(cluster === undefined ? {} : { cluster: data.column(cluster) }),
    },
  };
}

/** Declared measurement invariance. Listed in all.ts. */
import { z } from 'zod';
import type { FactorSolution } from '../cfa.ts';
import { type InvarianceStep, measurementInvariance } from '../invariance.ts';
import type { CellValue, ChartSpec, Estimate, Note, Table } from '../result.ts';
import { declareAnalysis, named } from './analysis.ts';
import { estimateChart } from './charts.ts';
import { type ModelChoice, modelFrom, modelIsClear, modelOptions } from './factor-model-options.ts';
import { across, categories, numericColumns } from './options.ts';
import { count, figure, table, text } from './tables.ts';

export const invariance = declareAnalysis({
  name: 'measurement-invariance',
  sizes: 'ordinary',
  title: 'Measurement invariance',
  question: 'Do the items measure the same in all groups, so that groups can be compared?',
  options: z
    .strictObject({
      ...modelOptions(),
      group: categories().describe('column of the groups, at most 100'),
      freeLoadings: numericColumns(0).default([]).describe('items whose loadings may differ all the same'),
      freeIntercepts: numericColumns(0).default([]).describe('items whose intercepts may differ all the same'),
    })
    .check(modelIsClear())
    .check(
      across<{
        factors: ModelChoice['factors'];
        freeLoadings: readonly string[];
        freeIntercepts: readonly string[];
      }>(['factors', 'freeLoadings', 'freeIntercepts'], ({ factors, ...free }) => {
        const items = factors.flatMap((factor) => factor.items);
        return (['freeLoadings', 'freeIntercepts'] as const).flatMap((option) =>
          free[option].flatMap((item, at) =>
            items.includes(item) ? [] : [{ path: [option, at], message: `${item} is not an item of a factor.` }],
          ),
        );
      }),
    ),
  run(data, choice, onShare) {
    const { text: model, columns, options } = modelFrom(data, choice);
    const partial = [
      ...choice.factors.flatMap(({ name, items }) =>
        items.filter((item) => choice.freeLoadings.includes(item)).map((item) => `${name} =~ ${item}`),
      ),
      ...choice.freeIntercepts.map((item) => `${item} ~ 1`),
    ];
    const { steps, notes } = measurementInvariance(model, columns, {
      ...options,
      group: data.column(choice.group),
      partial,
      onShare,
    });
    const scalar = steps.find((step) => step.level === 'scalar')?.solution;
    return {
      text: `Four models with more and more in common between the groups of ${choice.group}.`,
      estimates: stepEstimates(steps, notes),
      charts: scalar ? meanChartOf(scalar, choice.level) : [],
      tables: [stepTable(steps), ...(scalar ? [meanTable(scalar)] : [])],
      notes: [...notes, ...notesOf(steps)],
    };
  },
});

/** CFI of each step; where nothing could be fitted, the notes that tell why. */
function stepEstimates(steps: readonly InvarianceStep[], notes: readonly Note[]) {
  const method = 'CFI, against unrelated items';
  if (steps.length === 0)
    return [named('configural', 'CFI, configural', { value: null, n: 0, interval: null, method, notes })];
  return steps.map(({ level: step, solution, notes: doubts }) => {
    const [value, n] = [solution?.measures.cfi ?? null, solution?.measures.n ?? 0];
    const estimate: Estimate = { value, n, interval: null, method, notes: value === null ? [...notes, ...doubts] : [] };
    return named(step, `CFI, ${step}`, estimate);
  });
}

function meanChartOf(solution: FactorSolution, confidence: number): ChartSpec[] {
  const rows = meansOf(solution).map(({ left, group, estimate, lower, upper }, at) =>
    named(`m${at + 1}`, `${left}, ${solution.groups[group]?.label ?? ''}`, {
      value: estimate,
      n: solution.groups[group]?.n ?? 0,
      interval: lower === null || upper === null ? null : { lower, upper, level: confidence },
      method: 'Mean of the factor',
      notes: [],
    }),
  );
  return estimateChart('Means of the factors', 'Mean', rows, 'means', { value: 0, label: 'First group' });
}

function stepTable(steps: readonly InvarianceStep[]): Table {
  return table(
    'steps',
    'Steps',
    [
      text('level', 'The same in all groups'),
      figure('chi-square', 'Chi-square'),
      count('df', 'df'),
      figure('cfi', 'CFI'),
      figure('rmsea', 'RMSEA'),
      figure('srmr', 'SRMR'),
      figure('rise', 'Rise of chi-square'),
      count('rise-df', 'df of the rise'),
      figure('p', 'p', 4),
      figure('cfi-change', 'Change of CFI'),
    ],
    steps.map(({ level: step, solution, comparison }): CellValue[] => [
      step,
      solution?.measures.chiSquare ?? null,
      solution?.measures.degreesOfFreedom ?? null,
      solution?.measures.cfi ?? null,
      solution?.measures.rmsea.value ?? null,
      solution?.measures.srmr ?? null,
      comparison?.chiSquare ?? null,
      comparison?.degreesOfFreedom ?? null,
      comparison?.p ?? null,
      comparison?.cfi ?? null,
    ]),
  );
}

function meansOf({ parameters }: FactorSolution): FactorSolution['parameters'] {
  const factors = new Set(parameters.filter(({ operator }) => operator === '=~').map(({ left }) => left));
  return parameters.filter(({ left, operator }) => operator === '~1' && factors.has(left));
}

/** Means of the factors with equal loadings and intercepts; the first group is the reference. */
function meanTable(solution: FactorSolution): Table {
  const { groups } = solution;
  return table(
    'means',
    'Means of the factors, first group 0',
    [
      text('factor', 'Factor'),
      text('group', 'Group'),
      count('n', 'n'),
      figure('mean', 'Mean'),
      figure('se', 'Standard error'),
      figure('lower', 'Lower'),
      figure('upper', 'Upper'),
      figure('p', 'p', 4),
    ],
    meansOf(solution).map(({ left, group, estimate, standardError, lower, upper, p }): CellValue[] => [
      left,
      groups[group]?.label ?? '',
      groups[group]?.n ?? null,
      estimate,
      standardError,
      lower,
      upper,
      p,
    ]),
  );
}

/** Each note once; what only some of the steps say, with their names. */
function notesOf(steps: readonly InvarianceStep[]): Note[] {
  const said = new Map<string, { readonly note: Note; readonly levels: string[] }>();
  for (const { level: step, notes } of steps) {
    for (const note of notes) {
      const known = said.get(note.text) ?? { note, levels: [] };
      said.set(note.text, known);
      known.levels.push(step);
    }
  }
  return [...said.values()].map(({ note, levels }) =>
    levels.length === steps.length ? note : { code: note.code, text: `${levels.join(', ')}: ${note.text}` },
  );
}

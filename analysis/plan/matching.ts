/** The declared matching on propensity scores, with balance and the effect on matched units. Listed in all.ts. */
import { z } from 'zod';
import { differenceInDifferences } from '../difference-in-differences.ts';
import type { BalanceRow } from '../matching/balance.ts';
import { type Matching, matchNearest } from '../matching.ts';
import type { CellValue, Note, Table } from '../result.ts';
import { declareAnalysis, OptionError } from './analysis.ts';
import type { Dataset } from './dataset.ts';
import { treatedOf, twoGroupOptions } from './grouping.ts';
import { column, level, numericColumn } from './options.ts';
import { coefficientTable } from './predictors.ts';
import { count, figure, figureTable, table, text } from './tables.ts';

const matchingOptions = z.strictObject({
  ...twoGroupOptions(),
  covariates: z.array(column()).min(1).describe('numbers, or labels as one column for each'),
  distance: z.enum(['probability', 'logit']).optional(),
  order: z.enum(['largest', 'smallest', 'data']).optional().describe('who is matched first; default largest'),
  ratio: z.int().min(1).optional().describe('controls for each treated unit; default 1'),
  replace: z.boolean().optional().describe('whether a control may serve again; default no'),
  caliper: z.number().gt(0).optional().describe('largest distance of a match'),
  caliperUnit: z.enum(['sd', 'distance']).optional().describe('default in standard deviations of the distance'),
  exact: z.array(column()).optional().describe('covariates in which matches must be equal'),
  effect: z
    .strictObject({ before: numericColumn(), after: numericColumn() })
    .optional()
    .describe('difference-in-differences on the matched units'),
  level: level(),
});

const matching = declareAnalysis({
  name: 'matching',
  title: 'Matching',
  question:
    'Which units without the treatment are like those with it, how alike are they, and what did the treatment do?',
  options: matchingOptions,
  run(data, options) {
    const { group, compare, covariates, effect, level: confidence, ...rest } = options;
    rest.exact?.forEach((name, at) => {
      if (!covariates.includes(name)) throw new OptionError(['exact', at], `${name} is not among the covariates`);
    });
    const treated = treatedOf(data, { group, compare });
    const columns = Object.fromEntries(covariates.map((name) => [name, data.column(name)]));
    const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
    const { matching: found, notes } = matchNearest(treated, columns, given);
    const told = `Nearest neighbours on the propensity of ${compare[0]} against ${compare[1]}.`;
    if (found === null) return { text: told, notes };
    const after = effect ? effectOf(data, found, treated, effect, confidence) : { tables: [], notes: [] };
    return {
      text: told,
      tables: [countsOf(found), ...balanceOf(found), ...after.tables, propensityOf(found)],
      notes: [...notes, ...after.notes],
    };
  },
});

function countsOf({ treated, controls, caliper }: Matching): Table {
  return table(
    'units',
    'Units',
    [
      text('arm', 'Arm'),
      count('all', 'All'),
      count('matched', 'Matched'),
      figure('effective', 'Effective number', 1),
      count('unmatched', 'Left out'),
    ],
    [
      ['Treated', treated.all, treated.matched, treated.effective, treated.unmatched],
      ['Controls', controls.all, controls.matched, controls.effective, controls.unmatched],
    ],
    caliper === null ? [] : [{ code: 'caliper', text: `No match is farther than ${caliper.toPrecision(4)}.` }],
  );
}

function balanceOf({ balance }: Matching): Table[] {
  const shown = (id: string, title: string, rows: readonly BalanceRow[]) =>
    table(
      id,
      title,
      [
        text('covariate', 'Covariate'),
        figure('treated', 'Mean of treated'),
        figure('controls', 'Mean of controls'),
        figure('difference', 'Standardised difference'),
        figure('ratio', 'Variance ratio'),
        figure('mean-share', 'Mean difference of shares'),
        figure('largest-share', 'Largest'),
      ],
      rows.map((row): CellValue[] => [
        row.name,
        row.treatedMean,
        row.controlMean,
        row.standardisedDifference,
        row.varianceRatio,
        row.meanShareDifference,
        row.largestShareDifference,
      ]),
    );
  return [
    shown('balance-all', 'Balance of all', balance.all),
    shown('balance-matched', 'Balance of the matched', balance.matched),
  ];
}

function propensityOf({ propensity }: Matching): Table {
  return { ...coefficientTable(propensity.coefficients, 'z'), id: 'propensity', title: 'Log odds of the treatment' };
}

/** Units of one match may be alike; where controls serve again, each unit is a cluster of its own. */
function effectOf(
  data: Dataset,
  { weights, pairs }: Matching,
  treated: readonly (number | null)[],
  { before, after }: { readonly before: string; readonly after: string },
  confidence: number,
): { tables: Table[]; notes: readonly Note[] } {
  const paired = pairs.some((pair) => pair !== null);
  const { model, notes } = differenceInDifferences(data.numeric(before), data.numeric(after), treated, {
    weights,
    level: confidence,
    ...(paired && { clusters: pairs }),
  });
  if (model === null) return { tables: [], notes };
  return {
    tables: [
      table(
        'effect',
        'Difference-in-differences of the matched',
        [
          text('term', 'Term'),
          figure('estimate', 'Estimate'),
          figure('se', 'Standard error'),
          figure('lower', 'Lower'),
          figure('upper', 'Upper'),
          figure('df', 'df', 1),
          figure('p', 'p', 4),
        ],
        model.coefficients.map(({ term, estimate, standardError, interval, df, p }): CellValue[] => [
          term,
          estimate,
          standardError,
          interval.lower,
          interval.upper,
          df,
          p,
        ]),
      ),
      figureTable('effect-clusters', 'Clusters', [
        ['Rows (two for each unit)', model.n],
        [paired ? 'Matches' : 'Units', model.clusters],
      ]),
    ],
    notes,
  };
}

export const matchingAnalyses = [matching];

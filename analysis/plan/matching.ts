/** The declared matching on propensity scores, with balance and the effect on matched units. Listed in all.ts. */
import { z } from 'zod';
import { differenceInDifferences } from '../difference-in-differences.ts';
import type { BalanceRow } from '../matching/balance.ts';
import { type Matching, matchNearest } from '../matching.ts';
import type { CellValue, ChartSpec, Note, SectionEstimate, Table } from '../result.ts';
import { declareAnalysis, named, type OptionIssue, withoutFigure } from './analysis.ts';
import { estimateChart } from './charts.ts';
import type { Dataset } from './dataset.ts';
import { compareIssues, treatedOf, twoGroupOptions } from './grouping.ts';
import { across, column, different, level, numericColumn } from './options.ts';
import { coefficientTable } from './predictors.ts';
import { count, figure, figureTable, table, text } from './tables.ts';

const matchingOptions = z
  .strictObject({
    ...twoGroupOptions(),
    covariates: different(z.array(column()).min(1)).describe('numbers, or at most 200 labels as one column for each'),
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
  })
  .check(
    across<{ group: string; covariates: readonly string[]; exact?: readonly string[] | undefined }>(
      ['group', 'covariates', 'exact'],
      ({ group, covariates, exact = [] }) => [
        ...exact.flatMap((name, at) =>
          covariates.includes(name) ? [] : [{ path: ['exact', at], message: `${name} is not among the covariates.` }],
        ),
        ...covariates.flatMap((name, at) =>
          name === group ? [{ path: ['covariates', at], message: `${name} is what the groups are made of.` }] : [],
        ),
      ],
    ),
  );

/** Labels become a column each; numbers do not. */
function labelIssues(data: Dataset, covariates: readonly string[]): OptionIssue[] {
  return covariates.flatMap((name, at): OptionIssue[] => {
    const labels = new Set(data.column(name).filter((cell) => typeof cell === 'string'));
    if (labels.size <= mostLabels) return [];
    const message = `column ${name} holds ${labels.size} different labels; at most ${mostLabels} are taken`;
    return [{ path: ['covariates', at], message }];
  });
}

const mostLabels = 200;

const matching = declareAnalysis({
  name: 'matching',
  sizes: 'ordinary',
  title: 'Matching',
  question:
    'Which units without the treatment are like those with it, how alike are they, and what did the treatment do?',
  options: matchingOptions,
  check: (data, options) => [...compareIssues(data, options), ...labelIssues(data, options.covariates)],
  run(data, options, onShare) {
    const { group, compare, covariates, effect, level: confidence, ...rest } = options;
    const treated = treatedOf(data, { group, compare });
    const columns = Object.fromEntries(covariates.map((name) => [name, data.column(name)]));
    const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
    const { matching: found, notes } = matchNearest(treated, columns, { ...given, onShare });
    const told = `Nearest neighbours on the propensity of ${compare[0]} against ${compare[1]}.`;
    if (found === null) {
      const units = treated.filter((each) => each === 1).length;
      return withoutFigure(
        told,
        'matched',
        'Share of the treated that were matched',
        units,
        'Nearest neighbours',
        notes,
      );
    }
    const after = effect
      ? effectOf(data, found, treated, effect, confidence)
      : { estimates: [], tables: [], notes: [] };
    return {
      text: told,
      estimates: [...after.estimates, ...countEstimates(found)],
      charts: balanceChart(found),
      tables: [countsOf(found), ...balanceOf(found), ...after.tables, propensityOf(found)],
      notes: [...notes, ...after.notes],
    };
  },
});

/** How many found a match, and how far apart the arms still are. */
function countEstimates({ treated, controls, balance }: Matching): SectionEstimate[] {
  const apart = balance.matched
    .map(({ standardisedDifference }) => standardisedDifference)
    .filter((each) => each !== null);
  const largest = apart.length > 0 ? Math.max(...apart.map(Math.abs)) : null;
  const plain = (value: number | null, n: number, method: string, notes: readonly Note[] = []) => ({
    value,
    n,
    interval: null,
    method,
    notes,
  });
  const share = treated.all > 0 ? treated.matched / treated.all : null;
  return [
    named(
      'matched',
      'Share of the treated that were matched',
      plain(share, treated.all, 'Nearest neighbours', share === null ? [noBalance] : []),
    ),
    named(
      'imbalance',
      'Largest standardised difference that is left',
      plain(
        largest,
        treated.matched + controls.matched,
        'Difference of the means of the matched in standard deviations',
        largest === null ? [noBalance] : [],
      ),
    ),
  ];
}

const noBalance: Note = { code: 'no-variance', text: 'The covariates do not vary among the matched.' };

function balanceChart({ balance, treated, controls }: Matching): ChartSpec[] {
  const rows = balance.matched.map(({ name, standardisedDifference }, at) =>
    named(`c${at + 1}`, name, {
      value: standardisedDifference,
      n: treated.matched + controls.matched,
      interval: null,
      method: 'Standardised difference',
      notes: [],
    }),
  );
  return estimateChart('Balance of the matched', 'Standardised difference', rows, 'balance-matched', {
    value: 0,
    label: 'No difference',
  });
}

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
): { estimates: SectionEstimate[]; tables: Table[]; notes: readonly Note[] } {
  const paired = pairs.some((pair) => pair !== null);
  const [first, second] = [data.numeric(before), data.numeric(after)];
  const matched = [...weights.keys()].filter((row) => (weights[row] ?? 0) > 0);
  const isWhole = (row: number) => (first[row] ?? null) !== null && (second[row] ?? null) !== null;
  const [kept, lost] = [matched.filter(isWhole), matched.filter((row) => !isWhole(row))];
  const doubts = lostUnits(kept, lost, pairs, [before, after]);
  const { model, notes } = differenceInDifferences(first, second, treated, {
    weights,
    level: confidence,
    ...(paired && { clusters: pairs }),
  });
  const label = 'Effect: difference-in-differences of the matched';
  const method = paired ? 'Least squares, errors by match' : 'Least squares, errors by unit';
  if (model === null) {
    const { estimates } = withoutFigure('', 'effect', label, kept.length, method, notes);
    return { estimates: [...estimates], tables: [], notes: [...notes, ...doubts] };
  }
  const last = model.coefficients.at(-1);
  return {
    // Each unit is in the regression twice, before and after.
    estimates: last
      ? [named('effect', label, { value: last.estimate, n: model.n / 2, interval: last.interval, method, notes: [] })]
      : [],
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
        ['Matched units', kept.length + lost.length],
        ['Units with both outcomes', model.n / 2],
        [paired ? 'Matches' : 'Units', model.clusters],
      ]),
    ],
    notes: [...notes, ...doubts],
  };
}

/** Units are matched without a look at their outcomes; who has none falls out of the effect, and the partner stays alone. */
function lostUnits(
  kept: readonly number[],
  lost: readonly number[],
  pairs: Matching['pairs'],
  [before, after]: readonly [string, string],
): Note[] {
  if (lost.length === 0) return [];
  const pairsOf = (rows: readonly number[]) =>
    new Set(rows.map((row) => pairs[row] ?? null).filter((pair) => pair !== null));
  const [left, broken] = [pairsOf(kept), pairsOf(lost)];
  const halves = [...broken].filter((pair) => left.has(pair)).length;
  const text = `${lost.length} of ${kept.length + lost.length} matched units have no ${before} or no ${after} and are not in the effect.`;
  const ofPairs = `${broken.size} matches are no longer whole: of ${broken.size - halves} nobody is left, ${halves} stay in part, and the balance is that of all matched units.`;
  return [
    { code: 'matched-without-outcome', text },
    ...(broken.size > 0 ? [{ code: 'matches-broken', text: ofPairs }] : []),
  ];
}

export const matchingAnalyses = [matching];

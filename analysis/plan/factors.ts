/** Declared analyses of how many factors items have and which: for instruments that are still being made. Listed in all.ts. */
import { z } from 'zod';
import {
  type Factors,
  maximumLikelihood,
  minimumResidual,
  principalAxis,
  principalComponents,
} from '../factors/extraction.ts';
import { averagePartials, samplingAdequacy, sphericityTest } from '../factors/factorability.ts';
import { factorFit } from '../factors/fit.ts';
import type { Rotation } from '../factors/loadings.ts';
import { exceeding, randomEigenvalues } from '../factors/parallel-analysis.ts';
import { arranged, explainedBy, oblimin, promax } from '../factors/rotation.ts';
import { varimax } from '../factors/varimax.ts';
import type { SquareMatrix } from '../numeric/cholesky.ts';
import { symmetricEigenvalues } from '../numeric/eigen.ts';
import { polychoricCorrelations } from '../polychoric.ts';
import type { CellValue } from '../result.ts';
import { declareAnalysis, OptionError } from './analysis.ts';
import { correlationOptions, itemCorrelations } from './item-correlations.ts';
import { itemColumns, itemOptions, reversalIsClear, seed } from './options.ts';
import { count, figure, figureTable, table, text } from './tables.ts';

const numberOfFactors = declareAnalysis({
  name: 'number-of-factors',
  title: 'Number of factors',
  question: 'Do these items share enough to have factors, and how many?',
  options: z
    .strictObject({
      ...itemOptions(3),
      ...correlationOptions(),
      replications: z.int().min(20).max(10_000).default(200).describe('random data sets of the parallel analysis'),
      seed: seed(),
    })
    .check(reversalIsClear),
  run(data, options, onShare) {
    const { matrix, n, notes } = itemCorrelations(itemColumns(data, options), options);
    const said = `Correlations of ${options.items.length} items in ${n} rows against ${options.replications} random data sets.`;
    if (matrix === null) return { text: said, notes };
    const eigenvalues = symmetricEigenvalues(matrix);
    const random = randomEigenvalues(n, options.items.length, { ...options, onShare });
    const [high = []] = random.quantiles;
    const partials = averagePartials(matrix, options.items.length - 1);
    const adequacy = samplingAdequacy(matrix);
    const sphericity = sphericityTest(matrix, n);
    return {
      text: said,
      tables: [
        figureTable('suggestions', 'How many factors', [
          ['Eigenvalues above the mean of random ones', exceeding(eigenvalues, random.means)],
          ['Eigenvalues above the 95th percentile of random ones', exceeding(eigenvalues, high)],
          ['Least average partial correlation (Velicer)', partials.indexOf(Math.min(...partials)) + 1],
          ['Eigenvalues above 1 (too many as a rule)', eigenvalues.filter((value) => value > 1).length],
        ]),
        table(
          'eigenvalues',
          'Eigenvalues',
          [
            count('number', 'Number'),
            figure('observed', 'Observed'),
            figure('mean', 'Mean of random data'),
            figure('high', '95th percentile'),
            figure('partial', 'Average partial'),
          ],
          eigenvalues.map((value, at) => [
            at + 1,
            value,
            random.means[at] ?? null,
            high[at] ?? null,
            finite(partials[at]),
          ]),
        ),
        figureTable('shared', 'What the items share', [
          ['Sampling adequacy (KMO)', adequacy.overall],
          ['Bartlett’s chi-square', sphericity.chiSquare],
          ['Degrees of freedom', sphericity.degreesOfFreedom],
          ['p', sphericity.p],
        ]),
        table(
          'adequacy',
          'Sampling adequacy of each item',
          [text('item', 'Item'), figure('adequacy', 'KMO')],
          options.items.map((item, at) => [item, adequacy.items[at] ?? null]),
        ),
      ],
      notes,
    };
  },
});

const methods = {
  'minimum-residual': minimumResidual,
  'maximum-likelihood': maximumLikelihood,
  'principal-axis': principalAxis,
  'principal-components': principalComponents,
} as const;

const rotations: Readonly<Record<'none' | 'varimax' | 'promax' | 'oblimin', (factors: Factors) => Rotation>> = {
  none: ({ loadings }) => {
    const unit = (loadings[0] ?? []).map((_, i, line) => line.map((__, j) => (i === j ? 1 : 0)));
    return { loadings, rotation: unit, correlations: unit, notes: [] };
  },
  varimax: ({ loadings }) => varimax(loadings),
  promax: ({ loadings }) => promax(loadings),
  oblimin: ({ loadings }) => oblimin(loadings),
};

const exploratoryFactors = declareAnalysis({
  name: 'exploratory-factor-analysis',
  title: 'Exploratory factor analysis',
  question: 'Which items go together, and on how many dimensions?',
  options: z
    .strictObject({
      ...itemOptions(3),
      ...correlationOptions(),
      factors: z.int().min(1),
      method: z
        .enum(['minimum-residual', 'maximum-likelihood', 'principal-axis', 'principal-components'])
        .default('minimum-residual'),
      rotation: z.enum(['none', 'varimax', 'promax', 'oblimin']).default('oblimin'),
    })
    .check(reversalIsClear)
    .refine(({ factors, items }) => factors < items.length, {
      path: ['factors'],
      message: 'There must be fewer factors than items.',
    }),
  run(data, options) {
    const { matrix, n, notes } = itemCorrelations(itemColumns(data, options), options);
    const said = `${options.factors} factors of ${options.items.length} items in ${n} rows: ${options.method}, ${options.rotation}, ${options.correlations} correlations.`;
    if (matrix === null) return { text: said, notes };
    if (options.method === 'maximum-likelihood' && !((symmetricEigenvalues(matrix).at(-1) ?? 0) > 1e-12)) {
      throw new OptionError(
        ['method'],
        'Maximum likelihood needs correlations that can be inverted; take minimum-residual.',
      );
    }
    const extracted = methods[options.method](matrix, options.factors);
    const rotated = arranged(rotations[options.rotation](extracted));
    return {
      text: said,
      tables: [
        loadingTable(options.items, rotated, extracted),
        factorTable(rotated, options.items.length),
        ...(options.method === 'principal-components' ? [] : [fitTable(matrix, rotated, n)]),
      ],
      notes: [...notes, ...extracted.notes, ...rotated.notes],
    };
  },
});

function loadingTable(items: readonly string[], { loadings }: Rotation, { uniquenesses }: Factors) {
  return table(
    'loadings',
    'Loadings',
    [
      text('item', 'Item'),
      ...(loadings[0] ?? []).map((_, k) => figure(`factor-${k + 1}`, `Factor ${k + 1}`)),
      figure('uniqueness', 'Uniqueness'),
    ],
    items.map((item, at): CellValue[] => [item, ...(loadings[at] ?? []), uniquenesses[at] ?? null]),
  );
}

function factorTable({ loadings, correlations }: Rotation, items: number) {
  const explained = explainedBy(loadings, correlations);
  return table(
    'factors',
    'Factors',
    [
      text('factor', 'Factor'),
      figure('explained', 'Variance explained'),
      figure('share', 'Share of all'),
      ...explained.map((_, k) => figure(`with-${k + 1}`, `Correlation with factor ${k + 1}`)),
    ],
    explained.map((value, k) => [`Factor ${k + 1}`, value, value / items, ...(correlations[k] ?? [])]),
  );
}

function fitTable(matrix: SquareMatrix, { loadings, correlations }: Rotation, n: number) {
  const fit = factorFit(matrix, loadings, correlations, n);
  return figureTable(
    'fit',
    'Fit',
    [
      ['Chi-square', finite(fit.chiSquare)],
      ['Degrees of freedom', fit.degreesOfFreedom],
      ['p', fit.p],
      ['RMSEA', fit.rmsea?.value ?? null],
      ['RMSEA, lower limit (90%)', fit.rmsea?.lower ?? null],
      ['RMSEA, upper limit (90%)', fit.rmsea?.upper ?? null],
      ['TLI', finite(fit.tuckerLewis)],
      ['BIC', finite(fit.bic)],
      ['Root mean square residual', fit.rootMeanSquareResidual],
    ],
    fit.notes,
  );
}

const polychoric = declareAnalysis({
  name: 'polychoric-correlations',
  title: 'Polychoric correlations',
  question: 'How closely do the variables behind ordered answers go together?',
  options: z.strictObject({ ...itemOptions(2), missing: correlationOptions().missing }).check(reversalIsClear),
  run(data, options) {
    const found = polychoricCorrelations(itemColumns(data, options), { use: options.missing });
    const most = Math.max(0, ...found.thresholds.map(({ length }) => length));
    return {
      text: `Polychoric correlations of ${options.items.length} items in ${found.n} rows, ${options.missing}.`,
      tables: [
        table(
          'correlations',
          'Correlations',
          [text('item', 'Item'), ...options.items.map((item) => figure(item, item))],
          options.items.map((item, i) => [item, ...(found.correlations[i] ?? []).map(finite)]),
        ),
        table(
          'thresholds',
          'Thresholds',
          [
            text('item', 'Item'),
            ...Array.from({ length: most }, (_, k) => figure(`cut-${k + 1}`, `Threshold ${k + 1}`)),
          ],
          options.items.map((item, i) => [
            item,
            ...Array.from({ length: most }, (_, k) => found.thresholds[i]?.[k] ?? null),
          ]),
        ),
      ],
      notes: found.notes,
    };
  },
});

function finite(value: number | null | undefined): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

export const factorAnalyses = [numberOfFactors, exploratoryFactors, polychoric];

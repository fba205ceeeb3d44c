/** Declared analyses of how many factors items have and which: for instruments that are still being made. Listed in all.ts. */

import { z } from 'zod';
import { counted } from '../../instruments/zod-words.ts';
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
import { withNames } from '../item-names.ts';
import type { SquareMatrix } from '../numeric/cholesky.ts';
import { symmetricEigenvalues } from '../numeric/eigen.ts';
import { polychoricCorrelations } from '../polychoric.ts';
import { partOf } from '../progress.ts';
import type { CellValue } from '../result.ts';
import { declareAnalysis, named, withoutFigure } from './analysis.ts';
import { estimateChart } from './charts.ts';
import { categoryIssues, correlationOptions, itemCorrelations } from './item-correlations.ts';
import {
  across,
  answersOutside,
  itemColumns,
  itemOptions,
  numericCategories,
  reversalIsClear,
  seed,
} from './options.ts';
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
    .check(reversalIsClear()),
  check: (data, options) => [...answersOutside(data, options), ...categoryIssues(data, options)],
  run(data, options, onShare) {
    const found = itemCorrelations(itemColumns(data, options), options, partOf(onShare, 0, 0.3));
    const { matrix, n } = found;
    const notes = withNames(found.notes, options.items);
    const said = `Correlations of ${options.items.length} items in ${counted(n, 'row')} against ${options.replications} random data sets.`;
    const method = 'Eigenvalues above the mean of random ones (parallel analysis)';
    if (matrix === null) return withoutFigure(said, 'factors', 'Number of factors', n, method, notes);
    const eigenvalues = symmetricEigenvalues(matrix);
    const random = randomEigenvalues(n, options.items.length, { ...options, onShare: partOf(onShare, 0.3, 1) });
    const [high = []] = random.quantiles;
    const partials = averagePartials(matrix, options.items.length - 1);
    const adequacy = samplingAdequacy(matrix);
    const sphericity = sphericityTest(matrix, n);
    const plain = (value: number, of: string) => ({ value, n, interval: null, method: of, notes: [] });
    const observed = eigenvalues.map((value, at) => named(`e${at + 1}`, String(at + 1), plain(value, 'Observed')));
    const drawn = random.means.map((value, at) => named(`r${at + 1}`, `${at + 1}, random`, plain(value, 'Random')));
    return {
      text: said,
      estimates: [
        named('factors', 'Number of factors', plain(exceeding(eigenvalues, random.means), method)),
        named(
          'factors-high',
          'Number of factors, stricter',
          plain(exceeding(eigenvalues, high), 'Eigenvalues above the 95th percentile of random ones'),
        ),
        named('adequacy', 'Sampling adequacy', {
          ...plain(0, 'Kaiser, Meyer and Olkin'),
          value: finite(adequacy.overall),
          notes: finite(adequacy.overall) === null ? [noAdequacy] : [],
        }),
      ],
      charts: estimateChart(
        'Eigenvalues beside those of random data',
        'Eigenvalue',
        observed.flatMap((each, at) => [each, ...drawn.slice(at, at + 1)]).slice(0, 40),
        'eigenvalues',
      ),
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

const noAdequacy = { code: 'collinear', text: 'The items determine one another.' };

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
    .check(reversalIsClear())
    .check(
      across<{ items: readonly string[]; factors: number }>(['items', 'factors'], ({ factors, items }) =>
        factors < items.length ? [] : [{ path: ['factors'], message: 'There must be fewer factors than items.' }],
      ),
    ),
  check: (data, options) => [...answersOutside(data, options), ...categoryIssues(data, options)],
  run(data, options, onShare) {
    const found = itemCorrelations(itemColumns(data, options), options, onShare);
    const { matrix, n } = found;
    const notes = withNames(found.notes, options.items);
    const said = `${counted(options.factors, 'factor')} of ${options.items.length} items in ${counted(n, 'row')}: ${options.method}, ${options.rotation}, ${options.correlations} correlations.`;
    const method = 'Squared loadings over the number of items';
    if (matrix === null) return withoutFigure(said, 'explained', 'Variance explained', n, method, notes);
    if (options.method === 'maximum-likelihood' && !((symmetricEigenvalues(matrix).at(-1) ?? 0) > 1e-12)) {
      const text =
        'Maximum likelihood needs correlations that can be inverted, and some items determine one another; minimum-residual does not.';
      return withoutFigure(said, 'explained', 'Variance explained', n, method, [...notes, { code: 'collinear', text }]);
    }
    const extracted = methods[options.method](matrix, options.factors);
    const rotated = arranged(rotations[options.rotation](extracted));
    const shares = explainedBy(rotated.loadings, rotated.correlations).map((value) => value / options.items.length);
    const share = (id: string, label: string, value: number) =>
      named(id, label, { value, n, interval: null, method, notes: [] });
    const loadings = rotated.loadings.flatMap((line, i) =>
      line.map((value, k) => share(`l${i + 1}-${k + 1}`, `${options.items[i]} on factor ${k + 1}`, value)),
    );
    return {
      text: said,
      estimates: [
        share(
          'explained',
          'Variance explained',
          shares.reduce((all, each) => all + each, 0),
        ),
        ...shares.map((value, k) => share(`explained-${k + 1}`, `By factor ${k + 1}`, value)),
      ],
      charts: estimateChart('Loadings', 'Loading', loadings, 'loadings', { value: 0, label: 'No loading' }),
      tables: [
        loadingTable(options.items, rotated, extracted),
        factorTable(rotated, options.items.length),
        ...(options.method === 'principal-components' ? [] : [fitTable(matrix, rotated, n)]),
      ],
      notes: [...notes, ...withNames(extracted.notes, options.items), ...rotated.notes],
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

const noCorrelation = { code: 'no-correlation', text: 'One of the two has a single answer, or nobody answered both.' };

const polychoric = declareAnalysis({
  name: 'polychoric-correlations',
  title: 'Polychoric correlations',
  question: 'How closely do the variables behind ordered answers go together?',
  options: z
    .strictObject({ ...itemOptions(2, numericCategories), missing: correlationOptions().missing })
    .check(reversalIsClear()),
  check: answersOutside,
  run(data, options, onShare) {
    const found = polychoricCorrelations(itemColumns(data, options), { use: options.missing, onShare });
    const most = Math.max(0, ...found.thresholds.map(({ length }) => length));
    const pairs = options.items.flatMap((first, i) =>
      options.items.slice(i + 1).map((second, k) => ({ label: `${first} and ${second}`, i, j: i + 1 + k })),
    );
    const estimates = pairs.map(({ label, i, j }, at) => {
      const value = finite(found.correlations[i]?.[j]);
      const notes = value === null ? [noCorrelation] : [];
      const method = 'Maximum likelihood, thresholds from the margins';
      return named(`pair-${at + 1}`, label, { value, n: found.n, interval: null, method, notes });
    });
    return {
      text: `Polychoric correlations of ${options.items.length} items in ${counted(found.n, 'row')}, ${options.missing}.`,
      estimates,
      charts: estimateChart('Correlations', 'Polychoric correlation', estimates, 'estimates', {
        value: 0,
        label: 'No correlation',
      }),
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
      notes: withNames(found.notes, options.items),
    };
  },
});

function finite(value: number | null | undefined): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

export const factorAnalyses = [numberOfFactors, exploratoryFactors, polychoric];

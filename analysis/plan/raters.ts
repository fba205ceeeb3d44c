/** Declared analyses of raters: the same cases, coded or rated by several people. Listed in all.ts. */
import { z } from 'zod';
import { agreementShare, kendallW } from '../concordance.ts';
import { congerKappa, fleissKappa, lightKappa, ratingCounts } from '../fleiss-kappa.ts';
import { agreementBesideKappa, cohenKappa, ratingTable } from '../kappa.ts';
import { krippendorffAlpha } from '../krippendorff.ts';
import { raterReliability } from '../rater-reliability.ts';
import type { CellValue } from '../result.ts';
import { declareAnalysis, named } from './analysis.ts';
import { column, level, numericColumns } from './options.ts';
import { count, figure, figureTable, table, text } from './tables.ts';

const cohen = declareAnalysis({
  name: 'cohen-kappa',
  title: 'Agreement of two raters',
  question: 'How far do two raters choose the same category, beyond chance (Cohen’s kappa)?',
  options: z.strictObject({
    raters: z.tuple([column(), column()]).describe('one column of categories for each'),
    weights: z.enum(['none', 'linear', 'quadratic']).default('none').describe('for ordered categories'),
    level: level(),
  }),
  run(data, { raters: [first, second], weights, level: confidence }) {
    const { categories, counts } = ratingTable(data.column(first), data.column(second));
    const shown = table(
      'counts',
      'Counts',
      [text('first', first), ...categories.map((name, at) => count(`c${at + 1}`, `${second} ${name}`))],
      categories.map((name, at): CellValue[] => [String(name), ...(counts[at] ?? [])]),
    );
    if (categories.length < 2) {
      const note = { code: 'too-few-categories', text: 'The raters used fewer than two categories, so no kappa.' };
      return { text: `${first} and ${second}.`, tables: [shown], notes: [note] };
    }
    const found = cohenKappa(counts, weights, confidence);
    const beside = agreementBesideKappa(counts);
    return {
      text: `${first} and ${second} on the cases that both rated.`,
      estimates: [named('kappa', 'Cohen’s kappa', found.kappa)],
      tables: [
        figureTable('test', 'Kappa', [
          ['Observed agreement', found.observed],
          ['Agreement by chance', found.expected],
          ['Standard error', found.standardError],
          ['Standard error without agreement', found.nullStandardError],
          ['z', found.z],
          ['p', found.p],
        ]),
        figureTable('beside', 'Beside kappa', [
          ['Share of full agreement', beside.agreement],
          ['Largest kappa of these margins', beside.largestKappa],
          ['Kappa of even margins (PABAK)', beside.evenKappa],
          ['Scott’s pi', beside.scottPi],
          ['Gwet’s AC1', beside.gwetAc1],
        ]),
        shown,
      ],
    };
  },
});

const several = declareAnalysis({
  name: 'fleiss-kappa',
  title: 'Agreement of several raters',
  question: 'How far do several raters choose the same categories, beyond chance (Fleiss, Conger, Light)?',
  options: z.strictObject({ raters: z.array(column()).min(2).describe('one column of categories for each') }),
  run(data, { raters: names }) {
    const raters = names.map((name) => data.column(name));
    const { categories, counts } = ratingCounts(raters);
    const found = fleissKappa(counts, categories);
    return {
      text: `${names.length} raters on the cases that all of them rated.`,
      estimates: [
        named('fleiss', 'Fleiss’ kappa', found.kappa),
        named('conger', 'Conger’s kappa', congerKappa(raters)),
        named('light', 'Light’s kappa, mean of pairs', lightKappa(raters)),
        named('agreement', 'Full agreement', agreementShare(raters)),
      ],
      tables: [
        table(
          'categories',
          'Categories',
          [text('category', 'Category'), figure('kappa', 'Kappa'), figure('z', 'z'), figure('p', 'p', 4)],
          [
            ['all', found.kappa.value, found.z, found.p],
            ...found.categories.map(({ category, kappa, z: test, p }): CellValue[] => [
              String(category),
              kappa,
              test,
              p,
            ]),
          ],
        ),
      ],
    };
  },
});

const krippendorff = declareAnalysis({
  name: 'krippendorff-alpha',
  title: 'Krippendorff’s alpha',
  question: 'How far do raters agree beyond chance, however many they are and whatever they left out?',
  options: z.strictObject({
    raters: numericColumns(2).describe('one column of ratings for each'),
    scales: z
      .array(z.enum(['nominal', 'ordinal', 'interval', 'ratio']))
      .min(1)
      .default(['nominal']),
  }),
  run(data, { raters, scales }) {
    const ratings = raters.map((name) => data.numeric(name));
    return {
      text: `${raters.length} raters on the cases that two or more of them rated.`,
      estimates: scales.map((scale) => named(scale, `Alpha, ${scale}`, krippendorffAlpha(ratings, scale))),
    };
  },
});

const ratings = declareAnalysis({
  name: 'rater-reliability',
  title: 'Reliability of ratings',
  question: 'How reliable is one rating, and the mean of all, on a scale of numbers (ICC of Shrout and Fleiss)?',
  options: z.strictObject({ raters: numericColumns(2).describe('one column of ratings for each'), level: level() }),
  run(data, { raters: names, level: confidence }) {
    const raters = names.map((name) => data.numeric(name));
    const found = raterReliability(raters, confidence);
    const kinds = [
      ['one-way', 'own raters for each case', found.oneWay],
      ['agreement', 'the same raters, levels count', found.agreement],
      ['consistency', 'the same raters, levels do not count', found.consistency],
    ] as const;
    const { w, chiSquare, df, p } = kendallW(raters);
    return {
      text: `${found.raters} raters on ${found.subjects} cases that all of them rated.`,
      estimates: [
        ...kinds.flatMap(([id, name, { single, mean }]) => [
          named(`${id}-single`, `One rating, ${name}`, single),
          named(`${id}-mean`, `Mean of ratings, ${name}`, mean),
        ]),
        named('kendall-w', 'Kendall’s W', w),
      ],
      tables: [
        table(
          'tests',
          'Tests',
          [
            text('figure', 'Figure'),
            figure('statistic', 'F or chi-square'),
            figure('df1', 'df', 1),
            figure('df2', 'df within', 1),
            figure('p', 'p', 4),
          ],
          [
            ...kinds.map(([, name, { single }]): CellValue[] => [
              `F, ${name}`,
              single.f,
              single.df1,
              single.df2,
              single.p,
            ]),
            ['Kendall’s W', chiSquare, df, null, p],
          ],
        ),
      ],
    };
  },
});

export const raterAnalyses = [cohen, several, krippendorff, ratings];

/** Declared analyses of raters: the same cases, coded or rated by several people. Listed in all.ts. */

import { z } from 'zod';
import { counted } from '../../instruments/zod-words.ts';
import { agreementShare, kendallW } from '../concordance.ts';
import type { Values } from '../descriptives.ts';
import { congerKappa, fleissKappa, lightKappa, ratingCounts } from '../fleiss-kappa.ts';
import { agreementBesideKappa, cohenKappa, ratingTable } from '../kappa.ts';
import { krippendorffAlpha, type RatingScale } from '../krippendorff.ts';
import { raterReliability } from '../rater-reliability.ts';
import type { CellValue } from '../result.ts';
import { declareAnalysis, named, type OptionIssue, withoutFigure } from './analysis.ts';
import { estimateChart } from './charts.ts';
import type { Cell, Dataset } from './dataset.ts';
import { labelsOf } from './grouping.ts';
import { categories, column, different, level, numericColumns } from './options.ts';
import { count, figure, figureTable, table, text } from './tables.ts';

function sumOf(counts: readonly (readonly number[])[]): number {
  return counts.flat().reduce((all, each) => all + each, 0);
}

const cohen = declareAnalysis({
  name: 'cohen-kappa',
  title: 'Agreement of two raters',
  question: 'How far do two raters choose the same category, beyond chance (Cohen’s kappa)?',
  options: z.strictObject({
    raters: z.tuple([categories(), categories()]).describe('one column of categories for each, at most 100'),
    weights: z.enum(['none', 'linear', 'quadratic']).default('none').describe('for ordered categories'),
    level: level(),
  }),
  run(data, { raters: [first, second], weights, level: confidence }) {
    const { categories: names, counts } = ratingTable(data.column(first), data.column(second));
    const shown = table(
      'counts',
      'Counts',
      [text('first', first), ...names.map((name, at) => count(`c${at + 1}`, `${second} ${name}`))],
      names.map((name, at): CellValue[] => [String(name), ...(counts[at] ?? [])]),
    );
    if (names.length < 2) {
      const note = { code: 'too-few-categories', text: 'The raters used fewer than two categories, so no kappa.' };
      return {
        ...withoutFigure(`${first} and ${second}.`, 'kappa', 'Cohen’s kappa', sumOf(counts), 'Cohen’s kappa', [note]),
        tables: [shown],
      };
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
  options: z.strictObject({
    raters: different(z.array(categories()).min(2)).describe('one column of categories for each, at most 100'),
  }),
  run(data, { raters: names }) {
    const raters = names.map((name) => data.column(name));
    const { categories: labels, counts } = ratingCounts(raters);
    const found = fleissKappa(counts, labels);
    const ofCategories = found.categories.map(({ category, kappa }, at) =>
      named(`k${at + 1}`, String(category), {
        value: kappa,
        n: found.kappa.n,
        interval: null,
        method: 'Kappa of one category against the others',
        notes: [],
      }),
    );
    return {
      text: `${names.length} raters on the cases that all of them rated.`,
      charts: estimateChart('Agreement on each category', 'Kappa', ofCategories, 'categories'),
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

/** Ratings of several raters go into one table of pairs. */
const mostRatings = 1000;

/** Labels have no order and no distance; a ratio scale has no values below 0. */
function ratingIssues(data: Dataset, raters: readonly string[], scales: readonly RatingScale[]): OptionIssue[] {
  const different = new Set(raters.flatMap((name) => [...new Set(data.column(name))])).size;
  if (different > mostRatings) {
    const message = `the raters gave ${different} different ratings; at most ${mostRatings} are taken`;
    return [{ path: ['raters'], message }];
  }
  return raters.flatMap((name, at) => {
    const cells = data.column(name);
    const word = cells.findIndex((cell) => typeof cell === 'string');
    if (word >= 0 && scales.some((scale) => scale !== 'nominal')) {
      const message = `column ${name}, row ${data.fileRow(word)}: labels have a nominal scale alone`;
      return [{ path: ['raters', at], message }];
    }
    const low = scales.includes('ratio') ? cells.findIndex((cell) => typeof cell === 'number' && cell < 0) : -1;
    if (low < 0) return [];
    const message = `column ${name}, row ${data.fileRow(low)}: a ratio scale has no values below 0`;
    return [{ path: ['raters', at], message }];
  });
}

/** The ratings as numbers: as they are, or the place of each label among all. */
function codesOf(raters: readonly (readonly Cell[])[]): Values[] {
  const isNumber = (cell: Cell): cell is number | null => typeof cell !== 'string';
  if (raters.every((column) => column.every(isNumber))) return raters.map((column) => column.filter(isNumber));
  // The same label may be a number in the column of one rater and a text in that of another.
  const texts = raters.map((column) => column.map((cell) => (cell === null ? null : String(cell))));
  const places = new Map(labelsOf(texts.flat()).map((label, place) => [String(label), place]));
  return texts.map((column) => column.map((cell) => (cell === null ? null : (places.get(cell) ?? null))));
}

const krippendorff = declareAnalysis({
  name: 'krippendorff-alpha',
  title: 'Krippendorff’s alpha',
  question: 'How far do raters agree beyond chance, however many they are and whatever they left out?',
  options: z.strictObject({
    raters: different(z.array(column()).min(2)).describe('one column of ratings for each; labels on a nominal scale'),
    scales: z
      .array(z.enum(['nominal', 'ordinal', 'interval', 'ratio']))
      .min(1)
      .default(['nominal'])
      .describe('all but nominal take numbers alone'),
  }),
  check: (data, { raters, scales }) => ratingIssues(data, raters, scales),
  run(data, { raters, scales }) {
    const ratings = codesOf(raters.map((name) => data.column(name)));
    return {
      text: `${raters.length} raters on the cases that two or more of them rated.`,
      estimates: scales.map((scale) => named(scale, `Alpha, ${scale}`, krippendorffAlpha(ratings, scale))),
    };
  },
});

const ratings = declareAnalysis({
  name: 'rater-reliability',
  sizes: 'ordinary',
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
    const reliabilities = kinds.flatMap(([id, name, { single, mean }]) => [
      named(`${id}-single`, `One rating, ${name}`, single),
      named(`${id}-mean`, `Mean of ratings, ${name}`, mean),
    ]);
    return {
      text: `${found.raters} raters on ${counted(found.subjects, 'case')} that all of them rated.`,
      estimates: [...reliabilities, named('kendall-w', 'Kendall’s W', w)],
      charts: estimateChart('Reliability of ratings', 'Intraclass correlation', reliabilities),
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

/** Declared analyses of what is missing: whether at random, moments that use all rows, people lost by arm. Listed in all.ts. */

import { z } from 'zod';
import { counted } from '../../instruments/zod-words.ts';
import { attrition } from '../attrition.ts';
import { emMoments } from '../em-moments.ts';
import { withNames } from '../item-names.ts';
import { littleTest } from '../little-test.ts';
import type { CellValue } from '../result.ts';
import { declareAnalysis, named, withoutFigure } from './analysis.ts';
import { estimateChart } from './charts.ts';
import { compareIssues, treatedOf, twoGroupOptions } from './grouping.ts';
import { column, level, numericColumns } from './options.ts';
import { coefficientTable, predictorOptions, predictorsAreClear, predictorsOf } from './predictors.ts';
import { count, figure, figureTable, table, text } from './tables.ts';

/** A table of more patterns nobody reads. */
const mostPatterns = 50;

const little = declareAnalysis({
  name: 'little-test',
  sizes: 'ordinary',
  title: 'Little’s test',
  question: 'Do the rows with gaps differ from the others, or are values missing completely at random?',
  options: z.strictObject({ columns: numericColumns(2) }),
  run(data, { columns: names }, onShare) {
    const found = littleTest(
      names.map((name) => data.numeric(name)),
      onShare,
    );
    const gapsOf = names.map((name) => data.numeric(name).filter((value) => value === null).length);
    const rest = found.patterns.length - mostPatterns;
    const notes = withNames(found.notes, names);
    return {
      text: `${names.length} columns, ${counted(found.patterns.length, 'pattern')} of gaps.`,
      estimates: [
        named('p', 'p of Little’s test', {
          value: found.p,
          n: found.moments?.n ?? 0,
          interval: null,
          method: 'Chi-square of means by pattern, moments by maximum likelihood (Little)',
          notes: found.p === null ? notes : [],
        }),
        ...names.map((name, at) => {
          const value = data.rows > 0 ? (gapsOf[at] ?? 0) / data.rows : null;
          const notes = value === null ? [{ code: 'no-rows', text: 'There are no rows.' }] : [];
          return named(`gaps-${at + 1}`, `Gaps of ${name}`, {
            value,
            n: data.rows,
            interval: null,
            method: 'Share of rows',
            notes,
          });
        }),
      ],
      tables: [
        figureTable('test', 'Test', [
          ['Chi-square', found.chiSquare],
          ['Degrees of freedom', found.df],
          ['p', found.p],
          ['Chi-square with the unbiased covariance', found.unbiased?.chiSquare ?? null],
          ['Its p', found.unbiased?.p ?? null],
        ]),
        table(
          'patterns',
          'Patterns of gaps',
          [text('missing', 'Missing'), count('n', 'Rows')],
          found.patterns
            .slice(0, mostPatterns)
            .map(({ n, missing }) => [missing.length === 0 ? 'nothing' : missing.map((at) => names[at]).join(', '), n]),
          rest > 0
            ? [{ code: 'more-patterns', text: `${counted(rest, 'rarer pattern is', 'rarer patterns are')} not shown.` }]
            : [],
        ),
      ],
      notes,
    };
  },
});

const moments = declareAnalysis({
  name: 'likelihood-moments',
  sizes: 'ordinary',
  title: 'Means and covariances with gaps',
  question: 'What are means and covariances by full-information likelihood, which uses all that was answered?',
  options: z.strictObject({ columns: numericColumns(1) }),
  run(data, { columns: names }, onShare) {
    const { moments: found, notes: told } = emMoments(
      names.map((name) => data.numeric(name)),
      { onShare },
    );
    const notes = withNames(told, names);
    const said = 'Maximum likelihood of normal columns, right when gaps depend on what was answered.';
    if (found === null)
      return withoutFigure(said, 'mean-1', `Mean of ${names[0]}`, 0, 'Normal columns, full information', notes);
    const estimates = names.map((name, at) =>
      named(`mean-${at + 1}`, `Mean of ${name}`, {
        value: found.means[at] ?? null,
        n: found.n,
        interval: null,
        method: 'Normal columns, full information',
        notes: [],
      }),
    );
    return {
      text: said,
      estimates,
      tables: [
        table(
          'moments',
          'Means and covariances',
          [text('column', 'Column'), figure('mean', 'Mean'), ...names.map((name, at) => figure(`c${at + 1}`, name))],
          names.map((name, at): CellValue[] => [name, found.means[at] ?? null, ...(found.covariances[at] ?? [])]),
        ),
        figureTable('fit', 'Fit', [
          ['Rows with any value', found.n],
          ['Rows without', found.emptyRows],
          ['Log-likelihood', found.logLikelihood],
          ['Steps', found.iterations],
        ]),
      ],
      notes,
    };
  },
});

const lost = declareAnalysis({
  name: 'attrition',
  sizes: 'ordinary',
  title: 'Attrition by arm',
  question: 'Which share of each arm has no outcome, and on what does it depend?',
  options: z
    .strictObject({ outcome: column(), ...twoGroupOptions(), ...predictorOptions(), level: level() })
    .check(predictorsAreClear()),
  check: compareIssues,
  run(data, options, onShare) {
    const present = data.column(options.outcome).map((cell) => (cell === null ? null : 1));
    const found = attrition(present, treatedOf(data, options), predictorsOf(data, options), options.level, onShare);
    const { difference, chiSquare, p } = found.differential;
    const shares = [
      named('overall', 'Lost of all', found.overall),
      named('first', `Lost of ${options.compare[0]}`, found.intervention),
      named('second', `Lost of ${options.compare[1]}`, found.comparison),
    ];
    return {
      text: `People without ${options.outcome}; ${options.compare[0]} minus ${options.compare[1]}.`,
      estimates: [...shares, named('differential', 'Difference', difference)],
      charts: estimateChart('People who were lost', 'Share', shares),
      tables: [
        figureTable('test', 'Test of the difference', [
          ['Chi-square', chiSquare],
          ['p', p],
        ]),
        ...(found.model
          ? [{ ...coefficientTable(found.model.coefficients, 'z'), title: 'Log odds of being lost' }]
          : []),
      ],
      notes: found.notes,
    };
  },
});

export const missingAnalyses = [little, moments, lost];

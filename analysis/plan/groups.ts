/** Declared analyses of people in groups: intraclass correlations, agreement, variance between groups. Listed in all.ts. */

import { z } from 'zod';
import { counted } from '../../instruments/zod-words.ts';
import { agreementNotes, groupAgreement, rectangularNull } from '../agreement.ts';
import { describe, quantile } from '../descriptives.ts';
import { groupMoments, numberGroups } from '../group-moments.ts';
import { groupReliability } from '../group-reliability.ts';
import { groupVariance } from '../group-variance.ts';
import type { CellValue } from '../result.ts';
import { declareAnalysis, named } from './analysis.ts';
import { estimateChart } from './charts.ts';
import {
  across,
  answerRange,
  answersOutside,
  column,
  itemColumns,
  itemOptions,
  level,
  numericColumn,
  reversalIsClear,
} from './options.ts';
import { count, figure, figureTable, table, text } from './tables.ts';

const reliabilityOfGroups = declareAnalysis({
  name: 'group-reliability',
  title: 'ICC(1) and ICC(2)',
  question: 'How alike are people of one group, and how reliable are the means of groups?',
  options: z.strictObject({ outcome: numericColumn(), group: column(), level: level() }),
  run(data, { outcome, group, level: confidence }) {
    const groups = groupMoments(data.numeric(outcome), numberGroups(data.column(group)));
    const found = groupReliability(groups, confidence);
    return {
      text: `${outcome} of ${counted(found.n, 'person', 'people')} in ${counted(found.groups, 'group')} by ${group}, from the analysis of variance.`,
      estimates: [
        named('icc1', 'ICC(1)', found.icc1),
        named('icc1-mean-size', 'ICC(1) with the mean size', found.icc1MeanSize),
        named('icc2', 'ICC(2)', found.icc2),
      ],
      tables: [
        figureTable(
          'anova',
          'Analysis of variance',
          [
            ['Mean square between', found.meanSquareBetween],
            ['Mean square within', found.meanSquareWithin],
            ['df between', found.dfBetween],
            ['df within', found.dfWithin],
            ['F', found.f],
            ['p', found.p],
            ['Eta squared', found.etaSquared],
            ['Omega squared', found.omegaSquared],
          ],
          found.notes,
        ),
        figureTable('sizes', 'Sizes of groups and what they cost', [
          ['Mean size', found.meanSize],
          ['Harmonic mean', found.harmonicSize],
          ['n0', found.effectiveSize],
          ['Groups of one', found.singletons],
          ['ICC(2) stepped up to the mean size', found.icc2SteppedUp],
          ['Design effect of the mean size', found.designEffect],
          ['Design effect of the actual sizes', found.designEffectKish],
          ['People that are left in effect', found.effectivePeople],
        ]),
      ],
    };
  },
});

const noAgreement = { code: 'no-values', text: 'No group has two people who answered, so nothing can agree.' };

const agreementInGroups = declareAnalysis({
  name: 'group-agreement',
  title: 'Agreement within groups',
  question: 'Do the people of one group say the same: rwg(j), average deviation, awg?',
  options: z
    .strictObject({
      ...itemOptions(1),
      range: answerRange().describe('lowest and highest possible answer'),
      group: column(),
      nullVariance: z
        .number()
        .gt(0)
        .optional()
        .describe('variance of answers without agreement; default that of answers spread evenly'),
    })
    .check(reversalIsClear())
    .check(
      across<{ range: readonly [number, number]; nullVariance?: number | undefined }>(
        ['range', 'nullVariance'],
        ({ range: [lowest, highest], nullVariance }) =>
          nullVariance === undefined && !(Number.isInteger(highest - lowest) && highest > lowest)
            ? [
                {
                  path: ['range'],
                  message: 'Answers spread evenly are whole steps apart; give nullVariance otherwise.',
                },
              ]
            : [],
      ),
    ),
  check: answersOutside,
  run(data, options) {
    const { range, group, nullVariance } = options;
    const groups = groupAgreement(itemColumns(data, options), data.column(group), {
      range,
      ...(nullVariance !== undefined && { nullVariance }),
    });
    const indices = [
      ['rwg-j', 'rwg(j)', groups.map((each) => each.rwgJ)],
      ['lindell', 'r*wg(j)', groups.map((each) => each.lindell)],
      ['deviation-mean', 'Average deviation from the mean', groups.map((each) => each.deviationFromMean)],
      ['deviation-median', 'Average deviation from the median', groups.map((each) => each.deviationFromMedian)],
      ['awg', 'awg', groups.map((each) => each.awg)],
    ] as const;
    const estimates = indices.map(([id, title, values]) => {
      const { n, mean } = describe(values);
      const notes = mean === null ? [noAgreement] : [];
      return named(id, title, { value: mean, n, interval: null, method: 'Mean over groups', notes });
    });
    const ofGroups = groups.map(({ group: name, n, rwgJ }, at) =>
      named(`g${at + 1}`, String(name), { value: rwgJ, n, interval: null, method: 'rwg(j)', notes: [] }),
    );
    return {
      text: `${options.items.length} items in ${counted(groups.length, 'group')} by ${group}, against a null variance of ${nullVariance ?? rectangularNull(range[1] - range[0] + 1)}.`,
      estimates,
      charts: estimateChart('Agreement within groups', 'rwg(j)', ofGroups, 'groups', {
        value: 0.7,
        label: 'Often asked',
      }),
      tables: [
        table(
          'summary',
          'Over groups',
          [
            text('index', 'Index'),
            count('groups', 'Groups'),
            figure('mean', 'Mean'),
            figure('sd', 'SD'),
            figure('lower', '25 %'),
            figure('median', 'Median'),
            figure('upper', '75 %'),
          ],
          indices.map(([, title, values]): CellValue[] => {
            const { n, mean, sd } = describe(values);
            return [title, n, mean, sd, quantile(values, 0.25), quantile(values, 0.5), quantile(values, 0.75)];
          }),
        ),
        table(
          'groups',
          'Groups',
          [text('group', 'Group'), count('n', 'n'), ...indices.map(([id, title]) => figure(id, title))],
          groups.map((each, at): CellValue[] => [
            String(each.group),
            each.n,
            ...indices.map(([, , values]) => values[at] ?? null),
          ]),
        ),
      ],
      notes: agreementNotes(groups),
    };
  },
});

const varianceOfGroups = declareAnalysis({
  name: 'group-variance',
  title: 'Variance between groups',
  question: 'How much of the variance lies between groups, by likelihood (a model with a random intercept alone)?',
  options: z.strictObject({
    outcome: numericColumn(),
    group: column(),
    method: z.enum(['reml', 'ml']).default('reml'),
  }),
  run(data, { outcome, group, method }) {
    const groups = groupMoments(data.numeric(outcome), numberGroups(data.column(group)));
    const found = groupVariance(groups, method);
    return {
      text: `${outcome} by ${group}, ${counted(groups.sizes.length, 'group')}, by ${method === 'reml' ? 'restricted' : 'full'} maximum likelihood.`,
      estimates: [
        named('share', 'Share of the variance between groups', {
          value: found.icc,
          n: groups.sizes.reduce((all, each) => all + each, 0),
          interval: null,
          method: `Random intercept, ${method === 'reml' ? 'restricted' : 'full'} maximum likelihood`,
          notes: found.notes,
        }),
      ],
      tables: [
        figureTable(
          'variance',
          'Variance',
          [
            ['Between groups', found.between],
            ['Within groups', found.within],
            ['Share between groups', found.icc],
            ['Mean over groups', found.mean],
            ['Its standard error', found.standardError],
          ],
          found.notes,
        ),
      ],
    };
  },
});

export const groupAnalyses = [reliabilityOfGroups, agreementInGroups, varianceOfGroups];

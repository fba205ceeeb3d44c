/** The declared adjustment of p values; it needs no columns of the data. Listed in all.ts. */

import { z } from 'zod';
import { counted } from '../../instruments/zod-words.ts';
import { type Adjustment, adjustPValues } from '../adjust.ts';
import type { CellValue } from '../result.ts';
import { declareAnalysis, named } from './analysis.ts';
import { across } from './options.ts';
import { figure, table, text } from './tables.ts';

const methods = [
  'bonferroni',
  'holm',
  'hochberg',
  'hommel',
  'benjamini-hochberg',
  'benjamini-yekutieli',
] as const satisfies Adjustment[];

export const adjustment = declareAnalysis({
  name: 'adjust-p-values',
  title: 'Adjusted p values',
  question: 'Which of these findings stand when they are judged together?',
  options: z
    .strictObject({
      p: z.array(z.number().min(0).max(1).nullable()).min(1),
      labels: z.array(z.string()).optional().describe('one for each p value'),
      methods: z.array(z.enum(methods)).min(1).default(['holm', 'benjamini-hochberg']),
      family: z.int().min(1).optional().describe('number of tests, when more were made than are given'),
    })
    .check(
      across<{ p: (number | null)[]; labels?: string[] | undefined; family?: number | undefined }>(
        ['p', 'labels', 'family'],
        ({ p, labels = [], family }) => {
          const given = p.filter((each) => each !== null).length;
          return [
            ...(labels.length > 0 && labels.length !== p.length
              ? [
                  {
                    path: ['labels'],
                    message: `There are ${counted(p.length, 'p value')} and ${counted(labels.length, 'label')}.`,
                  },
                ]
              : []),
            ...(family !== undefined && family < given
              ? [{ path: ['family'], message: `The family holds at least the ${given} p values that are given.` }]
              : []),
          ];
        },
      ),
    ),
  run(_, { p, labels = [], methods: chosen, family }) {
    const given = p.filter((each) => each !== null).length;
    const adjusted = chosen.map((method) => adjustPValues(p, method, family));
    return {
      text: `${p.length} p values; a missing one does not count in the family.`,
      estimates: chosen.flatMap((method, which) =>
        p.map((value, at) =>
          named(`${method}-${at + 1}`, `p of ${labels[at] ?? at + 1}, ${method}`, {
            value: adjusted[which]?.[at] ?? null,
            n: family ?? given,
            interval: null,
            method: `Adjusted for ${counted(family ?? given, 'test')} (${method})`,
            notes: value === null ? [{ code: 'no-values', text: 'There is no p value to adjust.' }] : [],
          }),
        ),
      ),
      tables: [
        table(
          'p',
          'p values',
          [text('test', 'Test'), figure('p', 'p', 4), ...chosen.map((method) => figure(method, method, 4))],
          p.map((value, at): CellValue[] => [
            labels[at] ?? String(at + 1),
            value,
            ...adjusted.map((column) => column[at] ?? null),
          ]),
        ),
      ],
    };
  },
});

/** The declared adjustment of p values; it needs no columns of the data. Listed in all.ts. */
import { z } from 'zod';
import { type Adjustment, adjustPValues } from '../adjust.ts';
import type { CellValue } from '../result.ts';
import { declareAnalysis } from './analysis.ts';
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
  options: z.strictObject({
    p: z.array(z.number().min(0).max(1).nullable()).min(1),
    labels: z.array(z.string()).optional().describe('one for each p value'),
    methods: z.array(z.enum(methods)).min(1).default(['holm', 'benjamini-hochberg']),
    family: z.int().min(1).optional().describe('number of tests, when more were made than are given'),
  }),
  run(_, { p, labels = [], methods: chosen, family }) {
    const adjusted = chosen.map((method) => adjustPValues(p, method, family));
    return {
      text: `${p.length} p values; a missing one does not count in the family.`,
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

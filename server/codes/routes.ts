/** Matches of self-generated codes over HTTP: counts by school, and the link table as CSV. */
import { z } from 'zod';
import { studyParams } from '../administrations/schemas.ts';
import { csvLine } from '../datasets/formats/csv.ts';
import { route } from '../http.ts';
import { loadCodeReport } from './report.ts';

const waves = z.object({ first: z.string().min(1).max(60), second: z.string().min(1).max(60) });
const both = z.tuple([z.number(), z.number()]);

export const codeRoutes = [
  route({
    method: 'GET',
    path: '/api/studies/:study/code-matches',
    summary: 'How many responses of two administrations match by their self-generated codes, by school',
    params: studyParams,
    query: waves,
    answer: z.object({
      first: z.string(),
      second: z.string(),
      pairs: z.number(),
      schools: z.array(
        z.object({
          school: z.string().nullable(),
          schoolName: z.string().nullable(),
          responses: both,
          withoutCode: both,
          exact: z.number(),
          oneError: z.number(),
          ambiguous: both,
          unmatched: both,
        }),
      ),
    }),
    async handle({ params, query }, { context }) {
      const report = await loadCodeReport(context, params.study, query.first, query.second);
      return { ...report, pairs: report.pairs.length };
    },
  }),
  route({
    method: 'GET',
    path: '/api/studies/:study/code-matches.csv',
    summary: 'The pairs of responses that match, to link the datasets of two administrations',
    params: studyParams,
    query: waves,
    answer: 'text/csv',
    async handle({ params, query }, { context, response }) {
      const { first, second, pairs } = await loadCodeReport(context, params.study, query.first, query.second);
      const name = `${params.study}-${first}-${second}-pairs.csv`.replace(/[^\w.-]+/g, '-');
      response.type('text/csv').attachment(name);
      response.write(csvLine(['pair', 'match', 'response_first', 'response_second']));
      for (const { pair, kind, first: one, second: other } of pairs) response.write(csvLine([pair, kind, one, other]));
      response.end();
    },
  }),
];

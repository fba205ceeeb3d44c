/** Intervals of a proportion from clustered or weighted people, like response rates. Called by plans. */
import type { Values } from '../descriptives.ts';
import { requireLevel } from '../estimate.ts';
import { studentTQuantile } from '../numeric/student-t.ts';
import { betaQuantile } from '../proportion-intervals.ts';
import type { Estimate, Note } from '../result.ts';
import type { SurveyDesign } from './design.ts';
import { type SurveyOptions, surveyMean } from './estimates.ts';

/**
 * `logit`: t interval of the log odds. `korn-graubard`: Clopper and Pearson's with the number of people that would be as
 * informative if they were independent. `mean`: t interval of the share itself.
 */
export type SurveyProportionMethod = 'logit' | 'korn-graubard' | 'mean';

const extreme: Note = { code: 'no-variance', text: 'Nobody or everybody has it, so no interval.' };

/**
 * The share of a population, with an interval that knows that people within a cluster are alike. `values` are 0 or 1. All
 * the same: the share without interval, note `no-variance`; other notes as `surveyMean`.
 *
 * Reference: Korn and Graubard (1998), Survey Methodology 24, 193-201. Agrees with R's `svyciprop` to 1e-11.
 *
 * @throws RangeError for values other than 0, 1 and null, a column of another length or a level outside (0, 1)
 * @example
 * surveyProportion(surveyDesign({ stages: [{ units: [1, 2, 3, 4] }] }), [0, 1, 1, 1], 'logit').value // => 0.75
 */
export function surveyProportion(
  design: SurveyDesign,
  values: Values,
  method: SurveyProportionMethod,
  options: Pick<SurveyOptions, 'domain' | 'level'> = {},
): Estimate {
  const { level = 0.95 } = options;
  requireLevel('surveyProportion', level);
  if (values.some((value) => value !== null && value !== 0 && value !== 1)) {
    throw new RangeError('surveyProportion requires values of 0 and 1');
  }
  const { estimate, standardError, df } = surveyMean(design, values, options);
  const name = { logit: 'Logit interval', 'korn-graubard': 'Korn-Graubard interval', mean: 'Student t interval' }[
    method
  ];
  const share = estimate.value;
  const without = (...notes: readonly Note[]) => ({ ...estimate, interval: null, method: name, notes });
  if (share === null || standardError === null || df < 1) return without(...estimate.notes);
  if (standardError === 0) return without(extreme);
  const tail = (1 + level) / 2;
  const t = studentTQuantile(tail, df);
  const within = (lower: number, upper: number) => ({ ...estimate, method: name, interval: { lower, upper, level } });
  if (method === 'mean') return within(share - t * standardError, share + t * standardError);
  if (method === 'logit') {
    const centre = Math.log(share / (1 - share));
    const reach = (t * standardError) / (share * (1 - share));
    const back = (logit: number) => 1 / (1 + Math.exp(-logit));
    return within(back(centre - reach), back(centre + reach));
  }
  const ratio = studentTQuantile(tail, design.rows - 1) / t;
  const people = ((share * (1 - share)) / standardError ** 2) * ratio * ratio;
  return within(
    betaQuantile(1 - tail, people * share, people * (1 - share) + 1),
    betaQuantile(tail, people * share + 1, people * (1 - share)),
  );
}

/**
 * Outcomes of everybody who was asked, in the terms of the AAPOR Standard Definitions, and the rates made from them.
 * Called by the response rates of the server, the command line and the workbench; the mapping from events to outcomes
 * stands in server/README.md.
 *
 * Reference: The American Association for Public Opinion Research (2016), Standard Definitions: Final Dispositions of
 * Case Codes and Outcome Rates for Surveys, 9th edition.
 */
import { noEstimate } from './estimate.ts';
import { wilsonInterval } from './proportions.ts';
import type { Estimate } from './result.ts';

/** How many cases ended how, by the letters of the Standard Definitions. Cases that are not eligible (NE) are left out. */
export interface Dispositions {
  /** I: complete. */
  readonly complete: number;
  /** P: partial. */
  readonly partial: number;
  /** R: refusal and break-off. */
  readonly refusal: number;
  /** NC: non-contact. */
  readonly noncontact: number;
  /** O: eligible, reached, and no answers for another reason. */
  readonly other: number;
  /** UH and UO: it is not known whether they are eligible. */
  readonly unknown: number;
}

export const outcomeRateIds = ['rr1', 'rr2', 'coop1', 'ref1', 'con1'] as const;
export type OutcomeRateId = (typeof outcomeRateIds)[number];
export type OutcomeRates = Readonly<Record<OutcomeRateId, Estimate>>;

/** Plain names, with those of the Standard Definitions. */
export const outcomeRateTitles: Readonly<Record<OutcomeRateId, string>> = {
  rr1: 'Response rate, complete (RR1)',
  rr2: 'Response rate with partial (RR2)',
  coop1: 'Cooperation rate (COOP1)',
  ref1: 'Refusal rate (REF1)',
  con1: 'Contact rate (CON1)',
};

/**
 * Response rates 1 and 2, cooperation rate 1, refusal rate 1 and contact rate 1, each with Wilson's interval. All of
 * them count cases of unknown eligibility as eligible, so none is flattered by not knowing.
 *
 *     RR1 = I / all          RR2 = (I + P) / all        all = I + P + R + NC + O + U
 *     COOP1 = I / reached    CON1 = reached / all       reached = I + P + R + O
 *     REF1 = R / all
 *
 * Fewer than no non-contacts is how more responses than people to answer arrive here (imports can do that): then there
 * is no rate, with the note `more-than-invited`. Without cases: no value and the note `no-cases`.
 *
 * @throws RangeError when a count is not a whole number, or one other than `noncontact` is negative
 * @example
 * outcomeRates({ complete: 4, partial: 2, refusal: 1, noncontact: 1, other: 1, unknown: 1 }).coop1.value // => 0.5
 * outcomeRates({ complete: 4, partial: 0, refusal: 0, noncontact: -1, other: 0, unknown: 0 }).rr1.value // => null
 */
export function outcomeRates(cases: Dispositions, level = 0.95): OutcomeRates {
  const { complete, partial, refusal, noncontact, other, unknown } = cases;
  const reached = complete + partial + refusal + other;
  const all = reached + noncontact + unknown;
  const rate = (part: number, whole: number): Estimate => {
    if (Number.isSafeInteger(noncontact) && noncontact < 0) {
      return noEstimate(Math.max(0, all), 'Wilson score interval', {
        code: 'more-than-invited',
        text: 'More responses than invitations, so no rate: some responses came without an invitation.',
      });
    }
    return wilsonInterval(part, whole, level);
  };
  return {
    rr1: rate(complete, all),
    rr2: rate(complete + partial, all),
    coop1: rate(complete, reached),
    ref1: rate(refusal, all),
    con1: rate(reached, all),
  };
}

/** An amendment: a change to what was planned, made after the start. Plain shapes and the words in which it is cited. */

/** One thing that was changed, as text: a date, an audience, a state. */
export interface AmendedValue {
  readonly what: string;
  readonly old: string;
  readonly new: string;
}

export const amendedKinds = ['administration', 'wave', 'fidelity-model'] as const;
type AmendedKind = (typeof amendedKinds)[number];

export interface NewAmendment {
  /** Random, the same however often its entry is written. */
  readonly id: string;
  readonly study: string;
  readonly at: Date;
  /** Id of the account, or `command`. */
  readonly by: string;
  readonly why: string;
  readonly thing: { readonly kind: AmendedKind; readonly id: string; readonly title: string };
  readonly changes: readonly AmendedValue[];
}

export interface Amendment extends NewAmendment {
  /** From 1 without gaps in its study. */
  readonly number: number;
}

/**
 * One sentence for reports and datasets.
 *
 * @example
 * citationOf({ number: 2, day: '2026-03-01', title: 'Trust', changes: [{ what: 'last day', old: 'a', new: 'b' }], why: 'Snow.' })
 * // => 'Amendment 2 of 2026-03-01, Trust: last day from a to b. Reason: Snow.'
 */
export function citationOf(cited: {
  readonly number: number;
  /** ISO date in the study's time zone. */
  readonly day: string;
  readonly title: string;
  readonly changes: readonly AmendedValue[];
  readonly why: string;
}): string {
  const changes = cited.changes.map(({ what, old, new: to }) => `${what} from ${old} to ${to}`).join('; ');
  return `Amendment ${cited.number} of ${cited.day}, ${cited.title}: ${changes}. Reason: ${cited.why}`;
}

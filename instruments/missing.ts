/** Why a value is missing, and the reserved code that says so in flat files. */

export const missingReasons = [
  'not-asked',
  'hidden',
  'skipped',
  'declined',
  'not-applicable',
  'not-reached',
  'withdrawn',
] as const;
export type MissingReason = (typeof missingReasons)[number];

/** Reserved codes; `parseInstrument` refuses an instrument whose own codes or declared ranges reach into -999 to -990. */
export const missingCodes: Readonly<Record<MissingReason, number>> = {
  'not-asked': -991,
  hidden: -992,
  skipped: -993,
  declined: -994,
  'not-applicable': -995,
  'not-reached': -996,
  withdrawn: -997,
};

/** In words, for labels in exports. */
export const missingLabels: Readonly<Record<MissingReason, string>> = {
  'not-asked': 'Not asked in this version or arm',
  hidden: 'Not shown because of an earlier answer',
  skipped: 'Seen and left blank',
  declined: 'Declined to answer',
  'not-applicable': 'Not applicable',
  'not-reached': 'Broke off before this item',
  withdrawn: 'Withdrawn',
};

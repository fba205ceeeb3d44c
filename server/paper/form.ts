/**
 * A paper form while its answers are typed, and what stays of it afterwards. States and the table of allowed transitions;
 * used by the store and the use cases of this folder.
 */
import type { PaperCell, PaperCells } from '../../instruments/paper-entry/cells.ts';
import type { Role } from '../../instruments/study.ts';

/**
 * `first-entry`, `second-entry`: somebody types it, or nobody yet; `comparison`: the two entries differ, and each difference
 * waits for a decision; `ready`: nothing is open, and the answers have not been taken yet; `sent`: they are a response.
 */
export const paperStates = ['first-entry', 'second-entry', 'comparison', 'ready', 'sent'] as const;
export type PaperState = (typeof paperStates)[number];

/** Which state may follow which. A form that is not sent can be discarded, and is gone then. */
export const paperTransitions: Readonly<Record<PaperState, readonly PaperState[]>> = {
  'first-entry': ['second-entry', 'ready'],
  'second-entry': ['comparison', 'ready'],
  comparison: ['ready'],
  ready: ['sent'],
  sent: [],
};

/** Typed once, or by two people who do not see each other's entry. */
export const paperEntries = ['single', 'double'] as const;
export type PaperEntry = (typeof paperEntries)[number];
export const usualPaperEntry: PaperEntry = 'double';

/** What one person has typed. */
export interface Typing {
  /** Id of the account. */
  readonly by: string;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
  /** Null once the answers are stored: the response has them, and the decisions what was otherwise. */
  readonly cells: PaperCells | null;
}

export const choices = ['first', 'second', 'other'] as const;

/** One line of the record of decisions; none is ever changed, and the last one on a field counts. */
export interface Decision {
  readonly key: string;
  /** What the two entries have; null: not asked there. Left out once the answers are anonymous. */
  readonly first?: PaperCell | null;
  readonly second?: PaperCell | null;
  readonly choice: (typeof choices)[number];
  readonly value?: PaperCell;
  readonly note?: string;
  readonly by: string;
  readonly at: Date;
}

export interface PaperForm {
  /** Hash of study, administration and the person's link or the serial number: one form for each. */
  readonly _id: string;
  readonly study: string;
  readonly administration: string;
  /** Written on the form by hand or by the printer; null where a person is named. */
  readonly serial: string | null;
  readonly person: string | null;
  /** The link that the answers go through; null once an anonymous form is sent. */
  readonly invitation: string | null;
  readonly school: string | null;
  readonly cluster: string | null;
  readonly role: Role | null;
  readonly entry: PaperEntry;
  readonly state: PaperState;
  /** ISO date of the form; null in anonymous administrations. */
  readonly day: string | null;
  /** Submission key: a repeated sending finds its response. Null once an anonymous form is sent: it would lead there. */
  readonly key: string | null;
  /** Counts changes, so that nobody overwrites what they have not seen. */
  readonly revision: number;
  readonly madeBy: string;
  readonly madeAt: Date;
  readonly first: Typing | null;
  readonly second: Typing | null;
  /** How many fields were asked in either entry, and in how many they differ; null before, and of single entries. */
  readonly compared: number | null;
  readonly differ: number | null;
  readonly decisions: readonly Decision[];
  /** Id of the response; null before, and in anonymous administrations. */
  readonly response: string | null;
  readonly sentAt: Date | null;
}

/** What a draft of an instrument is, and which way its state may go. Used by the store, the use cases and the routes. */
import type { Decision } from '../../../instruments/versions/change.ts';
import type { Marks } from './languages.ts';

export const draftStates = ['open', 'publishing', 'published', 'discarded'] as const;
export type DraftState = (typeof draftStates)[number];

/**
 * `publishing` has its version number already: whoever publishes again goes on with it, and so does the sweeper, so that a server
 * that stops half-way leaves neither two versions of one draft nor none. It is open again where there can be no such version.
 */
export const draftTransitions: Readonly<Record<DraftState, readonly DraftState[]>> = {
  open: ['publishing', 'discarded'],
  publishing: ['published', 'open'],
  published: [],
  discarded: ['open'],
};

/** Where an instrument was taken from. */
export type DraftOrigin =
  | { readonly from: 'blank' }
  | { readonly from: 'version'; readonly instrument: string; readonly version: number }
  | { readonly from: 'file'; readonly name: string };

/** With what a draft becomes a version: kept with its number, so that whoever publishes again says the same. */
export interface Publication {
  /** Id of the account. */
  readonly by: string;
  readonly why: string;
  readonly decisions: readonly Decision[];
  readonly at: Date;
}

export interface Draft {
  readonly id: string;
  /** Id of the instrument that it becomes a version of. */
  readonly instrument: string;
  readonly title: string;
  /** The whole instrument as JSON text; it may be wrong in any way. */
  readonly json: string;
  /** Counts the saves; whoever saves names the one that they have seen. */
  readonly revision: number;
  readonly state: DraftState;
  readonly origin: DraftOrigin;
  /** The version that it becomes, from the moment of publishing. */
  readonly version: number | null;
  readonly publication: Publication | null;
  readonly createdAt: Date;
  readonly savedAt: Date;
  /** Id of the account. */
  readonly savedBy: string;
  /** Who changed the texts of each language last. */
  readonly writers: Marks;
  /** Who read them as a second person. */
  readonly signOffs: Marks;
}

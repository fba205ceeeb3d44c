/** What an import from another program's file gives: a draft, and everything that could not be carried over, by item. */
import type { Issue } from '../instrument.ts';

export interface LeftOut {
  readonly item: string | null;
  /** The part of the file: a column, a setting, a kind of question. */
  readonly what: string;
  /** Why it was left out or changed, and what to do. */
  readonly why: string;
}

export interface Imported {
  /** A draft: JSON that `parseInstrument` accepts wherever the file allows it. */
  readonly instrument: Readonly<Record<string, unknown>>;
  readonly leftOut: readonly LeftOut[];
}

/** Rows of texts as they stand in a file, the header first. */
export type Table = readonly (readonly string[])[];

/** A table made for another program, and what that program has no place for. */
export interface Exported<T> {
  readonly tables: T;
  readonly leftOut: readonly LeftOut[];
}

/** A file that is not what it says it is, or contradicts itself: nothing of it is taken over. */
export class UnreadableFile extends Error {
  readonly issues: readonly Issue[];
  constructor(issues: readonly Issue[]) {
    super(issues.map(({ path, message }) => `${path}: ${message}`).join(' '));
    this.name = 'UnreadableFile';
    this.issues = issues;
  }
}

/** What an import from another program's file gives: a draft, and everything that could not be carried over, by item. */

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

/** A table as it stands in a file: the header's columns by row, everything as text. */
export type TableRow = Readonly<Record<string, string>>;

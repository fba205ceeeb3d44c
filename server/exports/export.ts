/**
 * An export: a file of a dataset that is made without anybody waiting at the line, for data so large that this takes minutes.
 * The words of its states and what may follow what. Used by the store, the routes and the job of this folder.
 */
import type { DatasetDefinition } from '../datasets/definitions/definition.ts';
import type { BuiltFormat } from '../datasets/definitions/files.ts';

/**
 * `running` has a lease: whoever holds it says every few seconds how far it is. When that ends, another server begins it
 * again. `expired`: the file was there and has been removed.
 */
export const exportStates = ['waiting', 'running', 'ready', 'failed', 'cancelled', 'expired'] as const;
export type ExportState = (typeof exportStates)[number];

/** Which state may follow which; `store.ts` makes no other move. */
export const exportTransitions: Readonly<Record<ExportState, readonly ExportState[]>> = {
  waiting: ['running', 'cancelled'],
  // Back to `waiting` when its server stops in order; `running` again when its server died.
  running: ['waiting', 'running', 'ready', 'failed', 'cancelled'],
  ready: ['expired'],
  failed: [],
  cancelled: [],
  expired: [],
};

/** The states that lead to one. */
export const before = (to: ExportState) => exportStates.filter((state) => exportTransitions[state].includes(to));

/** What it does at the moment: responses are read from the database, the tables are laid out, the file is written. */
export const exportSteps = ['reading', 'laying-out', 'writing'] as const;
export type ExportStep = (typeof exportSteps)[number];

export interface Progress {
  readonly step: ExportStep;
  /** Rows of the step: responses read, or rows written; null where nobody can know beforehand. */
  readonly done: number;
  readonly total: number | null;
}

export interface Export {
  readonly id: string;
  readonly study: string;
  /** As it was when the export was asked for; what is changed afterwards changes nothing here. */
  readonly definition: DatasetDefinition;
  readonly format: BuiltFormat;
  readonly state: ExportState;
  /** Id of the account that asked for it. */
  readonly by: string;
  readonly at: Date;
  /** Whether a message goes to that account at the end. */
  readonly mail: boolean;
  readonly progress: Progress | null;
  readonly file: { readonly name: string; readonly bytes: number; readonly sha256: string } | null;
  /** Why there is none: the code and the words of a Problem. */
  readonly problem: { readonly code: string; readonly detail: string } | null;
  readonly endedAt: Date | null;
  /** When the file is removed. */
  readonly until: Date | null;
  /** Set when the dataset is frozen as a release instead: what for, and the release's number once it is there. */
  readonly freezes: { readonly purpose: string; readonly number: number | null } | null;
}

/**
 * The collections of a roster: clusters, schools, people. Each member is one document, with its dated spells and its
 * history inside, so that every change is one write. People are pseudonyms: who they are is not kept here. Used by the
 * stores of this folder.
 */
import { Schema } from 'mongoose';
import type { PersonSpell } from '../../instruments/membership.ts';
import type { Cluster, Role, School } from '../../instruments/study.ts';
import { collectionOf } from '../database/models.ts';

/** What stands here is the allocation; `spells` tell what came after (instruments/membership.ts). */
export interface Person {
  /** Pseudonym, unique in the study. */
  readonly id: string;
  readonly school: string | null;
  readonly cluster: string | null;
  readonly arm: string;
  readonly role: Role;
  readonly spells?: readonly PersonSpell[] | undefined;
}

export interface MemberOf {
  readonly clusters: Cluster;
  readonly schools: School;
  readonly people: Person;
}
export const memberKinds = ['clusters', 'schools', 'people'] as const;
export type MemberKind = (typeof memberKinds)[number];

/** One change of a member: which fields stood how before and after. Taking it back puts `before` in place again. */
export interface HistoryEntry {
  readonly id: string;
  readonly kind: 'edit' | 'enter' | 'move' | 'leave' | 'return' | 'import';
  /** The day from which it holds; null for an edit, which is a correction of what always held. */
  readonly on: string | null;
  readonly reason: string;
  /** Name of the account, or of the command line. */
  readonly by: string;
  readonly at: Date;
  /** Null: the field was not there. */
  readonly before: Readonly<Record<string, unknown>>;
  readonly after: Readonly<Record<string, unknown>>;
}

/** A member as it is stored; `revision` counts its changes. */
export type Stored<M> = M & { readonly revision?: number; readonly history?: readonly HistoryEntry[] };
type Document<M> = Stored<M> & { study: string };

const member = {
  study: { type: String, required: true },
  id: { type: String, required: true },
  // Left out until something happens: most members never change.
  spells: { type: [Schema.Types.Mixed], default: undefined },
  revision: { type: Number },
  history: { type: [Schema.Types.Mixed], default: undefined },
} as const;

export const clusters = collectionOf<Document<Cluster>>(
  'clusters',
  new Schema<Document<Cluster>>(
    { ...member, name: { type: String, required: true }, arm: { type: String, required: true } },
    { id: false },
  ).index({ study: 1, id: 1 }, { unique: true }),
);

export const schools = collectionOf<Document<School>>(
  'schools',
  new Schema<Document<School>>(
    {
      ...member,
      name: { type: String, required: true },
      number: { type: String },
      arm: { type: String, default: '' },
      cluster: { type: String, default: null },
      phase: { type: String, default: '' },
      pupils: { type: Number, default: null },
      disadvantaged: { type: Number, default: null },
      extra: { type: Schema.Types.Mixed },
    },
    { id: false },
  )
    .index({ study: 1, id: 1 }, { unique: true })
    .index({ study: 1, cluster: 1 }),
);

export const people = collectionOf<Document<Person>>(
  'people',
  new Schema<Document<Person>>(
    {
      ...member,
      school: { type: String, default: null },
      cluster: { type: String, default: null },
      arm: { type: String, default: '' },
      role: { type: String, required: true },
    },
    { id: false },
  )
    .index({ study: 1, id: 1 }, { unique: true })
    .index({ study: 1, school: 1 })
    .index({ study: 1, 'spells.school': 1 }, { partialFilterExpression: { spells: { $exists: true } } }),
);

/** Leaves out what is the store's own. */
export const bare = { _id: 0, __v: 0, study: 0, revision: 0, history: 0 } as const;

/**
 * Paper forms in MongoDB, one document each: every step is one write that takes hold only where nobody was quicker. Used by
 * the use cases of this folder, and by whatever removes what people gave.
 */
import { type Connection, Schema } from 'mongoose';
import { translateDatabaseError } from '../database/errors.ts';
import { collectionOf } from '../database/models.ts';
import { Problem } from '../problems.ts';
import { type PaperForm, type PaperState, paperEntries, paperStates, paperTransitions } from './form.ts';

const text = { type: String, default: null };
const mixed = { type: Schema.Types.Mixed, default: null };
const papers = collectionOf<PaperForm>(
  'paper-forms',
  new Schema<PaperForm>(
    {
      _id: { type: String, required: true },
      study: { type: String, required: true },
      administration: { type: String, required: true },
      serial: text,
      person: text,
      invitation: text,
      school: text,
      cluster: text,
      role: text,
      entry: { type: String, enum: paperEntries, required: true },
      state: { type: String, enum: paperStates, required: true },
      day: text,
      key: text,
      revision: { type: Number, required: true },
      madeBy: { type: String, required: true },
      madeAt: { type: Date, required: true },
      first: mixed,
      second: mixed,
      compared: { type: Number, default: null },
      differ: { type: Number, default: null },
      decisions: { type: [Schema.Types.Mixed], default: [] },
      response: text,
      sentAt: { type: Date, default: null },
    },
    { minimize: false },
  )
    // Lists of a state, the latest first.
    .index({ study: 1, administration: 1, state: 1, madeAt: -1 })
    .index({ study: 1, administration: 1, madeAt: -1 })
    // Withdrawal finds what a person gave, by the person, the link or the response.
    .index({ study: 1, person: 1 }, { partialFilterExpression: { person: { $type: 'string' } } })
    .index({ study: 1, invitation: 1 }, { partialFilterExpression: { invitation: { $type: 'string' } } })
    .index({ study: 1, response: 1 }, { partialFilterExpression: { response: { $type: 'string' } } }),
);

const bare = { __v: 0 } as const;
/** Nothing of what was typed or decided. */
const outside = { __v: 0, 'first.cells': 0, 'second.cells': 0, decisions: 0, key: 0 } as const;

/** A form as lists show it. */
export type PaperSummary = Omit<PaperForm, 'decisions' | 'key'>;

/** False when the person, or the serial number, has a form already. */
export async function insertPaper(db: Connection, form: PaperForm): Promise<boolean> {
  try {
    await papers(db).create(form);
    return true;
  } catch (error) {
    if (translateDatabaseError(error)?.kind !== 'duplicate-key') throw error;
    return false;
  }
}

interface Place {
  readonly study: string;
  readonly administration: string;
}

/** Throws `not-found`. */
export async function getPaper(db: Connection, { study, administration }: Place, id: string): Promise<PaperForm> {
  const found = await papers(db).findOne({ _id: id, study, administration }, bare).lean<PaperForm>();
  if (!found) throw new Problem('not-found', { detail: 'There is no such paper form; it may have been discarded.' });
  return found;
}

export async function listPapers(
  db: Connection,
  { study, administration }: Place,
  { state, find, skip, limit }: { state: PaperState | null; find: string | null; skip: number; limit: number },
): Promise<{ forms: PaperSummary[]; total: number }> {
  const begins = find === null ? null : { $regex: `^${find.replaceAll(/[^\w.-]/g, '\\$&')}`, $options: 'i' };
  const query = {
    study,
    administration,
    ...(state === null ? {} : { state }),
    ...(begins === null ? {} : { $or: [{ serial: begins }, { person: begins }] }),
  };
  const [forms, total] = await Promise.all([
    papers(db).find(query, outside).sort({ madeAt: -1, _id: 1 }).skip(skip).limit(limit).lean<PaperSummary[]>(),
    papers(db).countDocuments(query),
  ]);
  return { forms, total };
}

/** How many forms there are in each state, and what comparisons have found in all of them. */
export async function countPapers(
  db: Connection,
  { study, administration }: Place,
): Promise<{ states: Map<PaperState, number>; forms: number; compared: number; differ: number }> {
  const groups = await papers(db).aggregate<{
    _id: PaperState;
    n: number;
    forms: number;
    compared: number;
    differ: number;
  }>([
    { $match: { study, administration } },
    {
      $group: {
        _id: '$state',
        n: { $sum: 1 },
        forms: { $sum: { $cond: [{ $eq: ['$compared', null] }, 0, 1] } },
        compared: { $sum: { $ifNull: ['$compared', 0] } },
        differ: { $sum: { $ifNull: ['$differ', 0] } },
      },
    },
  ]);
  const sum = (key: 'forms' | 'compared' | 'differ') => groups.reduce((all, group) => all + group[key], 0);
  return {
    states: new Map(groups.map(({ _id, n }) => [_id, n])),
    ...{ forms: sum('forms'), compared: sum('compared'), differ: sum('differ') },
  };
}

/** Which of these links have a form, with its state. */
export async function papersOfLinks(
  db: Connection,
  study: string,
  invitations: readonly string[],
): Promise<Map<string, PaperState>> {
  const found = await papers(db)
    .find({ study, invitation: { $in: [...invitations] } }, { invitation: 1, state: 1 })
    .lean<{ invitation: string; state: PaperState }[]>();
  return new Map(found.map(({ invitation, state }) => [invitation, state]));
}

export type PaperChange = Partial<Omit<PaperForm, '_id' | 'study' | 'administration' | 'revision'>>;

/**
 * Changes a form that is still as it was read. Throws `conflict` when somebody was quicker, and a RangeError for a step that
 * the table does not have.
 */
export async function changePaper(db: Connection, was: PaperForm, change: PaperChange): Promise<PaperForm> {
  if (change.state !== undefined && !paperTransitions[was.state].includes(change.state)) {
    throw new RangeError(`a paper form does not go from ${was.state} to ${change.state}`);
  }
  const { _id, state, revision } = was;
  const changed = await papers(db)
    .findOneAndUpdate(
      { _id, state, revision },
      { $set: change, $inc: { revision: 1 } },
      { returnDocument: 'after', projection: bare },
    )
    .lean<PaperForm>();
  if (!changed) throw new Problem('conflict');
  return changed;
}

/** Removes a form that is still as it was read. Throws `conflict`. */
export async function discardPaper(db: Connection, { _id, state, revision }: PaperForm): Promise<void> {
  const { deletedCount } = await papers(db).deleteOne({ _id, state, revision });
  if (deletedCount === 0) throw new Problem('conflict');
}

/** Removes what a person gave on paper: by their pseudonym, their links, or the responses that it became. */
export async function removePapersOf(
  db: Connection,
  study: string,
  whose: {
    readonly person: string | null;
    readonly invitations: readonly string[];
    readonly responses: readonly string[];
  },
): Promise<void> {
  await papers(db).deleteMany({
    study,
    $or: [
      { invitation: { $in: [...whose.invitations] } },
      { response: { $in: [...whose.responses] } },
      ...(whose.person === null ? [] : [{ person: whose.person }]),
    ],
  });
}

/** All forms of a person, with everything in them. */
export async function listPapersOfPerson(db: Connection, study: string, person: string): Promise<PaperForm[]> {
  return papers(db).find({ study, person }, bare).sort({ madeAt: 1 }).lean<PaperForm[]>();
}

/** Removes the notes on decisions about a person's form: free text may tell who it is. */
export async function forgetPaperNotes(db: Connection, study: string, person: string): Promise<void> {
  await papers(db).updateMany({ study, person }, { $unset: { 'decisions.$[].note': 1 } });
}

export async function countPapersOfStudy(db: Connection, study: string): Promise<number> {
  return papers(db).countDocuments({ study });
}

/** Removes the forms of a study, or of one of its administrations; the number removed. */
export async function removePapers(db: Connection, study: string, administration?: string): Promise<number> {
  const which = administration === undefined ? {} : { administration };
  return (await papers(db).deleteMany({ study, ...which })).deletedCount;
}

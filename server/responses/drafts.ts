/**
 * Answers that are not sent yet, so that a person can go on from another device. In a confidential administration a
 * draft stands under its invitation; in an anonymous one its name and its key both come from the token, which is not
 * stored, so that stored data alone neither link it nor open it. Used by the respondent's routes and `partials.ts`.
 */
import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { type Connection, type mongo, Schema } from 'mongoose';
import type { Context } from '../context.ts';
import { collectionOf } from '../database/models.ts';
import { gathered } from './afterwards.ts';
import type { Offer } from './offers.ts';

export interface Draft {
  readonly answers: Readonly<Record<string, unknown>>;
  /** Index of the page that was open. */
  readonly page: number;
  /** Index of the furthest page that was shown. */
  readonly lastPage: number;
  readonly consent: {
    readonly information: number;
    readonly sheet?: string | undefined;
    readonly language?: string | undefined;
    readonly agreedAt: Date;
  };
  /** In which the questions were shown last. */
  readonly language?: string | undefined;
  readonly savedAt: Date;
}

interface DraftDocument {
  readonly _id: string;
  readonly study: string;
  readonly administration: string;
  /** Open in confidential administrations, null in anonymous ones. */
  readonly draft: Draft | null;
  /** Nonce, tag and encrypted JSON in anonymous administrations. */
  readonly sealed: Buffer | null;
}

const drafts = collectionOf<DraftDocument>(
  'drafts',
  new Schema<DraftDocument>(
    {
      _id: { type: String, required: true },
      study: { type: String, required: true },
      administration: { type: String, required: true },
      draft: { type: Schema.Types.Mixed, default: null },
      sealed: { type: Buffer, default: null },
    },
    { minimize: false },
  ).index({ study: 1, administration: 1 }),
);

const collectionOn = (db: Connection) => drafts(db).collection as unknown as mongo.Collection<DraftDocument>;

/** Where the draft of a link is kept: what `tokenOf` and the offer say of the link. */
export interface DraftPlace extends Pick<Offer, 'administration'> {
  readonly invitation: { readonly _id: string };
  readonly token: string;
}

const nonceLength = 12;
const tagLength = 16;

/** Keeps a draft in place of the former one; the furthest page never moves back. */
export async function saveDraft(db: Connection, place: DraftPlace, draft: Draft): Promise<void> {
  const { administration } = place;
  const former = await loadDraft(db, place);
  const kept = { ...draft, lastPage: Math.max(draft.lastPage, former?.lastPage ?? 0) };
  const consent = former?.consent.information === draft.consent.information ? former.consent : draft.consent;
  const whole: Draft = { ...kept, consent };
  const _id = idOf(place);
  const content =
    administration.mode === 'anonymous'
      ? { draft: null, sealed: seal(whole, place.token, _id) }
      : { draft: whole, sealed: null };
  await collectionOn(db).replaceOne(
    { _id },
    { study: administration.study, administration: administration.id, ...content },
    { upsert: true },
  );
}

/** The draft of a link, or null. */
export async function loadDraft(db: Connection, place: DraftPlace): Promise<Draft | null> {
  const _id = idOf(place);
  const found = await drafts(db).findById(_id).lean<{ draft: Draft | null; sealed: { buffer: Uint8Array } | null }>();
  if (!found) return null;
  return found.sealed ? unseal(Buffer.from(found.sealed.buffer), place.token, _id) : found.draft;
}

const deleteGathered = gathered<string>('deleting drafts', (db, ids) =>
  collectionOn(db).deleteMany({ _id: { $in: [...ids] } }, { writeConcern: { w: 1, journal: false } }),
);

/** Forgets the draft of a link whose answers have arrived. What a crash leaves over, the sweep takes. */
export function forgetDraft(context: Context, place: DraftPlace): void {
  deleteGathered(context, idOf(place));
}

/** The administrations that have drafts. */
export async function administrationsWithDrafts(db: Connection): Promise<{ study: string; administration: string }[]> {
  const groups = await drafts(db).aggregate<{ _id: { study: string; administration: string } }>([
    { $group: { _id: { study: '$study', administration: '$administration' } } },
  ]);
  return groups.map((group) => group._id);
}

/** The open drafts of a confidential administration, with the invitation of each. */
export async function* listDrafts(
  db: Connection,
  study: string,
  administration: string,
): AsyncGenerator<{ invitation: string; draft: Draft }> {
  const cursor = drafts(db).find({ study, administration, sealed: null }).lean<DraftDocument[]>().cursor();
  for await (const { _id, draft } of cursor as AsyncIterable<DraftDocument>) {
    if (draft) yield { invitation: _id, draft };
  }
}

/** Which invitations of a confidential administration have a draft, and whether anything is answered in it. */
export async function listStarted(
  db: Connection,
  study: string,
  administration: string,
): Promise<{ invitation: string; answered: boolean }[]> {
  return drafts(db).aggregate<{ invitation: string; answered: boolean }>([
    { $match: { study, administration, sealed: null } },
    { $project: { _id: 0, invitation: '$_id', answered: { $ne: ['$draft.answers', {}] } } },
  ]);
}

/** Leaves something out of the answers of open drafts that a query finds. */
export async function dropFromDrafts(
  db: Connection,
  { study, id }: { readonly study: string; readonly id: string },
  query: object,
  without: (answers: Draft['answers']) => Draft['answers'],
): Promise<void> {
  for await (const { _id, draft } of collectionOn(db).find({ study, administration: id, sealed: null, ...query })) {
    if (!draft) continue;
    // One that was saved meanwhile has another time, and is checked on its own way in.
    const same = { _id, 'draft.savedAt': draft.savedAt };
    await collectionOn(db).updateOne(same, { $set: { 'draft.answers': without(draft.answers) } });
  }
}

/** Removes one draft, in step with what was made of it. */
export async function removeDraft(db: Connection, invitation: string): Promise<void> {
  await drafts(db).deleteOne({ _id: invitation });
}

/** Removes the draft of a link, also of an anonymous one. */
export async function removeDraftOf(db: Connection, place: DraftPlace): Promise<void> {
  await drafts(db).deleteOne({ _id: idOf(place) });
}

/** Removes the drafts of a study, or of one of its administrations. */
export async function removeDrafts(db: Connection, study: string, administration?: string): Promise<void> {
  await drafts(db).deleteMany({ study, ...(administration === undefined ? {} : { administration }) });
}

function idOf({ administration, invitation, token }: DraftPlace): string {
  if (administration.mode === 'confidential') return invitation._id;
  return createHash('sha256').update(`draft:${token}`).digest('base64url');
}

function keyOf(token: string): Buffer {
  return Buffer.from(hkdfSync('sha256', token, 'fidelis', 'draft', 32));
}

function seal(draft: Draft, token: string, id: string): Buffer {
  const nonce = randomBytes(nonceLength);
  const cipher = createCipheriv('aes-256-gcm', keyOf(token), nonce).setAAD(Buffer.from(id));
  const content = Buffer.concat([cipher.update(JSON.stringify(draft), 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), content]);
}

function unseal(sealed: Buffer, token: string, id: string): Draft {
  const decipher = createDecipheriv('aes-256-gcm', keyOf(token), sealed.subarray(0, nonceLength))
    .setAAD(Buffer.from(id))
    .setAuthTag(sealed.subarray(nonceLength, nonceLength + tagLength));
  const text = Buffer.concat([decipher.update(sealed.subarray(nonceLength + tagLength)), decipher.final()]);
  const draft = JSON.parse(text.toString('utf8')) as Draft & { savedAt: string; consent: { agreedAt: string } };
  return {
    ...draft,
    savedAt: new Date(draft.savedAt),
    consent: { ...draft.consent, agreedAt: new Date(draft.consent.agreedAt) },
  };
}

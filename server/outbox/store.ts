/** The outbox in MongoDB: what is to be sent, once. Features put messages in with `enqueue`. */
import { type Connection, Schema } from 'mongoose';
import type { Context } from '../context.ts';
import { collectionOf } from '../database/models.ts';
import type { Message, MessageKind } from './message.ts';

export const messageStates = ['waiting', 'sending', 'sent', 'failed', 'cancelled'] as const;
export type MessageState = (typeof messageStates)[number];

interface MessageDocument extends Omit<Message, 'key' | 'sendAfter'> {
  readonly _id: string;
  readonly kind: MessageKind;
  readonly state: MessageState;
  readonly createdAt: Date;
  readonly dueAt: Date;
  readonly tries: number;
}

const outbox = collectionOf<MessageDocument>(
  'outbox',
  new Schema<MessageDocument>({
    _id: { type: String, required: true },
    kind: { type: String, required: true },
    to: { type: Schema.Types.Mixed, required: true },
    study: { type: String, default: null },
    about: { type: Schema.Types.Mixed, required: true },
    state: { type: String, enum: messageStates, required: true },
    createdAt: { type: Date, required: true },
    dueAt: { type: Date, required: true },
    tries: { type: Number, required: true },
  })
    .index({ state: 1, dueAt: 1 })
    .index({ study: 1, createdAt: -1 }),
);

const batchSize = 1000;

/** Puts messages into the outbox; those whose key is there already stay as they are. How many are new. */
export async function enqueue(context: Pick<Context, 'db' | 'clock'>, messages: readonly Message[]): Promise<number> {
  const now = context.clock();
  let added = 0;
  for (let at = 0; at < messages.length; at += batchSize) {
    const { upsertedCount } = await outbox(context.db).bulkWrite(
      messages.slice(at, at + batchSize).map(({ key, sendAfter, ...message }) => ({
        updateOne: {
          filter: { _id: key },
          update: { $setOnInsert: { ...message, state: 'waiting', createdAt: now, dueAt: sendAfter ?? now, tries: 0 } },
          upsert: true,
        },
      })),
      { ordered: false },
    );
    added += upsertedCount;
  }
  return added;
}

export async function removeMessages(db: Connection, study: string): Promise<void> {
  await outbox(db).deleteMany({ study });
}

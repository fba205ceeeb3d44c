/**
 * How far the loading of the demonstration study is, kept in the database: for the workbench's progress bar, and so that
 * two servers do not load at once and a broken load is known as such.
 */
import { type Connection, Schema } from 'mongoose';
import { collectionOf } from '../database/models.ts';
import { findStudy } from '../studies/store.ts';
import { demoId } from './plan.ts';

interface DemoLoad {
  readonly _id: string;
  readonly state: 'loading' | 'loaded' | 'failed';
  readonly done: number;
  readonly total: number;
  readonly beatAt: Date;
}

export interface DemoProgress {
  readonly state: 'absent' | 'loading' | 'loaded' | 'failed';
  readonly done: number;
  readonly total: number;
}

const loads = collectionOf<DemoLoad>(
  'demoloads',
  new Schema<DemoLoad>({
    _id: { type: String, required: true },
    state: { type: String, required: true },
    done: { type: Number, required: true },
    total: { type: Number, required: true },
    beatAt: { type: Date, required: true },
  }),
);

/** A load that has said nothing for so long has died with its process. */
const silentAfterMs = 20_000;

export async function demoProgress(db: Connection, now: Date): Promise<DemoProgress> {
  const [load, found] = await Promise.all([loads(db).findById(demoId).lean<DemoLoad>(), findStudy(db, demoId)]);
  // A real study may have this name.
  const study = found?.simulated ? found : null;
  if (!load) return { state: study ? 'loaded' : 'absent', done: 0, total: 0 };
  const { done, total } = load;
  if (load.state === 'loading') {
    return { state: isSilent(load, now) ? 'failed' : 'loading', done, total };
  }
  if (load.state === 'loaded') return study ? { state: 'loaded', done, total } : { state: 'absent', done: 0, total: 0 };
  return { state: load.state, done, total };
}

/** Whether the demonstration study was once loaded whole: then its absence means that somebody deleted it. */
export async function hadDemo(db: Connection): Promise<boolean> {
  return (await loads(db).exists({ _id: demoId, state: 'loaded' })) !== null;
}

/** Takes the load for this process; false while another one is at it. */
export async function beginLoad(db: Connection, now: Date): Promise<boolean> {
  try {
    await loads(db).findOneAndUpdate(
      {
        _id: demoId,
        $or: [{ state: { $ne: 'loading' } }, { beatAt: { $lt: new Date(now.getTime() - silentAfterMs) } }],
      },
      { $set: { state: 'loading', done: 0, total: 0, beatAt: now } },
      { upsert: true },
    );
    return true;
  } catch (error) {
    // The upsert meets the document of a load that is alive.
    if (error instanceof Error && 'code' in error && error.code === 11000) return false;
    throw error;
  }
}

export async function noteLoad(
  db: Connection,
  load: { state: DemoLoad['state']; done: number; total: number },
  now: Date,
): Promise<void> {
  await loads(db).updateOne({ _id: demoId }, { $set: { ...load, beatAt: now } });
}

function isSilent(load: DemoLoad, now: Date): boolean {
  return now.getTime() - load.beatAt.getTime() > silentAfterMs;
}

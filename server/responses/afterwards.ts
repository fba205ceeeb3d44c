/**
 * Small work after a submission that no respondent waits for, gathered for a moment and done in one command: thanks to
 * it a submission costs the database one read and one write. Used for drafts that are done with and for paradata.
 */
import type { Connection } from 'mongoose';
import type { Context } from '../context.ts';

const gatherForMs = 500;

/**
 * A function that gathers items for each database and hands them to `work` together. What fails is logged and forgotten,
 * what a crash cuts off is lost: only for work that may be.
 */
export function gathered<T>(what: string, work: (db: Connection, items: readonly T[]) => Promise<unknown>) {
  const waiting = new WeakMap<Connection, T[]>();
  return (context: Pick<Context, 'db' | 'log'>, item: T): void => {
    const items = waiting.get(context.db);
    if (items) {
      items.push(item);
      return;
    }
    const begun = [item];
    waiting.set(context.db, begun);
    const timer = setTimeout(() => {
      waiting.delete(context.db);
      work(context.db, begun).catch((error: unknown) => context.log.warn({ err: error }, `${what} failed`));
    }, gatherForMs);
    // Does not keep a stopping server alive.
    timer.unref();
  };
}

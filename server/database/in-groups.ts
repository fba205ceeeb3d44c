/**
 * Many small commands as few large ones: while one is on its way to the database, the next ones gather and then go
 * together. Alone, an item waits for nobody; when a whole staffroom sends at once, the database writes its journal once for
 * many of them. Used by the stores on the way of a submission.
 */
import type { Connection } from 'mongoose';
import { translateDatabaseError } from './errors.ts';

/** Far more than arrive together, and few enough for one message to the database. */
const largestGroup = 200;

interface Waiting<I, O> {
  readonly item: I;
  resolve(result: O): void;
  reject(error: unknown): void;
}

/**
 * A function of one item, made from one of many. `work` answers in the order of its items, with an Error for each that
 * failed by itself. When it rejects because the database is away, all of its items do; for any other reason each is tried
 * alone, so that none suffers for another's fault.
 */
export function inGroups<I, O>(work: (db: Connection, items: readonly I[]) => Promise<readonly (O | Error)[]>) {
  const queues = new WeakMap<Connection, { readonly waiting: Waiting<I, O>[]; busy: boolean }>();
  return (db: Connection, item: I): Promise<O> =>
    new Promise<O>((resolve, reject) => {
      const queue = queues.get(db) ?? { waiting: [], busy: false };
      queues.set(db, queue);
      queue.waiting.push({ item, resolve, reject });
      if (queue.busy) return;
      queue.busy = true;
      // What arrives in the same turn of the event loop goes together already.
      setImmediate(() => void goOn(db, queue));
    });

  async function goOn(db: Connection, queue: { readonly waiting: Waiting<I, O>[]; busy: boolean }): Promise<void> {
    while (queue.waiting.length > 0) await goTogether(db, queue.waiting.splice(0, largestGroup));
    queue.busy = false;
  }

  async function goTogether(db: Connection, group: readonly Waiting<I, O>[]): Promise<void> {
    try {
      const results = await work(
        db,
        group.map(({ item }) => item),
      );
      for (const [index, { resolve, reject }] of group.entries()) {
        const result = results[index];
        if (result === undefined || result instanceof Error) reject(result ?? new Error('a group lost an item'));
        else resolve(result);
      }
    } catch (error) {
      if (group.length > 1 && translateDatabaseError(error) === null) {
        for (const one of group) await goTogether(db, [one]);
      } else {
        for (const { reject } of group) reject(error);
      }
    }
  }
}

/**
 * What is dear to count and may be a moment old is kept for ten times as long as counting it took, so that any number of
 * people who ask cost one count, and counting takes a tenth of the time at most. Called by the rates (`rates/kept.ts`) and by
 * the places of anonymous answers.
 */
import type { Connection } from 'mongoose';

interface Kept<T> {
  until: number;
  readonly value: Promise<T>;
}

const share = 10;
const mostKept = 500;

/** A place to keep things of one kind by name, apart for each database. */
export function keeper<T>(): (db: Connection, name: string, count: () => Promise<T>) => Promise<T> {
  const byDatabase = new WeakMap<Connection, Map<string, Kept<T>>>();
  return async (db, name, count) => {
    const things = byDatabase.get(db) ?? new Map<string, Kept<T>>();
    byDatabase.set(db, things);
    const started = performance.now();
    const known = things.get(name);
    if (known && started < known.until) return known.value;
    forgetOld(things, started);
    const kept: Kept<T> = { until: Number.POSITIVE_INFINITY, value: count() };
    things.set(name, kept);
    try {
      const value = await kept.value;
      const now = performance.now();
      kept.until = now + share * (now - started);
      return value;
    } catch (error) {
      // A failure is not kept: the next request asks again.
      things.delete(name);
      throw error;
    }
  };
}

function forgetOld<T>(things: Map<string, Kept<T>>, now: number): void {
  if (things.size < mostKept) return;
  for (const [name, { until }] of things) if (until <= now) things.delete(name);
}

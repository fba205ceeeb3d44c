/** The sessions of an account: where it is signed in, and ending them. Called by the session routes. */
import type { Connection } from 'mongoose';
import { deviceOf } from './device.ts';
import { findSessions, type ListedSession } from './sessions.ts';

export interface ShownSession {
  readonly id: string;
  /** In plain words: `Firefox on Windows`. */
  readonly device: string;
  readonly address: string | null;
  readonly openedAt: string | null;
  readonly lastUsedAt: string | null;
  readonly current: boolean;
}

/** Those that are open, this one first, then the one that was used last. */
export async function listSessions(
  db: Connection,
  account: string,
  { current, now }: { current: string; now: Date },
): Promise<ShownSession[]> {
  const open = await findSessions(db, account, now);
  return open
    .map((session) => shown(session, current))
    .sort(
      (a, b) =>
        Number(b.current) - Number(a.current) || String(b.lastUsedAt ?? '').localeCompare(String(a.lastUsedAt ?? '')),
    );
}

function shown({ id, agent, address, openedAt, usedAt }: ListedSession, current: string): ShownSession {
  return {
    id,
    device: deviceOf(agent),
    address,
    openedAt: openedAt?.toISOString() ?? null,
    lastUsedAt: usedAt?.toISOString() ?? null,
    current: id === current,
  };
}

/**
 * Who works on an import: whoever does says so every few seconds, and whoever finds that nobody has for a while may go on
 * in their place. Used by the two halves of an import.
 */
import type { Context } from '../context.ts';
import { keepImport, type RosterImport } from './imports-store.ts';

export const holdForMs = 15_000;

export class Holding {
  private readonly context: Pick<Context, 'db' | 'clock'>;
  private readonly of: { id: string; holder: string };
  private keptAt = 0;

  constructor(context: Pick<Context, 'db' | 'clock'>, of: { id: string; holder: string }) {
    this.context = context;
    this.of = of;
  }

  /** Says how far it is, at most twice a second. Throws when somebody else has taken over. */
  async keep(fields: Partial<Pick<RosterImport, 'rows' | 'done'>>): Promise<void> {
    const now = this.context.clock().getTime();
    if (now - this.keptAt < 500) return;
    this.keptAt = now;
    const heldUntil = new Date(now + holdForMs);
    if (!(await keepImport(this.context.db, this.of, { ...fields, heldUntil }))) throw new TakenOver();
  }
}

/** Somebody else goes on with the work, who found that nobody did. */
export class TakenOver extends Error {}

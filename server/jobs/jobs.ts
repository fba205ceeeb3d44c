/**
 * What the server does by itself, and how often. Started by serve.ts. Each run does what is due and may be cut off: the next
 * one goes on. With several servers on one database each job runs on one of them at a time.
 */
import { advanceAdministrations } from '../administrations/advance.ts';
import type { Context } from '../context.ts';
import { runExports } from '../exports/run.ts';
import { startDueMailings } from '../mail/run-mailings.ts';
import { deliverDue } from '../outbox/deliver.ts';
import { sweep } from '../sweeper.ts';
import { type Job, type RunningJobs, startClockwork } from './agenda.ts';

const second = 1000;

export const jobs: readonly Job[] = [
  {
    name: 'deliver',
    everyMs: 2 * second,
    run: (context, { signal, alive }) => deliverDue(context, { signal, onMessage: alive }),
  },
  {
    name: 'mailings',
    everyMs: 5 * second,
    run: (context, { signal, alive }) => startDueMailings(context, { signal, alive }),
  },
  { name: 'exports', everyMs: 2 * second, run: (context, tools) => runExports(context, tools) },
  { name: 'calendar', everyMs: 30 * second, run: (context) => advanceAdministrations(context) },
  { name: 'sweep', everyMs: 600 * second, run: (context) => sweep(context) },
];

export function startJobs(context: Context): Promise<RunningJobs> {
  return startClockwork(context, jobs);
}

/**
 * The clockwork behind the jobs: each job is one document of MongoDB with a lock, so that of any number of servers one runs
 * it, and another takes it over when that one dies. Called by `jobs.ts`; the only importer of agenda.
 */
import { MongoBackend } from '@agendajs/mongo-backend';
import { Agenda, type Job as AgendaJob } from 'agenda';
import type { Context } from '../context.ts';

export interface Job {
  readonly name: string;
  readonly everyMs: number;
  /**
   * Does what is due. `signal` ends with the server: leave the rest for the next run. `alive` says that the run goes on;
   * call it at least every few seconds, or another server takes the job for dead.
   */
  run(context: Context, tools: { signal: AbortSignal; alive: () => Promise<void> }): Promise<unknown>;
}

export interface RunningJobs {
  /** Ends what runs and gives the locks back. */
  stop(): Promise<void>;
}

/** How often a server looks whether something is due. As a number: as a text it ran nothing. */
const lookEveryMs = 1000;
/** A job whose server has not said for so long that it lives is run by another one. */
const lockedForMs = 20_000;
const saidEveryMs = 4000;

/** Runs the jobs for as long as the process lives, or until `stop`. */
export async function startClockwork(context: Context, jobs: readonly Job[]): Promise<RunningJobs> {
  const stopping = new AbortController();
  const mongo = context.db.getClient().db(context.db.name);
  const agenda = new Agenda({
    backend: new MongoBackend({ mongo, collection: 'jobs', ensureIndex: true }),
    processEvery: lookEveryMs,
    defaultLockLifetime: lockedForMs,
    defaultConcurrency: 1,
  });
  const told = (error: unknown) => context.log.warn({ err: error }, 'a job failed');
  agenda.on('error', told);
  /** Never rejects: a job that failed comes round again by itself, so nothing is lost by going on. */
  const runJob = async (job: Job, running: AgendaJob): Promise<void> => {
    if (stopping.signal.aborted) return;
    let saidAt = performance.now();
    const alive = async () => {
      if (performance.now() - saidAt < saidEveryMs) return;
      saidAt = performance.now();
      await running.touch();
    };
    await job.run(context, { signal: stopping.signal, alive }).catch(told);
  };
  for (const job of jobs) {
    const options = { lockLifetime: lockedForMs, concurrency: 1, lockLimit: 1 };
    agenda.define(job.name, (running: AgendaJob, done) => void runJob(job, running).then(() => done()), options);
  }
  await agenda.start();
  for (const { name, everyMs } of jobs) await agenda.every(everyMs, name);
  return {
    async stop() {
      stopping.abort();
      await agenda.drain({ timeout: 10_000 });
      await agenda.stop();
    },
  };
}

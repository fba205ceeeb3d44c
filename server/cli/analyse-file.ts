/** Reads a data file and runs a plan on it, in a worker thread: loaded by analyse-worker.mjs for analyse.ts. */
import { z } from 'zod';
import { PlanError, parsePlan, runPlan } from '../../analysis/plan.ts';
import type { Report } from '../../analysis/result.ts';
import type { Issue } from '../../instruments/instrument.ts';
import { plainWords } from '../../instruments/zod-words.ts';
import { type Task, teller } from '../reports/task.ts';
import { readDataset } from './analyse-data.ts';

// What problems.ts sets in the main thread does not hold in this one.
z.config({ customError: plainWords });

export interface AnalyseInput {
  /** The plan as it was read from its file, not yet checked. */
  readonly plan: unknown;
  /** The CSV file. */
  readonly data: string;
}

export type AnalyseProgress = { readonly rows: number } | { readonly share: number };

export type AnalyseResult =
  | { readonly ok: true; readonly report: Report }
  /** What is wrong, and with which of the two. */
  | { readonly ok: false; readonly wrong: 'plan' | 'data'; readonly issues: readonly Issue[] };

/** The report, or what is wrong with the plan or the data. Errors of the file system are thrown. */
export async function analyseFile({ input: { plan, data }, port }: Task<AnalyseInput>): Promise<AnalyseResult> {
  const tell = teller<AnalyseProgress>(port);
  const parsed = parsePlan(plan);
  if (!parsed.ok) return { ok: false, wrong: 'plan', issues: parsed.issues };
  const dataset = await readDataset(data, (rows) => tell({ rows }));
  if (!dataset.ok) return { ok: false, wrong: 'data', issues: dataset.issues };
  try {
    return { ok: true, report: runPlan(parsed.value, dataset.value, ({ share }) => tell({ share })) };
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    return { ok: false, wrong: 'plan', issues: error.issues };
  }
}

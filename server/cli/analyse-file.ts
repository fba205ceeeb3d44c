/** Reads a data file and runs a plan on it, in a worker thread: loaded by analyse-worker.mjs for analyse.ts. */
import { z } from 'zod';
import { PlanError, parsePlan, planIssues, runPlan } from '../../analysis/plan.ts';
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
  /** What is wrong with either of the two, all of it. */
  | { readonly ok: false; readonly plan: readonly Issue[]; readonly data: readonly Issue[] };

/** The report, or what is wrong with the plan or the data. Errors of the file system are thrown. */
export async function analyseFile({ input: { plan, data }, port }: Task<AnalyseInput>): Promise<AnalyseResult> {
  const tell = teller<AnalyseProgress>(port);
  const parsed = parsePlan(plan);
  const dataset = await readDataset(data, (rows) => tell({ rows }));
  if (!dataset.ok) {
    const ofPlan = dataset.names ? planIssues(plan, { names: dataset.names }) : parsed.ok ? [] : parsed.issues;
    return { ok: false, plan: ofPlan, data: dataset.issues };
  }
  if (!parsed.ok) return { ok: false, plan: planIssues(plan, dataset.value), data: [] };
  try {
    return { ok: true, report: runPlan(parsed.value, dataset.value, ({ share }) => tell({ share })) };
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    return { ok: false, plan: error.issues, data: [] };
  }
}

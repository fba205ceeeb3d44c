/** `fidelis analyse`: runs a plan of analyses on any CSV file, in a worker thread; needs no database and no data folder. */
import { Command } from 'commander';
import { Problem } from '../problems.ts';
import { runTask } from '../reports/pool.ts';
import type { AnalyseInput, AnalyseProgress, AnalyseResult } from './analyse-file.ts';
import { analysisLines, reportLines } from './analyse-print.ts';
import { pathArgument, readJson, requireFile } from './files.ts';
import { act, progressLine, type Result, WrongUsage } from './run.ts';

interface AnalyseOptions {
  readonly data?: string;
  readonly list?: boolean;
}

const help = `
SPEC.json is a plan, like {"title": "Trust", "analyses": [{"analysis": "cronbach-alpha", "options": {"items": ["t1", "t2"]}}]};
"missing": [-9] beside the title makes these numbers missing values. FILE.csv is UTF-8 with commas and a header; empty
cells and NA are missing. analysis/README.md has a whole plan.

Exit codes: 0 done, also where the data cannot say (a figure without a value, and a note); 1 the plan or the data were
refused, with the path of each wrong value, or a fault of ours; 2 wrong usage; 130 stopped by Ctrl+C.`;

export function analyseCommand(): Command {
  const command = new Command('analyse')
    .description('run a plan of analyses on a CSV file; needs no database')
    .argument('[spec.json]', 'the plan', pathArgument)
    .option('--data <file.csv>', 'the data', pathArgument)
    .option('--list', 'list all analyses with their options; with a plan, those that it names')
    .addHelpText('after', help);
  return act<AnalyseOptions>(command, async ({ data, list }, spec) => {
    if (list && data !== undefined) throw new WrongUsage('--list runs nothing; leave out --data');
    if (list) return listed(spec);
    if (spec === undefined) throw new WrongUsage('name the file of the plan, or give --list');
    if (data === undefined) throw new WrongUsage('give the data with --data FILE.csv');
    const report = await analyse(spec, data);
    return { json: report, lines: reportLines(report) };
  });
}

/** All analyses, or those that a plan names, each once. A wrong plan is refused as when it is run. */
async function listed(spec: string | undefined): Promise<Result> {
  // Loaded here: no other command needs the statistics.
  const { analyses: all } = await import('../../analysis/plan/all.ts');
  const named = spec === undefined ? null : await namedBy(spec);
  const analyses = named === null ? all : all.filter(({ name }) => named.has(name));
  const { describeOptions, optionsSchema } = await import('../../analysis/plan/describe.ts');
  return {
    json: {
      analyses: analyses.map(({ name, title, question, options }) => ({
        name,
        title,
        question,
        options: optionsSchema({ options }),
      })),
    },
    lines: analyses.flatMap((one) => analysisLines(one.name, one.question, describeOptions(one))),
  };
}

async function namedBy(spec: string): Promise<ReadonlySet<string>> {
  const { parsePlan } = await import('../../analysis/plan.ts');
  const plan = parsePlan(await readJson(spec));
  if (!plan.ok) throw new Problem('invalid-plan', { detail: `The file is ${spec}.`, issues: plan.issues });
  return new Set(plan.value.analyses.map(({ analysis }) => analysis));
}

async function analyse(spec: string, data: string) {
  const plan = await readJson(spec);
  await requireFile(data);
  const reading = progressLine('Reading rows');
  const computing = progressLine('Computing');
  const result = await inThread({ plan, data }, (progress) => {
    if ('rows' in progress) return reading.show(progress.rows);
    reading.end();
    computing.show(Math.round(1000 * progress.share), 1000);
  });
  computing.end();
  if (result.ok) return result.report;
  const issues = [...result.plan, ...result.data];
  if (result.data.length === 0) throw new Problem('invalid-plan', { detail: `The file is ${spec}.`, issues });
  if (result.plan.length === 0) throw new Problem('invalid-data', { detail: `The file is ${data}.`, issues });
  const detail = `The plan is ${spec}. The data, ${data}, are refused as well: their faults stand by row.`;
  throw new Problem('invalid-plan', { detail, issues });
}

/** Ctrl+C ends the thread in the middle of its work, and the command with the exit code that shells know. */
async function inThread(input: AnalyseInput, onProgress: (progress: AnalyseProgress) => void): Promise<AnalyseResult> {
  const stop = new AbortController();
  const interrupted = () => stop.abort();
  process.once('SIGINT', interrupted);
  try {
    const module = new URL('./analyse-worker.mjs', import.meta.url);
    const options = { signal: stop.signal, onProgress };
    return (await runTask(module, 'analyseFile', input, options)) as AnalyseResult;
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    process.stderr.write('\nStopped; nothing was written.\n');
    process.exit(130);
  } finally {
    process.off('SIGINT', interrupted);
  }
}

/**
 * One statistic on one number of rows, in a process of its own, so that its peak memory is its own: started by statistics.ts
 * as `statistics-process.ts <task> <rows> [<file.csv for R>]`. Prints one JSON line.
 */

import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { median } from './figures.ts';
import { type Columns, tasks } from './statistics-tasks.ts';

const [name = '', size = '', file] = process.argv.slice(2);
const task = tasks[name];
if (!task) throw new Error(`There is no task "${name}". There are: ${Object.keys(tasks).join(', ')}.`);
const rows = Number(size);
const columns = task.data(rows);
globalThis.gc?.();
const megabytes = () => process.resourceUsage().maxRSS / 1024;
const before = megabytes();
const times: number[] = [];
// Short runs are repeated, as the first ones pay for the compiler. Processor time, whatever else the machine does.
while (times.length < 1 || (times.length < 7 && sum(times) < 2)) {
  const started = process.cpuUsage();
  task.compute(columns);
  const { user, system } = process.cpuUsage(started);
  times.push((user + system) / 1e6);
}
const peak = megabytes();
if (file !== undefined) await writeColumns(file, columns);
process.stdout.write(`${JSON.stringify({ seconds: median(times), peakMb: peak, beforeMb: before })}\n`);

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Gaps are written as NA. */
async function writeColumns(path: string, data: Columns): Promise<void> {
  const out = createWriteStream(path);
  const lists = Object.values(data);
  out.write(`${Object.keys(data).join(',')}\n`);
  for (let start = 0; start < rows; start += 10_000) {
    const block = Array.from({ length: Math.min(10_000, rows - start) }, (_, row) =>
      lists.map((list) => list[start + row] ?? 'NA').join(','),
    );
    if (!out.write(`${block.join('\n')}\n`)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
}

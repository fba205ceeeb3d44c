/**
 * `npm run bench`: builds what is stale, runs every benchmark of this folder in a process of its own, one after the
 * other, prints their tables and keeps all figures in test/output/bench.json. `npm run bench -- page` runs one alone.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { prepare } from '../../server/prepare.mjs';

const benchmarks = ['submissions', 'exports', 'page', 'statistics', 'rates', 'checks', 'fidelity'];

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const output = join(root, 'test', 'output');
const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !benchmarks.includes(name));
if (unknown !== undefined) {
  process.stderr.write(`There is no benchmark "${unknown}". There are: ${benchmarks.join(', ')}.\n`);
  process.exit(2);
}

await prepare({ root, development: true });
mkdirSync(output, { recursive: true });
/** @type {Record<string, unknown>} */
const results = {};
let failed = false;
for (const name of wanted.length > 0 ? wanted : benchmarks) {
  const file = join(output, `bench-${name}.json`);
  rmSync(file, { force: true });
  const script = join(root, 'test', 'bench', `${name}.ts`);
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', script, file], { cwd: root, stdio: 'inherit' });
  if (status === 0) results[name] = JSON.parse(readFileSync(file, 'utf8'));
  else failed = true;
  rmSync(file, { force: true });
}
const machine = {
  processors: cpus().length,
  processor: cpus()[0]?.model,
  memoryGb: Math.round(totalmem() / 1e9),
  node: process.version,
};
writeFileSync(
  join(output, 'bench.json'),
  `${JSON.stringify({ at: new Date().toISOString(), machine, results }, null, 2)}\n`,
);
process.stdout.write(`\nKept in ${join('test', 'output', 'bench.json')}\n`);
process.exit(failed ? 1 : 0);

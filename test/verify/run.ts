/**
 * `npm run verify -- FOLDER [--all]`: computes every figure of a folder of expected results and prints, per file, how
 * many there are, how many were compared and agree, the largest difference, and what is not supported. Exit code 0 only
 * if figures were computed, all that was compared agrees and no recomputation failed; 2 for wrong usage, like a folder that is
 * not there.
 */
import { realpathSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openFolder, UnreadableFile } from './folder.ts';
import { type FileReport, unsupportedFile, verifyFile } from './verify.ts';

export { openFolder } from './folder.ts';
export { verifyFile } from './verify.ts';

/** How many paths are shown where `--all` would show each. */
const shown = 12;

/** The lines that tell of one file. */
export function reportLines(report: FileReport, all: boolean): string[] {
  const { file, figures, compared, given, computedAgree, agree, wider, unsupported, disagreements, largest } = report;
  const lines = [
    `${file}: ${figures} figures, ${compared} compared, ${agree} agree, ${unsupported.length} unsupported`,
  ];
  if (compared > 0) lines.push(`  ${computedLine(compared - given, computedAgree, given)}`);
  if (largest !== null) {
    lines.push(
      `  largest difference ${largest.difference.toExponential(1)} at ${largest.path}: ${largest.actual} against ${largest.expected}`,
    );
  }
  for (const { prefix, count, reason } of byPrefix(wider)) lines.push(`  agrees ${prefix} (${count}): ${reason}`);
  const sorted = [...disagreements].sort((a, b) => b.difference - a.difference);
  for (const { path, actual, expected, difference } of all ? sorted : sorted.slice(0, shown)) {
    lines.push(`  disagrees ${path}: ${actual} against ${expected}, difference ${difference.toExponential(1)}`);
  }
  if (!all && sorted.length > shown) lines.push(`  and ${sorted.length - shown} more disagree; --all lists each`);
  if (report.missingData.length > 0) lines.push(`  data sets not in the folder: ${report.missingData.join(', ')}`);
  if (all) {
    for (const { path, reason } of unsupported) lines.push(`  unsupported ${path}${reason ? `: ${reason}` : ''}`);
    return lines;
  }
  for (const { prefix, count, reason } of byPrefix(unsupported)) {
    lines.push(`  unsupported ${prefix} (${count})${reason ? `: ${reason}` : ''}`);
  }
  return lines;
}

/** What of the compared was computed: options that define a case are read from it, and agree with themselves. */
function computedLine(computed: number, agree: number, given: number): string {
  return `of the compared ${computed} computed, ${agree} agree; ${given} options that define the cases, as they were read`;
}

/** Unsupported paths counted by how they begin and by their reason; list positions are taken together. */
function byPrefix(unsupported: FileReport['unsupported']): { prefix: string; count: number; reason: string }[] {
  const groups = new Map<string, { prefix: string; count: number; reason: string }>();
  for (const { path, reason } of unsupported) {
    const parts = path.split('/').map((part) => (/^\d+$/.test(part) ? '*' : part));
    const prefix = parts.slice(0, reason ? 2 : 4).join('/');
    const key = JSON.stringify([prefix, reason]);
    const group = groups.get(key) ?? { prefix, count: 0, reason };
    group.count += 1;
    groups.set(key, group);
  }
  return [...groups.values()];
}

const noNumber = 'the name of the file begins with no number of a recomputation';

async function main(args: readonly string[]): Promise<number> {
  const all = args.includes('--all');
  const folders = args.filter((arg) => !arg.startsWith('--'));
  const wrong = args.find((arg) => arg.startsWith('--') && arg !== '--all');
  const [path] = folders;
  if (path === undefined || folders.length > 1 || wrong !== undefined) {
    console.error('Usage: npm run verify -- FOLDER [--all]');
    return 2;
  }
  const kind = statSync(path, { throwIfNoEntry: false });
  if (!kind?.isDirectory()) {
    const why = kind ? 'This is a file, a folder was expected' : 'There is no such folder';
    console.error(`${why}: ${path}. Name one with expected/*.json and data/*.csv, like test/oracles.`);
    return 2;
  }
  const folder = openFolder(path);
  for (const ignored of folder.ignored) console.log(`not read: ${ignored}`);
  if (folder.files.length === 0) console.log(`no expected file NN_name.json in ${path} or ${path}/expected`);
  const totals = { figures: 0, compared: 0, given: 0, computedAgree: 0, agree: 0, unsupported: 0 };
  const tell = (report: FileReport) => {
    for (const line of reportLines(report, all)) console.log(line);
    for (const key of ['figures', 'compared', 'given', 'computedAgree', 'agree'] as const) totals[key] += report[key];
    totals.unsupported += report.unsupported.length;
  };
  let failed = false;
  for (const file of folder.files) {
    try {
      const known = /^\d/.test(file);
      tell(
        known
          ? await verifyFile(file, folder.expected(file), folder.data)
          : unsupportedFile(file, folder.raw(file), noNumber),
      );
    } catch (error) {
      // Its figures still count: as unsupported, and the run has failed.
      failed = true;
      tell(
        unsupportedFile(
          file,
          safely(() => folder.raw(file)),
          'the recomputation failed',
        ),
      );
      console.log(`  ${failureOf(error)}`);
    }
  }
  const computed = totals.compared - totals.given;
  console.log(computedLine(computed, totals.computedAgree, totals.given));
  if (computed === 0) console.log('nothing was computed, so nothing is verified');
  console.log(
    `total: ${totals.figures} figures, ${totals.compared} compared, ${totals.agree} agree, ${totals.unsupported} unsupported`,
  );
  return failed || computed === 0 || totals.agree < totals.compared ? 1 : 0;
}

/** Where a recomputation failed, its stack says; a file that cannot be read needs no more than the reason. */
function failureOf(error: unknown): string {
  if (error instanceof UnreadableFile) return `unreadable: ${error.message}`;
  return `the recomputation failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}

function safely(read: () => unknown): unknown {
  try {
    return read();
  } catch {
    return null;
  }
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    process.exitCode = await main(process.argv.slice(2));
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 2;
  }
}

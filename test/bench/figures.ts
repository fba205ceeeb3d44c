/** What a benchmark says: a table on the terminal, and the same rows in the file that run.mjs names. */
import { writeFile } from 'node:fs/promises';

export type FigureRow = Readonly<Record<string, string | number>>;

/** Prints a table with a title. */
export function show(title: string, rows: readonly FigureRow[]): void {
  process.stdout.write(`\n${title}\n`);
  console.table(rows);
}

/** Keeps everything that was measured for bench.json. */
export async function keep(figures: unknown): Promise<void> {
  const file = process.argv[2];
  if (file !== undefined) await writeFile(file, JSON.stringify(figures));
}

/** The middle value; of an even number the mean of the two middle ones. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const at = sorted.length / 2;
  const [low = 0, high = 0] = [sorted[Math.ceil(at) - 1], sorted[Math.floor(at)]];
  return (low + high) / 2;
}

export function rounded(value: number, places = 0): number {
  return Number(value.toFixed(places));
}

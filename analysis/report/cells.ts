/** How figures become cells of a report's tables, for all sections alike. */
import type { ShownCount } from '../disclosure.ts';
import type { CellValue, Column, Estimate, Note } from '../result.ts';

/** What stands in a cell that the reader may not see. */
export const suppressed = 'suppressed';

/**
 * A count, or the word that it is not shown.
 *
 * @example
 * countCell(12) // => 12
 * countCell(null) // => 'suppressed'
 */
export function countCell(shown: ShownCount | undefined): CellValue {
  return shown ?? suppressed;
}

/**
 * A figure that may be seen only if its count may be.
 *
 * @example
 * figureCell(null, 4.2) // => 'suppressed'
 */
export function figureCell(shown: ShownCount | undefined, value: CellValue): CellValue {
  return shown === null || shown === undefined ? suppressed : value;
}

/**
 * A count in a text, as people read it.
 *
 * @example
 * printedCount(1261) // => '1,261'
 */
export function printedCount(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/**
 * A mean as it may be printed. For readers of a suppressed report it is rounded to two digits: an exact mean times its
 * n is a sum, from which a hidden count could be worked back.
 *
 * @example
 * printed(4.567, true) // => 4.57
 */
export function printed(value: number | null, suppress: boolean): number | null {
  return value === null || !suppress ? value : Math.round(value * 100) / 100;
}

/** An estimate as it may be printed, see `printed`. */
export function printedEstimate(estimate: Estimate, suppress: boolean): Estimate {
  const { value, interval } = estimate;
  const round = (bound: number) => printed(bound, suppress) ?? bound;
  return {
    ...estimate,
    value: printed(value, suppress),
    interval: interval && { ...interval, lower: round(interval.lower), upper: round(interval.upper) },
  };
}

/** Value, lower and upper bound: three cells. */
export function estimateCells(shown: ShownCount | undefined, { value, interval }: Estimate): CellValue[] {
  return [value, interval?.lower ?? null, interval?.upper ?? null].map((figure) => figureCell(shown, figure));
}

/** The three columns that `estimateCells` fills. */
export function estimateColumns(id: string, title: string, kind: 'number' | 'percent'): Column[] {
  const digits = kind === 'percent' ? 1 : 2;
  return [
    { id, title, kind, digits },
    { id: `${id}-lower`, title: '95% lower', kind, digits },
    { id: `${id}-upper`, title: '95% upper', kind, digits },
  ];
}

/** What the reader of a table with hidden cells must know; nothing when none is hidden. */
export function suppressionNotes(counts: Iterable<ShownCount>, minimum: number): Note[] {
  let hidden = 0;
  for (const count of counts) if (count === null) hidden += 1;
  if (hidden === 0) return [];
  return [
    {
      code: 'suppressed',
      text: `Not shown (“${suppressed}”): cells that stand for fewer than ${minimum} people, and as many others as it takes that these cannot be worked out.`,
    },
  ];
}

/** Each note once, in the order of first mention, with how many estimates it was said of. */
export function collectedNotes(estimates: readonly Estimate[], words: Readonly<Record<string, string>>): Note[] {
  const counts = new Map<string, { note: Note; times: number }>();
  for (const note of estimates.flatMap((estimate) => estimate.notes)) {
    const known = counts.get(note.code);
    counts.set(note.code, { note, times: (known?.times ?? 0) + 1 });
  }
  return [...counts.values()].map(({ note, times }) => {
    const text = words[note.code] ?? note.text;
    return { code: note.code, text: times === 1 ? `One group: ${text}` : `${printedCount(times)} groups: ${text}` };
  });
}

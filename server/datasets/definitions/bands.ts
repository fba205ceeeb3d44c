/** Bands of school-level figures, for datasets that must not tell a school by its size. Called by `linked-tables.ts`. */

export interface Bands {
  /** Upper ends, ascending; a value equal to one belongs to the next band. */
  readonly below: readonly number[];
  readonly labels: readonly string[];
}

export const pupilBands: Bands = {
  below: [100, 200, 400, 800],
  labels: ['below 100', '100 to 199', '200 to 399', '400 to 799', '800 and more'],
};

export const shareBands: Bands = {
  below: [0.1, 0.25, 0.5],
  labels: ['below 10 %', '10 % to below 25 %', '25 % to below 50 %', '50 % and more'],
};

/** @example bandOf(250, pupilBands) // => '200 to 399' */
export function bandOf(value: number | null, { below, labels }: Bands): string | null {
  if (value === null) return null;
  const at = below.findIndex((end) => value < end);
  return labels[at === -1 ? labels.length - 1 : at] ?? null;
}

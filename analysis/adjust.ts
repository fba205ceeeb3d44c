/** Adjusting p values for the number of tests. Called by plans that declare several outcomes. */

/** Family-wise error: bonferroni, holm, hochberg, hommel. False discovery rate: benjamini-hochberg, benjamini-yekutieli. */
export type Adjustment = 'bonferroni' | 'holm' | 'hochberg' | 'hommel' | 'benjamini-hochberg' | 'benjamini-yekutieli';

/**
 * P values adjusted so that each can be held against the usual limit although several tests were made. Which of these
 * findings would stand if the whole family were judged together? Holm needs no assumption and is never worse than
 * Bonferroni; Hochberg and Hommel assume independent or positively dependent tests; Benjamini-Hochberg (the same
 * assumption) and Benjamini-Yekutieli (none) bound the expected share of false findings instead.
 *
 *     holm: p(i) becomes the largest of (m - j + 1) p(j) for j <= i
 *     benjamini-hochberg: p(i) becomes the smallest of m p(j) / j for j >= i
 *
 * A missing p value stays missing and does not count in the family. Nothing is above 1.
 *
 * References: Holm (1979), Scandinavian Journal of Statistics 6, 65-70; Hommel (1988), Biometrika 75, 383-386; Hochberg
 * (1988), Biometrika 75, 800-802; Benjamini and Hochberg (1995), JRSS B 57, 289-300; Benjamini and Yekutieli (2001),
 * Annals of Statistics 29, 1165-1188. Agrees with R's `p.adjust` to 1e-15.
 *
 * @param family number of tests in the family, when more were made than are given; default: those that are given
 * @throws RangeError for a p value outside [0, 1], or a family smaller than the number of p values
 * @example
 * adjustPValues([0.01, 0.04, 0.03], 'holm') // => [0.03, 0.06, 0.06]
 * adjustPValues([0.02, null, 0.01], 'bonferroni') // => [0.04, null, 0.02]
 */
export function adjustPValues(
  pValues: readonly (number | null)[],
  method: Adjustment,
  family?: number,
): (number | null)[] {
  const places = [...pValues.keys()].filter((place) => pValues[place] !== null);
  const valueAt = (place: number) => pValues[place] ?? 0;
  if (places.some((place) => !(valueAt(place) >= 0 && valueAt(place) <= 1))) {
    throw new RangeError('adjustPValues requires p values between 0 and 1');
  }
  const count = family ?? places.length;
  if (!(Number.isSafeInteger(count) && count >= places.length)) {
    throw new RangeError('adjustPValues requires a family at least as large as the number of p values');
  }
  const order = places.sort((a, b) => valueAt(a) - valueAt(b));
  const adjusted = adjustOrdered(order.map(valueAt), method, count);
  const result: (number | null)[] = pValues.map(() => null);
  order.forEach((place, rank) => {
    result[place] = adjusted[rank] ?? null;
  });
  return result;
}

/** Takes and gives p values in ascending order; `m` is the size of the family. */
function adjustOrdered(p: readonly number[], method: Adjustment, m: number): number[] {
  switch (method) {
    case 'bonferroni':
      return p.map((value) => Math.min(1, m * value));
    case 'holm':
      return largestSoFar(p.map((value, i) => (m - i) * value));
    case 'hochberg':
      return smallestFrom(p.map((value, i) => (m - i) * value));
    case 'benjamini-hochberg':
      return smallestFrom(p.map((value, i) => (m / (i + 1)) * value));
    case 'benjamini-yekutieli': {
      let harmonic = 0;
      for (let i = 1; i <= m; i += 1) harmonic += 1 / i;
      return smallestFrom(p.map((value, i) => ((harmonic * m) / (i + 1)) * value));
    }
    case 'hommel':
      return hommel(p, m).slice(0, p.length);
  }
}

function largestSoFar(values: readonly number[]): number[] {
  let largest = 0;
  return values.map((value) => {
    largest = Math.max(largest, value);
    return Math.min(1, largest);
  });
}

function smallestFrom(values: readonly number[]): number[] {
  let smallest = 1;
  return values
    .map((_, i) => {
      smallest = Math.min(smallest, values[values.length - 1 - i] ?? 1);
      return smallest;
    })
    .reverse();
}

/** Hommel's closed test by Wright's recursion over the sizes of the subfamilies; tests not given count as p = 1. */
function hommel(given: readonly number[], m: number): number[] {
  const p = [...given, ...new Array<number>(m - given.length).fill(1)];
  const at = (i: number) => p[i] ?? 1;
  const simes = (size: number) => {
    let smallest = Number.POSITIVE_INFINITY;
    for (let j = 2; j <= size; j += 1) smallest = Math.min(smallest, (size * at(m - size + j - 1)) / j);
    return smallest;
  };
  let result = p.map(() => Math.min(...p.map((value, i) => (m * value) / (i + 1))));
  for (let size = m - 1; size >= 2; size -= 1) {
    const rest = simes(size);
    const last = Math.min(size * at(m - size), rest);
    result = result.map((value, i) => Math.max(value, i <= m - size ? Math.min(size * at(i), rest) : last));
  }
  return result.map((value, i) => Math.max(value, at(i)));
}

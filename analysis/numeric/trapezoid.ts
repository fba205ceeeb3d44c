/** The trapezoidal rule over the whole line, which converges exponentially for smooth functions that fade at both ends. */

/** Terms this much smaller than the total are left out. */
const negligible = 1e-19;

/**
 * The integral of a positive smooth function with one peak: the peak is climbed to from `start`, then equally spaced
 * terms are added in both directions until they no longer count. Since nothing cancels, the error is relative, however
 * small the result.
 *
 * @param width the step of the rule: about half the width of the sharpest feature gives full accuracy
 * @example
 * integratePeak((x) => Math.exp(-x * x), 5, 0.25) // => Math.sqrt(Math.PI)
 */
export function integratePeak(f: (x: number) => number, start: number, width: number): number {
  const top = peak(f, start, width);
  let total = f(top);
  for (const direction of [-1, 1]) {
    for (let i = 1; ; i += 1) {
      const value = f(top + direction * i * width);
      total += value;
      if (!(value > total * negligible)) break;
    }
  }
  return width * total;
}

/** Where the function is largest, climbing with shrinking steps. */
function peak(f: (x: number) => number, start: number, width: number): number {
  let place = start;
  let height = f(place);
  for (let step = 4; step > width; step /= 2) {
    for (const direction of [-1, 1]) {
      for (let next = f(place + direction * step); next > height; next = f(place + direction * step)) {
        place += direction * step;
        height = next;
      }
    }
  }
  return place;
}

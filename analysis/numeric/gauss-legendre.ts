/** Gauss-Legendre quadrature: exact for polynomials, and fast for smooth functions on a short interval. */

export interface Rule {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

const known = new Map<number, Rule>();

/**
 * Nodes and weights on [-1, 1] for the given number of points, exact for polynomials up to degree 2 points - 1. The nodes
 * are roots of the Legendre polynomial, by Newton's method from Tricomi's first guess; made once and kept.
 *
 * Reference: Abramowitz and Stegun (1964), 25.4.29.
 *
 * @throws RangeError unless the number of points is a positive whole number
 * @example
 * gaussLegendre(1).weights[0] // => 2
 */
export function gaussLegendre(points: number): Rule {
  if (!(Number.isSafeInteger(points) && points >= 1)) throw new RangeError('gaussLegendre requires a number of points');
  const rule = known.get(points) ?? makeRule(points);
  known.set(points, rule);
  return rule;
}

function makeRule(points: number): Rule {
  const nodes = new Float64Array(points);
  const weights = new Float64Array(points);
  for (let i = 0; i < points; i += 1) {
    let x = Math.cos((Math.PI * (i + 0.75)) / (points + 0.5));
    let slope = 0;
    for (let step = 0; step < 10; step += 1) {
      const { value, derivative } = legendre(points, x);
      slope = derivative;
      x -= value / derivative;
      if (Math.abs(value / derivative) < 1e-16) break;
    }
    nodes[i] = x;
    weights[i] = 2 / ((1 - x * x) * slope * slope);
  }
  return { nodes, weights };
}

/** The Legendre polynomial of this degree and its derivative, by the three-term recurrence. */
function legendre(degree: number, x: number): { value: number; derivative: number } {
  let before = 1;
  let value = x;
  for (let n = 2; n <= degree; n += 1) [before, value] = [value, ((2 * n - 1) * x * value - (n - 1) * before) / n];
  return { value, derivative: (degree * (x * value - before)) / (x * x - 1) };
}

/**
 * The integral of a smooth function from `from` to `to`.
 *
 * @example
 * integrate((x) => x * x, 0, 3, 4) // => 9
 */
export function integrate(f: (x: number) => number, from: number, to: number, points: number): number {
  const { nodes, weights } = gaussLegendre(points);
  const half = (to - from) / 2;
  const middle = (to + from) / 2;
  let total = 0;
  for (let i = 0; i < points; i += 1) total += (weights[i] ?? 0) * f(middle + half * (nodes[i] ?? 0));
  return half * total;
}

/**
 * Densities of binomial form without large logarithms that cancel. Used by the incomplete beta function, and thereby
 * by the t and F distributions.
 *
 * Reference: Loader (2000), Fast and accurate computation of binomial probabilities.
 */
import { stirlingError } from './log-gamma.ts';

/**
 * D(x, m) = x ln(x / m) + m - x >= 0, how far x lies from m. Close to m the logarithm is expanded in
 * v = (x - m) / (x + m), where the plain expression would lose all its digits.
 *
 * @example
 * devianceTerm(3, 3) // => 0
 * devianceTerm(2, 1) // => 2 * Math.log(2) - 1
 */
export function devianceTerm(x: number, m: number): number {
  const distance = x - m;
  if (Math.abs(distance) > 0.1 * (x + m)) return x * Math.log(x / m) - distance;
  const v = distance / (x + m);
  let power = 2 * x * v;
  let total = distance * v;
  for (let odd = 3; ; odd += 2) {
    power *= v * v;
    const next = total + power / odd;
    if (next === total) return total;
    total = next;
  }
}

/**
 * ln( x^a y^b / B(a, b) ) for y = 1 - x, given apart so that neither loses digits near 0: the derivative of the
 * regularised incomplete beta function by the logit of x.
 *
 * @example
 * logBetaTerm(0.5, 0.5, 1, 1) // => Math.log(0.25)
 */
export function logBetaTerm(x: number, y: number, a: number, b: number): number {
  const n = a + b;
  return (
    0.5 * (Math.log(a / (2 * Math.PI)) + Math.log(b / n)) +
    (stirlingError(n) - stirlingError(a) - stirlingError(b)) -
    devianceTerm(a, n * x) -
    devianceTerm(b, n * y)
  );
}

/** The logarithm of the gamma function and the error of Stirling's formula; the other distributions stand on them. */

const halfLogTwoPi = 0.9189385332046728;

/** Coefficients B(2k) / (2k (2k - 1)) of Stirling's series. */
const stirlingSeries = [
  1 / 12,
  -1 / 360,
  1 / 1260,
  -1 / 1680,
  1 / 1188,
  -691 / 360360,
  1 / 156,
  -3617 / 122400,
  43867 / 244188,
  -174611 / 125400,
];

/** (-1)^k (zeta(k) - 1) / k for k = 2, 3, …, zeta being Riemann's. */
const zetaSeries = [
  0.3224670334241132, -0.0673523010531981, 0.020580808427784546, -0.007385551028673986, 0.0028905103307415234,
  -0.001192753911703261, 0.0005096695247430425, -0.00022315475845357939, 0.00009945751278180853,
  -0.00004492623673813314, 0.00002050721277567069, -0.000009439488275268397, 0.000004374866789907488,
  -0.000002039215753801366, 9.55141213040742e-7, -4.492469198764566e-7, 2.1207184805554665e-7, -1.0043224823968099e-7,
  4.7698101693639804e-8, -2.2711094608943164e-8, 1.0838659214896955e-8, -5.183475041970047e-9, 2.4836745438024785e-9,
  -1.1921401405860912e-9, 5.731367241678862e-10, -2.7595228851242334e-10, 1.330476437424449e-10, -6.4229645638381e-11,
];

const oneMinusEulersConstant = 0.42278433509846713;

/** Above this Stirling's series of ten terms is exact to the last digit. */
const stirlingFrom = 8;

/**
 * ln Γ(x) for x > 0. Stirling's series from 8 on; below, the recurrence Γ(x + 1) = x Γ(x) leads to [1.5, 2.5], where
 * the series ln Γ(2 + z) = (1 - γ) z + Σ (-1)^k (ζ(k) - 1) z^k / k keeps full relative accuracy around the zeros at
 * 1 and 2. Relative error below 4e-15. Throws RangeError unless x is a positive number.
 *
 * Reference: Abramowitz and Stegun (1964), 6.1.15, 6.1.33 and 6.1.40.
 *
 * @example
 * logGamma(5) // => Math.log(24)
 * logGamma(1) // => 0
 * logGamma(0.5) // => Math.log(Math.PI) / 2
 */
export function logGamma(x: number): number {
  if (!(x > 0)) throw new RangeError('logGamma requires a positive number');
  if (x >= stirlingFrom) return (x - 0.5) * Math.log(x) - x + halfLogTwoPi + stirlingTail(x);
  if (x < 0.5) return aroundTwo(x) - Math.log(x * (1 + x));
  if (x < 1.5) return aroundTwo(x - 1) - Math.log1p(x - 1);
  let product = 1;
  let reduced = x;
  while (reduced > 2.5) {
    reduced -= 1;
    product *= reduced;
  }
  return aroundTwo(reduced - 2) + Math.log(product);
}

/**
 * δ(x) = ln Γ(x + 1) - (x + 1/2) ln x + x - ln(2π)/2, what Stirling's formula misses. With it, densities of large
 * parameters are written without subtracting large logarithms (see saddlepoint.ts). Absolute error below 5e-15.
 *
 * @example
 * stirlingError(1) // => 1 - Math.log(2 * Math.PI) / 2
 */
export function stirlingError(x: number): number {
  if (x >= stirlingFrom) return stirlingTail(x);
  return logGamma(x + 1) - (x + 0.5) * Math.log(x) + x - halfLogTwoPi;
}

function stirlingTail(x: number): number {
  const inverse = 1 / x;
  const inverseSquare = inverse * inverse;
  return polynomial(stirlingSeries, inverseSquare) * inverse;
}

/** ln Γ(2 + z) for |z| <= 1/2. */
function aroundTwo(z: number): number {
  return z * (oneMinusEulersConstant + z * polynomial(zetaSeries, z));
}

/** Σ coefficients[k] x^k, by Horner's rule. */
function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduceRight((total, coefficient) => total * x + coefficient, 0);
}

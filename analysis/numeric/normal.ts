/** The standard normal distribution: tails and quantile. */
import type { Tails } from './tails.ts';

/** Coefficients, highest power last, of Cody's rational approximations. */
const centreTop = [18154.98125334356, 1067.6894854603709, 161.02823106855587, 2.2352520354606837, 0.06568233791820745];
const centreBottom = [45507.78933502673, 10260.932208618979, 976.0985517377767, 47.202581904688245, 1];
const middleTop = [
  9842.714838383978, 11602.65143764735, 6848.190450536283, 2494.5375852903726, 597.2702763948002, 93.50665613217785,
  8.883149794388377, 0.39894151208813466, 1.0765576773720192e-8,
];
const middleBottom = [
  19685.429676859992, 38912.00328609327, 34900.95272114598, 18615.571640885097, 6485.558298266761, 1519.3775994075547,
  235.387901782625, 22.266688044328117, 1,
];
const farTop = [
  0.000029112874951168793, 0.0014216191932278934, 0.022235277870649807, 0.12740116116024736, 0.215898534057957,
  0.023073441764940174,
];
const farBottom = [
  0.00007297515550839662, 0.0037823963320275824, 0.06598813786892856, 0.4682382124808651, 1.284260096144911, 1,
];

/** Coefficients of Wichura's algorithm AS 241, lowest power first. */
const nearTop = [
  3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987, 67265.7709270087,
  33430.57558358813, 2509.0809287301227,
];
const nearBottom = [
  1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271, 28729.085735721943,
  5226.495278852854,
];
const tailTop = [
  1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684, 0.2417807251774506,
  0.022723844989269184, 0.0007745450142783414,
];
const tailBottom = [
  1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
  0.0005475938084995345, 1.0507500716444169e-9,
];
const endTop = [
  6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
  0.0012426609473880784, 0.000027115555687434876, 2.0103343992922881e-7,
];
const endBottom = [
  1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133, 0.000018463183175100548,
  1.421511758316446e-7, 2.0442631033899397e-15,
];

/**
 * Both tails of the standard normal distribution at z. Relative error below 1e-15 in the centre and 1e-14 in the
 * smallest tail that a number can hold (z = 38).
 *
 * Reference: Cody (1969), Mathematics of Computation 23, 631-637.
 *
 * @example
 * normalTails(0) // => { lower: 0.5, upper: 0.5 }
 */
export function normalTails(z: number): Tails {
  if (Number.isNaN(z)) throw new RangeError('normalTails requires a number');
  const size = Math.abs(z);
  if (size <= 0.67448975) {
    const square = z * z;
    const middle = z * ratio(centreTop, centreBottom, square);
    return { lower: 0.5 + middle, upper: 0.5 - middle };
  }
  const beyond = upperTail(size);
  return z > 0 ? { lower: 1 - beyond, upper: beyond } : { lower: beyond, upper: 1 - beyond };
}

function upperTail(z: number): number {
  if (z > 40) return 0;
  if (z <= Math.sqrt(32)) return bell(z) * ratio(middleTop, middleBottom, z);
  const inverse = 1 / (z * z);
  const correction = inverse * ratio(farTop, farBottom, inverse);
  return (bell(z) * (1 / Math.sqrt(2 * Math.PI) - correction)) / z;
}

/** exp(-z²/2), with z split in two so that rounding of the square does not grow in the exponent. */
function bell(z: number): number {
  const coarse = Math.trunc(z * 16) / 16;
  return Math.exp((-coarse * coarse) / 2) * Math.exp((-(z - coarse) * (z + coarse)) / 2);
}

/**
 * The value below which a standard normal variable falls with probability `p`; -Infinity at 0, Infinity at 1.
 * Relative error below 2e-15. Throws RangeError for a probability outside [0, 1].
 *
 * Reference: Wichura (1988), Algorithm AS 241, Applied Statistics 37, 477-484.
 *
 * @example
 * normalQuantile(0.5) // => 0
 * normalQuantile(0.975) // => 1.959963984540054
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError('normalQuantile requires a probability between 0 and 1');
  const fromCentre = p - 0.5;
  if (Math.abs(fromCentre) <= 0.425) {
    return fromCentre * ratio(nearTop, nearBottom, 0.180625 - fromCentre * fromCentre);
  }
  const sign = fromCentre < 0 ? -1 : 1;
  const tail = Math.min(p, 1 - p);
  if (tail === 0) return sign * Number.POSITIVE_INFINITY;
  const depth = Math.sqrt(-Math.log(tail));
  return sign * (depth <= 5 ? ratio(tailTop, tailBottom, depth - 1.6) : ratio(endTop, endBottom, depth - 5));
}

/** Σ top[k] x^k / Σ bottom[k] x^k. */
function ratio(top: readonly number[], bottom: readonly number[], x: number): number {
  return polynomial(top, x) / polynomial(bottom, x);
}

/** By Horner's rule. */
function polynomial(coefficients: readonly number[], x: number): number {
  let total = 0;
  for (let power = coefficients.length - 1; power >= 0; power -= 1) total = total * x + (coefficients[power] ?? 0);
  return total;
}

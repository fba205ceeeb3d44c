/** The bivariate normal distribution, for polychoric correlations. */
import { gaussLegendre } from './gauss-legendre.ts';
import { normalTails } from './normal.ts';
import { integratePeak } from './trapezoid.ts';

/** Beyond this correlation the integrand of the plain formula gets a peak at its end. */
const steepFrom = 0.925;

/** Where cancellation could have taken digits from a small result, it is computed again by adding positive terms. */
const small = 1e-7;

/**
 * P(X <= h, Y <= k) for standard normal X and Y with correlation `rho`. The formula of Plackett and Sheppard integrates
 * over the correlation, from 0, or from ±1 where it is close to that. Absolute error below 5e-16;
 * relative error below 1e-8, and below 1e-12 for results from 1e-7 down to 1e-290.
 *
 * Reference: Genz (2004), Statistics and Computing 14, 251-260; Drezner and Wesolowsky (1990).
 *
 * @throws RangeError for a correlation outside [-1, 1] or limits that are not numbers
 * @example
 * bivariateNormalLower(0, 0, 0) // => 0.25
 * bivariateNormalLower(0, 0, 0.5) // => 1 / 3
 */
export function bivariateNormalLower(h: number, k: number, rho: number): number {
  if (!(rho >= -1 && rho <= 1)) throw new RangeError('bivariateNormalLower requires a correlation between -1 and 1');
  if (Number.isNaN(h) || Number.isNaN(k)) throw new RangeError('bivariateNormalLower requires two numbers');
  if (h === Number.NEGATIVE_INFINITY || k === Number.NEGATIVE_INFINITY) return 0;
  if (h === Number.POSITIVE_INFINITY) return normalTails(k).lower;
  if (k === Number.POSITIVE_INFINITY) return normalTails(h).lower;
  if (rho === 1) return normalTails(Math.min(h, k)).lower;
  if (rho === -1) return Math.max(0, h > -k ? between(-k, h) : 0);
  const value = Math.abs(rho) < steepFrom ? fromIndependence(h, k, rho) : fromDependence(h, k, rho);
  return value < small ? byPositiveTerms(h, k, rho) : Math.min(value, 1);
}

/** Φ(h) Φ(k) + 1/(2π) ∫ exp(-(h² + k² - 2 h k sin θ) / (2 cos² θ)) dθ from 0 to arcsin ρ. */
function fromIndependence(h: number, k: number, rho: number): number {
  const independent = normalTails(h).lower * normalTails(k).lower;
  if (rho === 0) return independent;
  const half = Math.asin(rho) / 2;
  const squares = (h * h + k * k) / 2;
  const product = h * k;
  const { nodes, weights } = gaussLegendre(Math.abs(rho) < 0.3 ? 8 : Math.abs(rho) < 0.75 ? 14 : 24);
  let total = 0;
  for (let i = 0; i < nodes.length; i += 1) {
    const sine = Math.sin(half * (1 + (nodes[i] ?? 0)));
    total += (weights[i] ?? 0) * Math.exp((sine * product - squares) / (1 - sine * sine));
  }
  return independent + (half * total) / (2 * Math.PI);
}

/**
 * The same from full correlation: the integral over r from ρ to 1 in x = sqrt(1 - r²), of which the steep part
 * exp(-(h - k)² / (2 x²)) times a Taylor polynomial is integrated in closed form and the rest by quadrature.
 */
function fromDependence(h: number, k0: number, rho: number): number {
  const k = rho < 0 ? -k0 : k0;
  const product = h * k;
  const square = (1 - rho) * (1 + rho);
  const reach = Math.abs(rho) < 1 ? Math.sqrt(square) : 0;
  const gap = (h - k) * (h - k);
  const c = (4 - product) / 8;
  const d = (12 - product) / 16;
  let missing = 0;
  const exponent = -(gap / square + product) / 2;
  if (exponent > -700) {
    missing =
      reach * Math.exp(exponent) * (1 - (c * (gap - square) * (1 - (d * gap) / 5)) / 3 + (c * d * square * square) / 5);
  }
  if (product > -700) {
    const distance = Math.sqrt(gap);
    const tail = Math.sqrt(2 * Math.PI) * normalTails(-distance / reach).lower;
    missing -= Math.exp(-product / 2) * tail * distance * (1 - (c * gap * (1 - (d * gap) / 5)) / 3);
  }
  const { nodes, weights } = gaussLegendre(24);
  for (let i = 0; i < nodes.length; i += 1) {
    const x = ((nodes[i] ?? 0) + 1) * (reach / 2);
    const xSquare = x * x;
    const root = Math.sqrt(1 - xSquare);
    const at = -(gap / xSquare + product) / 2;
    if (at <= -700) continue;
    const full = Math.exp((-product * xSquare) / (2 * (1 + root) * (1 + root))) / root;
    missing += (reach / 2) * (weights[i] ?? 0) * Math.exp(at) * (full - (1 + c * xSquare * (1 + d * xSquare)));
  }
  missing /= 2 * Math.PI;
  return rho > 0 ? normalTails(Math.min(h, k)).lower - missing : missing + (h > k ? between(k, h) : 0);
}

/** ∫ φ(x) Φ((k - ρ x) / sqrt(1 - ρ²)) dx up to h, by the trapezoidal rule in ln(h - x). All terms are positive. */
function byPositiveTerms(h: number, k: number, rho: number): number {
  const spread = Math.sqrt((1 - rho) * (1 + rho));
  const term = (u: number) => {
    const below = Math.exp(u);
    const x = h - below;
    return Math.exp(-0.5 * x * x) * normalTails((k - rho * x) / spread).lower * below;
  };
  // Where the normal probability falls off at x = k / ρ, the step must be finer than the fall.
  const fall = spread / Math.max(Math.abs(rho * h - k), spread);
  return integratePeak(term, 0, Math.min(0.1, 0.4 * fall)) / Math.sqrt(2 * Math.PI);
}

/** Φ(high) - Φ(low) for low < high, from the tails that lose no digits. */
function between(low: number, high: number): number {
  const bottom = normalTails(low);
  const top = normalTails(high);
  return low > 0 ? bottom.upper - top.upper : top.lower - bottom.lower;
}

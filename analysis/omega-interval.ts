/**
 * How exactly omega total is known: its standard error by the delta method, from the expected information of one factor by
 * maximum likelihood. Called by the measures of a study.
 */
import { noEstimate, requireLevel } from './estimate.ts';
import { solveLinear } from './numeric/matrix.ts';
import { normalQuantile } from './numeric/normal.ts';
import { sum } from './numeric/sums.ts';
import type { OneFactorReliability } from './omega.ts';
import type { Estimate } from './result.ts';

const method = 'Omega total, one factor by maximum likelihood, complete rows; delta method on the log odds';

/**
 * Omega total with an interval. With S the inverse of the covariance ΛΛ' + Θ that the factor implies and u = SΛ, the
 * information of loadings and residual variances is
 *
 *     loadings n (u_i u_j + S_ij Λ'u)     loading and residual n u_j S_ij     residuals n S_ij² / 2
 *
 * and omega's standard error follows from its slopes. The interval is of the log odds, so that its bounds are shares.
 * Assumes normal answers and independent people. No interval, with the note `no-information`, where a residual variance
 * is 0 or omega is no share.
 *
 * Reference: Raykov (2002), Multivariate Behavioral Research 37, 89-103. The standard error agrees with R's lavaan to 1e-5.
 *
 * @param factor what `omegaTotal` has found
 * @example
 * omegaWithInterval({ omega: { value: null, n: 0, interval: null, method: '', notes: [] }, loadings: null, residualVariances: null }).value // => null
 */
export function omegaWithInterval(
  factor: Pick<OneFactorReliability, 'omega' | 'loadings' | 'residualVariances'>,
  level = 0.95,
): Estimate {
  requireLevel('omegaWithInterval', level);
  const { omega, loadings, residualVariances } = factor;
  if (omega.value === null || !loadings || !residualVariances)
    return { ...noEstimate(omega.n, method), notes: omega.notes };
  const error = omegaStandardError(loadings, residualVariances, omega.n);
  const share = omega.value > 0 && omega.value < 1;
  if (error === null || !share) {
    const text = 'The factor leaves no room for error in an item, so omega has no interval.';
    return { ...omega, method, notes: [...omega.notes, { code: 'no-information', text }] };
  }
  const odds = Math.log(omega.value / (1 - omega.value));
  const reach = (normalQuantile((1 + level) / 2) * error) / (omega.value * (1 - omega.value));
  const back = (logOdds: number) => 1 / (1 + Math.exp(-logOdds));
  return { ...omega, method, interval: { lower: back(odds - reach), upper: back(odds + reach), level } };
}

/**
 * The standard error of omega total for loadings and residual variances of one factor; null where they have no information.
 *
 * @example
 * omegaStandardError([1, 1, 1], [1, 1, 0], 100) // => null
 */
export function omegaStandardError(
  loadings: readonly number[],
  residuals: readonly number[],
  n: number,
): number | null {
  const k = loadings.length;
  const implied = loadings.map((a, i) => loadings.map((b, j) => a * b + (i === j ? (residuals[i] ?? 0) : 0)));
  if (residuals.some((rest) => !(rest > 1e-9))) return null;
  const unit = implied.map((_, i) => implied.map((__, j) => (i === j ? 1 : 0)));
  const inverse = solveLinear(implied, unit).solution;
  if (inverse === null) return null;
  const at = (i: number, j: number) => inverse[i]?.[j] ?? 0;
  const u = inverse.map((line) => sum(line.map((value, j) => value * (loadings[j] ?? 0))));
  const whole = sum(u.map((value, i) => value * (loadings[i] ?? 0)));
  const information = Array.from({ length: 2 * k }, (_, a) =>
    Array.from({ length: 2 * k }, (__, b) => {
      const [i, j] = [a % k, b % k];
      if (a < k && b < k) return n * ((u[i] ?? 0) * (u[j] ?? 0) + at(i, j) * whole);
      if (a >= k && b >= k) return (n / 2) * at(i, j) ** 2;
      return n * at(i, j) * ((a < k ? u[j] : u[i]) ?? 0);
    }),
  );
  const total = sum(loadings);
  const rest = sum(residuals);
  const variance = total * total + rest;
  const slopes = Array.from({ length: 2 * k }, (_, a) =>
    a < k ? (2 * total * rest) / variance ** 2 : -((total / variance) ** 2),
  );
  const { solution } = solveLinear(
    information,
    slopes.map((slope) => [slope]),
  );
  if (solution === null) return null;
  const squared = sum(slopes.map((slope, a) => slope * (solution[a]?.[0] ?? 0)));
  return squared > 0 ? Math.sqrt(squared) : null;
}

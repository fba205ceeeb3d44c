/** The chart of a section's estimates: points with their intervals. Used by the definitions in this folder. */
import { meanChart } from '../charts.ts';
import type { ChartSpec, SectionEstimate } from '../result.ts';

/** More rows than these nobody can read; the table has them all. */
const mostRows = 50;

/**
 * Estimates as points with intervals, on a range that holds all of them.
 *
 * @param table id of the table with the same figures; default the summary of a section, `estimates`
 * @param line a value that the figures are held against, like 0 for differences
 * @example
 * estimateChart('Means', 'Mean', [named('a', 'A', { value: 2, n: 3, interval: { lower: 1, upper: 3, level: 0.95 }, method: 'm', notes: [] })], 'estimates')[0].kind // => 'interval'
 * estimateChart('Means', 'Mean', [], 'estimates') // => []
 */
export function estimateChart(
  title: string,
  axis: string,
  estimates: readonly SectionEstimate[],
  table = 'estimates',
  line: { readonly value: number; readonly label: string } | null = null,
): ChartSpec[] {
  const rows = estimates
    .map(({ label, estimate: { value, interval, n } }) => ({ label, value, interval, n }))
    .filter(({ value }) => value !== null);
  const reached = rows.flatMap(({ value, interval }) => [
    value ?? 0,
    interval?.lower ?? value ?? 0,
    interval?.upper ?? value ?? 0,
    line?.value ?? value ?? 0,
  ]);
  if (rows.length === 0 || rows.length > mostRows || !reached.every(Number.isFinite)) return [];
  const [least, most] = [Math.min(...reached), Math.max(...reached)];
  const step = 10 ** Math.floor(Math.log10(Math.max(most - least, Math.abs(most), 1e-6))) / 2;
  const range = { min: Math.floor(least / step) * step, max: Math.ceil(most / step) * step };
  if (range.min === range.max) range.max += step;
  const summary = `${title}: ${rows.length} points with their intervals, from ${least.toPrecision(3)} to ${most.toPrecision(3)}.`;
  return [meanChart({ id: 'chart', title, summary, table, axis, range, line, rows })];
}

/**
 * The coefficients of a regression but the intercept, which is on another scale, against no effect.
 *
 * @example
 * coefficientChart([named('b0', '(Intercept)', { value: 9, n: 3, interval: null, method: 'm', notes: [] })], 'Effect') // => []
 */
export function coefficientChart(estimates: readonly SectionEstimate[], axis: string): ChartSpec[] {
  const effects = estimates.filter(({ label }) => label !== '(Intercept)');
  return estimateChart('Coefficients', axis, effects, 'estimates', { value: 0, label: 'No effect' });
}

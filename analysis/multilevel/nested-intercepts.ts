/**
 * Two or three levels with an intercept of its own in every group. V has closed block inverses, so that one pass over the
 * rows leaves sums of groups, and each evaluation costs a few operations a group, however many rows there are.
 *
 * Within an innermost group of n rows V⁻¹ = I - r / (1 + n r) 11', r being the relative variance between these groups; for
 * the next level the groups act as if each had n / (1 + n r) independent rows, and the same formula holds again.
 *
 * Reference: Searle, Casella and McCulloch (1992), Variance Components, sections 3.7 and 6.4.
 */
import { addProduct, emptyMoments, type Moments, mirrored, type RandomStructure } from './moments.ts';
import type { MixedRows } from './rows.ts';

/** The sums of the columns over the rows of each innermost group; the first column counts them. */
export interface GroupSums {
  readonly width: number;
  /** Group by group, `width` numbers each. */
  readonly sums: Float64Array;
  readonly count: number;
  readonly all: readonly (readonly number[])[];
}

/**
 * One pass over the rows: cross products of all columns and sums by innermost group.
 *
 * @example
 * groupSums({
 *   columns: [Float64Array.of(1, 1, 1), Float64Array.of(2, 3, 4)],
 *   groupings: [{ name: 'school', codes: Int32Array.of(0, 0, 1), labels: ['a', 'b'], parents: new Int32Array() }],
 * }).sums // => [2, 5, 1, 4]
 */
export function groupSums({ columns, groupings }: Pick<MixedRows, 'columns' | 'groupings'>): GroupSums {
  const width = columns.length;
  const [inner] = groupings;
  const codes = inner?.codes ?? new Int32Array();
  const count = inner?.labels.length ?? 0;
  const sums = new Float64Array(count * width);
  const all = columns.map(() => new Array<number>(width).fill(0));
  for (const [i, a] of columns.entries()) {
    for (let row = 0; row < codes.length; row += 1) {
      const place = (codes[row] ?? 0) * width + i;
      sums[place] = (sums[place] ?? 0) + (a[row] ?? 0);
    }
    for (let j = 0; j <= i; j += 1) {
      const b = columns[j] ?? a;
      let total = 0;
      for (let row = 0; row < codes.length; row += 1) total += (a[row] ?? 0) * (b[row] ?? 0);
      for (const [k, l] of [
        [i, j],
        [j, i],
      ]) {
        const line = all[k ?? 0];
        if (line) line[l ?? 0] = total;
      }
    }
  }
  return { width, sums, count, all };
}

/**
 * The random structure of one or two levels of groups.
 *
 * @throws RangeError for no level or more than two
 * @example
 * nestedIntercepts({
 *   n: 2, columns: [Float64Array.of(1, 1), Float64Array.of(2, 3)],
 *   groupings: [{ name: 'school', codes: Int32Array.of(0, 0), labels: ['a'], parents: new Int32Array() }],
 * }).momentsAt([1]).logDeterminant // => Math.log(3)
 */
export function nestedIntercepts(rows: Pick<MixedRows, 'n' | 'columns' | 'groupings'>): RandomStructure {
  const levels = rows.groupings.length;
  if (levels < 1 || levels > 2) throw new RangeError('nestedIntercepts requires one or two levels of groups');
  const sums = groupSums(rows);
  const [inner, outer] = rows.groupings;
  const parents = outer && inner ? { codes: inner.parents, count: outer.labels.length } : null;
  const scales = rows.groupings.map(() => true);
  const diagonal = (values: readonly number[]) => values.map((value, i) => values.map((_, j) => (i === j ? value : 0)));
  return {
    n: rows.n,
    width: sums.width,
    scales,
    relative: (theta) => theta.map((value) => value * value),
    jacobian: (theta) => diagonal(theta.map((value) => 2 * value)),
    curvature: scales.map((_, a) => diagonal(scales.map((__, i) => (i === a ? 2 : 0)))),
    momentsAt: (relative) => {
      const moments = emptyMoments(levels, sums.width);
      for (const [i, line] of sums.all.entries()) moments.products[i] = [...line];
      addInner(moments, sums, relative[0] ?? 0);
      if (parents) addOuter(moments, sums, parents, relative[0] ?? 0, relative[1] ?? 0);
      return mirrored(moments);
    },
  };
}

/** Σ over the innermost groups: -r u s s' with u = 1 / (1 + n r), and log(1 + n r), with derivatives by r. */
function addInner(moments: Moments, { width, sums, count }: GroupSums, r: number): void {
  const first = moments.first[0];
  const second = moments.second[0]?.[0];
  if (!first || !second) return;
  for (let group = 0; group < count; group += 1) {
    const s = sums.subarray(group * width, (group + 1) * width);
    const n = s[0] ?? 0;
    const u = 1 / (1 + n * r);
    addProduct(moments.products, -r * u, s, s);
    addProduct(first.products, -u * u, s, s);
    addProduct(second.products, 2 * n * u * u * u, s, s);
    moments.logDeterminant += Math.log1p(n * r);
    first.logDeterminant += n * u;
    second.logDeterminant -= n * n * u * u;
  }
}

/**
 * Σ over the outer groups: -w t t' with t = Σ u s over the groups within and w = q / (1 + a q), where a, the first entry of
 * t, is the number of independent rows that the group is worth; and log(1 + a q). Derivatives by r and q.
 */
function addOuter(
  moments: Moments,
  { width, sums, count }: GroupSums,
  parents: { readonly codes: Int32Array; readonly count: number },
  r: number,
  q: number,
): void {
  const [byR, byQ] = moments.first;
  const [byRR, [byRQ, byQQ] = []] = [moments.second[0]?.[0], moments.second[1]];
  if (!byR || !byQ || !byRR || !byRQ || !byQQ) return;
  // t and its first and second derivative by r, outer group by outer group.
  const [t0, t1, t2] = [0, 1, 2].map(() => new Float64Array(parents.count * width));
  if (!t0 || !t1 || !t2) return;
  for (let group = 0; group < count; group += 1) {
    const n = sums[group * width] ?? 0;
    const u = 1 / (1 + n * r);
    const at = (parents.codes[group] ?? 0) * width;
    for (let i = 0; i < width; i += 1) {
      const share = u * (sums[group * width + i] ?? 0);
      t0[at + i] = (t0[at + i] ?? 0) + share;
      t1[at + i] = (t1[at + i] ?? 0) - n * u * share;
      t2[at + i] = (t2[at + i] ?? 0) + 2 * n * n * u * u * share;
    }
  }
  for (let group = 0; group < parents.count; group += 1) {
    const [t, dt, ddt] = [t0, t1, t2].map((all) => all.subarray(group * width, (group + 1) * width));
    if (!t || !dt || !ddt) continue;
    const [a, da, dda] = [t[0] ?? 0, dt[0] ?? 0, ddt[0] ?? 0];
    const v = 1 / (1 + a * q);
    const w = q * v;
    const wr = -w * w * da;
    addProduct(moments.products, -w, t, t);
    addProduct(byR.products, -wr, t, t);
    addProduct(byR.products, -w, dt, t, true);
    addProduct(byQ.products, -v * v, t, t);
    addProduct(byRR.products, -(2 * w * w * w * da * da - w * w * dda), t, t);
    addProduct(byRR.products, -2 * wr, dt, t, true);
    addProduct(byRR.products, -w, ddt, t, true);
    addProduct(byRR.products, -2 * w, dt, dt);
    addProduct(byRQ.products, 2 * w * v * v * da, t, t);
    addProduct(byRQ.products, -v * v, dt, t, true);
    addProduct(byQQ.products, 2 * a * v * v * v, t, t);
    moments.logDeterminant += Math.log1p(a * q);
    byR.logDeterminant += w * da;
    byQ.logDeterminant += a * v;
    byRR.logDeterminant += w * dda - w * w * da * da;
    byRQ.logDeterminant += v * v * da;
    byQQ.logDeterminant -= a * a * v * v;
  }
}

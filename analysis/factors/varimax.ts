/** Varimax, the rotation to uncorrelated factors; oblique ones stand in rotation.ts. */
import { symmetricEigen } from '../numeric/eigen.ts';
import { type Matrix, multiply, transpose } from '../numeric/matrix.ts';
import { identity, notSettled, type Rotation, type RotationOptions } from './loadings.ts';

/**
 * Varimax: uncorrelated factors, turned so that the squared loadings of each vary most, with the items brought to the same
 * communality for the turning (Kaiser's normalisation).
 *
 * Rotations of all factors at once go most of the way; rotations of two factors at a time, whose best angle is known, finish.
 * With `tolerance` only the first are made and stop when the criterion grows by less than that of itself, as in R, which
 * can stay where it was when the clusters are perfect.
 *
 * Reference: Kaiser (1958), Psychometrika 23, 187-200. Agrees with R's varimax for the same tolerance to 1e-10.
 *
 * @example
 * varimax([[0.8, 0], [0.7, 0], [0, 0.6], [0, 0.5]]).rotation // => [[1, 0], [0, 1]]
 */
export function varimax(loadings: Matrix, options: RotationOptions = {}): Rotation {
  const { tolerance, maxIterations = 1000 } = options;
  const factors = loadings[0]?.length ?? 0;
  let turn = identity(factors);
  const lengths = loadings.map((line) => Math.sqrt(line.reduce((total, value) => total + value * value, 0)));
  const unit = loadings.map((line, i) => line.map((value) => value / (lengths[i] || 1)));
  let criterion = 0;
  let converged = factors < 2;
  for (let i = 0; i < maxIterations && !converged; i += 1) {
    const turned = multiply(unit, turn);
    const squares = transpose(turned).map((column) => column.reduce((total, value) => total + value * value, 0));
    const slope = turned.map((line) => line.map((z, k) => z ** 3 - (z * (squares[k] ?? 0)) / loadings.length));
    const nearest = nearestRotation(multiply(transpose(unit), slope));
    turn = nearest.rotation;
    converged = nearest.size < criterion * (1 + (tolerance ?? 1e-5));
    criterion = nearest.size;
  }
  if (tolerance === undefined) converged = turnPairs(unit, turn, maxIterations);
  return {
    loadings: multiply(loadings, turn),
    rotation: turn,
    correlations: identity(factors),
    notes: converged ? [] : [notSettled],
  };
}

/** Angles below this turn nothing that is seen. */
const leastAngle = 1e-12;

/** Turns two factors at a time to the best angle, until none is left to turn; changes `turn`. False when sweeps run out. */
function turnPairs(unit: Matrix, turn: readonly number[][], maxSweeps: number): boolean {
  for (let sweep = 0; sweep < maxSweeps; sweep += 1) {
    let largest = 0;
    for (let first = 0; first < turn.length; first += 1) {
      for (let second = first + 1; second < turn.length; second += 1) {
        const angle = bestAngle(multiply(unit, turn), first, second);
        largest = Math.max(largest, Math.abs(angle));
        const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
        for (const line of turn) {
          const [a, b] = [line[first] ?? 0, line[second] ?? 0];
          line[first] = cosine * a + sine * b;
          line[second] = cosine * b - sine * a;
        }
      }
    }
    if (largest < leastAngle) return true;
  }
  return false;
}

/** Kaiser's angle: tan 4 angle = (D - 2 A B / k) / (C - (A² - B²) / k), the sums being of u = x² - y², v = 2 x y. */
function bestAngle(turned: Matrix, first: number, second: number): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  for (const line of turned) {
    const [x, y] = [line[first] ?? 0, line[second] ?? 0];
    const [u, v] = [x * x - y * y, 2 * x * y];
    a += u;
    b += v;
    c += u * u - v * v;
    d += 2 * u * v;
  }
  const k = turned.length;
  const [top, bottom] = [d - (2 * a * b) / k, c - (a * a - b * b) / k];
  // Where no angle is better than another, none is taken.
  return Math.hypot(top, bottom) < 1e-14 ? 0 : Math.atan2(top, bottom) / 4;
}

/**
 * The rotation U V' of the singular value decomposition U D V', with the sum of D. Directions without any extent are
 * completed in any way: nothing is turned there.
 */
function nearestRotation(matrix: Matrix): { rotation: number[][]; size: number } {
  const { values, vectors } = symmetricEigen(multiply(transpose(matrix), matrix));
  const lengths = values.map((value) => Math.sqrt(Math.max(value, 0)));
  const smallest = 1e-9 * (lengths[0] ?? 0);
  const left: number[][] = [];
  vectors.forEach((vector, k) => {
    const length = lengths[k] ?? 0;
    const image = matrix.map((line) => line.reduce((total, value, j) => total + value * (vector[j] ?? 0), 0));
    left.push(length > smallest ? image.map((value) => value / length) : perpendicular(left, matrix.length));
  });
  return { rotation: multiply(transpose(left), vectors), size: lengths.reduce((total, length) => total + length, 0) };
}

/** A unit vector at right angles to the given ones: the axis that is left longest when they are taken out of it. */
function perpendicular(others: Matrix, size: number): number[] {
  const rests = identity(size).map((axis) =>
    others.reduce<number[]>((rest, other) => {
      const share = rest.reduce((total, value, i) => total + value * (other[i] ?? 0), 0);
      return rest.map((value, i) => value - share * (other[i] ?? 0));
    }, axis),
  );
  const lengthOf = (line: readonly number[]) => Math.sqrt(line.reduce((total, value) => total + value * value, 0));
  const longest = rests.reduce((best, rest) => (lengthOf(rest) > lengthOf(best) ? rest : best));
  return longest.map((value) => value / lengthOf(longest));
}

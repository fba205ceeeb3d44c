/** Rotations of factors, so that each item loads on few of them. The fit stays the same; only the reading changes. */
import { type Matrix, multiply, solveLinear, transpose } from '../numeric/matrix.ts';
import { columnSigns, identity, notSettled, type Rotation, type RotationOptions } from './loadings.ts';
import { varimax } from './varimax.ts';

/**
 * Promax: correlated factors, from varimax by regression on its own loadings raised to the given power, which leaves the
 * large ones and shrinks the small.
 *
 * Reference: Hendrickson and White (1964), British Journal of Statistical Psychology 17, 65-70. Agrees with R's promax.
 *
 * @example
 * promax([[0.8, 0], [0.7, 0], [0, 0.6], [0, 0.5]]).correlations.flat().map((value) => value.toFixed(6)) // => ['1.000000', '0.000000', '0.000000', '1.000000']
 */
export function promax(loadings: Matrix, power = 4, options: RotationOptions = {}): Rotation {
  const first = varimax(loadings, options);
  if ((loadings[0]?.length ?? 0) < 2) return first;
  const sides = transpose(first.loadings);
  const target = first.loadings.map((line) => line.map((value) => value * Math.abs(value) ** (power - 1)));
  const regression = solveLinear(multiply(sides, first.loadings), multiply(sides, target)).solution;
  const spread = regression && inverseOf(multiply(transpose(regression), regression));
  if (!spread) return { ...first, notes: [...first.notes, notSettled] };
  const turn = regression.map((line) => line.map((value, k) => value * Math.sqrt(spread[k]?.[k] ?? 0)));
  const rotation = multiply(first.rotation, turn);
  const back = inverseOf(rotation) ?? [];
  return {
    loadings: multiply(first.loadings, turn),
    rotation,
    correlations: multiply(back, transpose(back)),
    notes: first.notes,
  };
}

/**
 * Direct oblimin with gamma 0 (quartimin): correlated factors with the least sum of products of squared loadings. Found by
 * gradient projection from the given loadings on; stops when the projected gradient is shorter than `tolerance` (default
 * 1e-9). Other starts can lead to other minima.
 *
 * Reference: Jennrich (2002), Psychometrika 67, 7-20; Bernaards and Jennrich (2005), Educational and Psychological
 * Measurement 65, 676-696. Agrees with R's GPArotation::oblimin to 1e-8 for the same tolerance.
 *
 * @example
 * oblimin([[0.8, 0], [0.7, 0], [0, 0.6], [0, 0.5]]).loadings // => [[0.8, 0], [0.7, 0], [0, 0.6], [0, 0.5]]
 */
export function oblimin(loadings: Matrix, options: RotationOptions = {}): Rotation {
  const { tolerance = 1e-9, maxIterations = 5000 } = options;
  const factors = loadings[0]?.length ?? 0;
  let axes = identity(factors);
  let here = quartimin(loadings, axes);
  let converged = factors < 2;
  let step = 1;
  for (let i = 0; i <= maxIterations && !converged && here; i += 1) {
    const along = transpose(axes).map((axis, k) =>
      axis.reduce((total, v, j) => total + v * (here?.slope[j]?.[k] ?? 0), 0),
    );
    const projected = here.slope.map((line, j) =>
      line.map((value, k) => value - (axes[j]?.[k] ?? 0) * (along[k] ?? 0)),
    );
    const length = Math.sqrt(projected.flat().reduce((total, value) => total + value * value, 0));
    if (length < tolerance) {
      converged = true;
      break;
    }
    step *= 2;
    let next = here;
    let nextAxes = axes;
    for (let halvings = 0; halvings <= 10; halvings += 1) {
      nextAxes = unitColumns(axes.map((line, j) => line.map((value, k) => value - step * (projected[j]?.[k] ?? 0))));
      next = quartimin(loadings, nextAxes) ?? next;
      if (here.value - next.value > 0.5 * length * length * step) break;
      step /= 2;
    }
    // So near to the minimum that a step is lost in the rounding of the criterion, no further one can do better.
    converged = length < roundedGradient && here.value - next.value <= 4 * Number.EPSILON * Math.abs(here.value);
    here = next;
    axes = nextAxes;
  }
  const back = inverseOf(axes) ?? identity(factors);
  return {
    loadings: here?.loadings ?? loadings,
    rotation: transpose(back),
    correlations: multiply(transpose(axes), axes),
    notes: converged ? [] : [notSettled],
  };
}

/**
 * The same solution with the factors in the order of the variance they explain, each turned so that its loadings sum to
 * more than 0: the order and the signs of factors are arbitrary, and this makes them comparable.
 *
 * @example
 * arranged(varimax([[0.1], [-0.9]])).loadings // => [[-0.1], [0.9]]
 */
export function arranged({ loadings, rotation, correlations, notes }: Rotation): Rotation {
  const signs = columnSigns(loadings);
  const turned = loadings.map((line) => line.map((value, k) => value * (signs[k] ?? 1)));
  const related = correlations.map((line, i) => line.map((value, j) => value * (signs[i] ?? 1) * (signs[j] ?? 1)));
  const explained = explainedBy(turned, related);
  const order = Array.from(explained.keys()).sort((a, b) => (explained[b] ?? 0) - (explained[a] ?? 0));
  const pick = (line: readonly number[]) => order.map((k) => line[k] ?? 0);
  return {
    loadings: turned.map(pick),
    rotation: rotation.map((line) => pick(line.map((value, k) => value * (signs[k] ?? 1)))),
    correlations: pick2(related, order),
    notes,
  };
}

/**
 * What each factor explains of the variance of all items: the diagonal of Φ L' L.
 *
 * @example
 * explainedBy([[0.6, 0], [0, 0.8]], [[1, 0], [0, 1]]) // => [0.36, 0.6400000000000001]
 */
export function explainedBy(loadings: Matrix, correlations: Matrix): number[] {
  const product = multiply(correlations, multiply(transpose(loadings), loadings));
  return product.map((line, k) => line[k] ?? 0);
}

/** The criterion is flat to its last digits where its gradient is about the root of the machine's precision. */
const roundedGradient = 1e-7;

function pick2(matrix: Matrix, order: readonly number[]): number[][] {
  return order.map((i) => order.map((j) => matrix[i]?.[j] ?? 0));
}

function inverseOf(matrix: Matrix): number[][] | null {
  return solveLinear(matrix, identity(matrix.length)).solution;
}

function unitColumns(matrix: Matrix): number[][] {
  const lengths = transpose(matrix).map((column) =>
    Math.sqrt(column.reduce((total, value) => total + value * value, 0)),
  );
  return matrix.map((line) => line.map((value, k) => value / (lengths[k] ?? 1)));
}

/** Loadings for the given axes, the criterion there and its slope in the axes; null for axes that lie in one plane. */
function quartimin(loadings: Matrix, axes: Matrix) {
  const back = inverseOf(axes);
  if (back === null) return null;
  const turned = multiply(loadings, transpose(back));
  let value = 0;
  const others = turned.map((line) => {
    const all = line.reduce((total, load) => total + load * load, 0);
    return line.map((load) => {
      value += (load * load * (all - load * load)) / 4;
      return all - load * load;
    });
  });
  const steepness = turned.map((line, i) => line.map((load, k) => load * (others[i]?.[k] ?? 0)));
  const slope = transpose(multiply(multiply(transpose(turned), steepness), back)).map((line) =>
    line.map((part) => -part),
  );
  return { loadings: turned, value, slope };
}

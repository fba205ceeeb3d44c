/** The line search of Moré and Thuente, for the bounded minimisation in bounded-minimum.ts. */

export interface LineFunction {
  readonly value: number;
  /** Slope along the line. */
  readonly slope: number;
}

interface End {
  readonly step: number;
  readonly value: number;
  readonly slope: number;
}

const sufficient = 1e-3;
const curvature = 0.9;
const relativeWidth = 0.1;

/**
 * A step along a line of descent at which the function is sufficiently lower and its slope has fallen to nine tenths, or
 * the longest allowed step. Cubic and quadratic interpolation choose the trials; the interval around the minimum shrinks by
 * a third at least every second time.
 *
 * Returns null when twenty trials found none, or the line does not descend.
 *
 * Reference: Moré and Thuente (1994), ACM Transactions on Mathematical Software 20, 286-307.
 *
 * @example
 * searchLine((step) => ({ value: (step - 1) ** 2, slope: 2 * (step - 1) }), { value: 1, slope: -2 }, 0.5, 10) // => 0.5
 */
export function searchLine(
  along: (step: number) => LineFunction,
  start: LineFunction,
  firstStep: number,
  longest: number,
): number | null {
  if (!(start.slope < 0)) return null;
  const promised = sufficient * start.slope;
  let low: End = { step: 0, ...start };
  let high: End = low;
  let bracketed = false;
  let auxiliary = true;
  let width = longest;
  let widthBefore = 2 * longest;
  let least = 0;
  let most = firstStep + 4 * firstStep;
  let step = Math.min(firstStep, longest);
  for (let trial = 0; trial < 20; trial += 1) {
    const here: End = { step, ...along(step) };
    const allowed = start.value + step * promised;
    if (auxiliary && here.value <= allowed && here.slope >= Math.min(sufficient, curvature) * start.slope)
      auxiliary = false;
    if (bracketed && (step <= least || step >= most || most - least <= relativeWidth * most)) return step;
    if (step === longest && here.value <= allowed && here.slope <= promised) return step;
    if (here.value <= allowed && Math.abs(here.slope) <= curvature * -start.slope) return step;
    // While no point is low enough, the function less its promised descent is searched in its place.
    const tilt = auxiliary && here.value <= low.value && here.value > allowed ? promised : 0;
    const next = chooseStep(tilted(low, tilt), tilted(high, tilt), tilted(here, tilt), bracketed, least, most);
    low = tilted(next.low, -tilt);
    high = tilted(next.high, -tilt);
    bracketed = next.bracketed;
    step = next.step;
    if (bracketed) {
      if (Math.abs(high.step - low.step) >= 0.66 * widthBefore) step = low.step + 0.5 * (high.step - low.step);
      widthBefore = width;
      width = Math.abs(high.step - low.step);
      least = Math.min(low.step, high.step);
      most = Math.max(low.step, high.step);
    } else {
      least = step + 1.1 * (step - low.step);
      most = step + 4 * (step - low.step);
    }
    step = Math.min(Math.max(step, 0), longest);
    if (bracketed && (step <= least || step >= most || most - least <= relativeWidth * most)) step = low.step;
  }
  return null;
}

function tilted(end: End, tilt: number): End {
  return tilt === 0 ? end : { step: end.step, value: end.value - end.step * tilt, slope: end.slope - tilt };
}

/** The next trial from the best end, the other end and the point just tried; and the ends after it. */
function chooseStep(low: End, high: End, here: End, bracketed: boolean, least: number, most: number) {
  const opposite = here.slope * Math.sign(low.slope) < 0;
  const gap = here.step - low.step;
  let step: number;
  let around = bracketed;
  if (here.value > low.value) {
    // Higher: the minimum lies between.
    const cubic = low.step + cubicShare(low, here) * gap;
    const quadratic = low.step + (low.slope / ((low.value - here.value) / gap + low.slope) / 2) * gap;
    step = Math.abs(cubic - low.step) < Math.abs(quadratic - low.step) ? cubic : cubic + (quadratic - cubic) / 2;
    around = true;
  } else if (opposite) {
    // Lower, and rising again.
    const cubic = here.step - cubicShare(here, low) * gap;
    const secant = here.step + (here.slope / (here.slope - low.slope)) * (low.step - here.step);
    step = Math.abs(cubic - here.step) > Math.abs(secant - here.step) ? cubic : secant;
    around = true;
  } else if (Math.abs(here.slope) < Math.abs(low.slope)) {
    // Lower and flatter: extrapolation, kept within two thirds of the way to the other end.
    const cubic = here.step + cubicBeyond(low, here) * (low.step - here.step);
    const bounded = Number.isFinite(cubic) ? cubic : here.step > low.step ? most : least;
    const secant = here.step + (here.slope / (here.slope - low.slope)) * (low.step - here.step);
    const nearer = Math.abs(bounded - here.step) < Math.abs(secant - here.step);
    if (bracketed) {
      step = nearer ? bounded : secant;
      const limit = here.step + 0.66 * (high.step - here.step);
      step = here.step > low.step ? Math.min(limit, step) : Math.max(limit, step);
    } else {
      step = nearer ? secant : bounded;
      step = Math.max(least, Math.min(most, step));
    }
  } else if (bracketed) {
    step = here.step - cubicShare(here, high) * (here.step - high.step);
  } else step = here.step > low.step ? most : least;
  const ends = here.value > low.value ? { low, high: here } : { low: here, high: opposite ? low : high };
  return { ...ends, step, bracketed: around };
}

function cubicParts(from: End, to: End) {
  const theta = (3 * (from.value - to.value)) / (to.step - from.step) + from.slope + to.slope;
  const scale = Math.max(Math.abs(theta), Math.abs(from.slope), Math.abs(to.slope));
  const square = (theta / scale) ** 2 - (from.slope / scale) * (to.slope / scale);
  return { theta, scale, square };
}

/** Where between `from` and `to`, as a share of the way, the cubic through both has its minimum. */
function cubicShare(from: End, to: End): number {
  const { theta, scale, square } = cubicParts(from, to);
  const gamma = scale * Math.sqrt(Math.max(0, square)) * (to.step < from.step ? -1 : 1);
  return (gamma - from.slope + theta) / (gamma - from.slope + gamma + to.slope);
}

/** The same beyond `here`, in units of the way back to `low`; infinite when the cubic has no minimum there. */
function cubicBeyond(low: End, here: End): number {
  const { theta, scale, square } = cubicParts(low, here);
  const gamma = scale * Math.sqrt(Math.max(0, square)) * (here.step > low.step ? -1 : 1);
  const share = (gamma - here.slope + theta) / (gamma + (low.slope - here.slope) + gamma);
  return share < 0 && gamma !== 0 ? share : Number.POSITIVE_INFINITY;
}

/** Nearest-neighbour matching on one number, like a propensity score. Called by matching.ts. */
import { type ShareDone, untold } from '../progress.ts';

/** Who chooses first: those with the largest number, the smallest, or in the order of the data. */
export type MatchOrder = 'largest' | 'smallest' | 'data';

export interface NearestOptions {
  /** Default `largest`: with propensity scores those for whom few controls are near. Ties in the order of the data. */
  readonly order?: MatchOrder;
  /** Controls for each treated unit; default 1. All have their first before anybody has a second. */
  readonly ratio?: number;
  /** Whether a control may serve more than one treated unit; default no. */
  readonly replace?: boolean;
  /** The largest distance of a match, itself allowed; default none. */
  readonly caliper?: number;
  /** Only units of the same stratum are matched; default all are of one. */
  readonly strata?: readonly (string | number)[];
  readonly onShare?: ShareDone;
}

/** A treated unit and its controls, the first chosen first; all as places in the data. */
export interface Match {
  readonly treated: number;
  readonly controls: readonly number[];
}

/**
 * Gives each treated unit the control that is nearest and still free, one treated unit after another (greedy). Where two
 * controls are equally near, it takes the one before the treated unit in the ascending order of the numbers (ties in the
 * order of the data), and of several before it the last. Units without a control within the caliper stay alone.
 *
 * Takes n log n steps: units are sorted once, and a control that was taken is skipped by a link to the next free one.
 *
 * Reference: Stuart (2010), Statistical Science 25, 1-21. The rule for ties is that of MatchIt 4.7.1, whose matches it
 * gives.
 *
 * @param distances one number for each unit
 * @param treated whether each unit is treated
 * @throws RangeError for lists of unequal length, numbers that are not finite, a ratio below 1, a negative caliper
 * @example
 * nearestMatches([0.5, 0.4, 0.7], [true, false, false]) // => [{ treated: 0, controls: [1] }]
 * nearestMatches([0.5, 0.4, 0.7], [true, false, false], { caliper: 0.05 }) // => []
 */
export function nearestMatches(
  distances: readonly number[],
  treated: readonly boolean[],
  options: NearestOptions = {},
): Match[] {
  const {
    order = 'largest',
    ratio = 1,
    replace = false,
    caliper = Number.POSITIVE_INFINITY,
    strata,
    onShare = untold,
  } = options;
  const n = distances.length;
  if (treated.length !== n || (strata && strata.length !== n) || !distances.every(Number.isFinite)) {
    throw new RangeError('nearestMatches requires a finite distance, an arm and a stratum for each unit');
  }
  if (!(Number.isSafeInteger(ratio) && ratio >= 1))
    throw new RangeError('nearestMatches requires a ratio of 1 or more');
  if (!(caliper >= 0)) throw new RangeError('nearestMatches requires a caliper of 0 or more');
  const units = [...distances.keys()];
  const distanceOf = (unit: number) => distances[unit] ?? 0;
  const queues = queuesOf(units, distanceOf, treated, strata);
  const direction = { largest: -1, smallest: 1, data: 0 }[order];
  const choosing = units
    .filter((unit) => treated[unit])
    .sort((a, b) => direction * (distanceOf(a) - distanceOf(b)) || a - b);
  const chosen = new Map<number, number[]>(choosing.map((unit) => [unit, []]));
  const rounds = replace ? 1 : ratio;
  for (let round = 0; round < rounds; round += 1) {
    for (const [turn, unit] of choosing.entries()) {
      if (turn % 100 === 0) onShare((round + turn / choosing.length) / rounds);
      const queue = queues.get(strata?.[unit] ?? '');
      if (!queue) continue;
      const found = nearestControls(queue, unit, distanceOf, replace ? ratio : 1, caliper);
      if (!replace) for (const control of found) queue.take(control);
      chosen.get(unit)?.push(...found);
    }
  }
  return units.flatMap((unit) => {
    const controls = chosen.get(unit) ?? [];
    return controls.length > 0 ? [{ treated: unit, controls }] : [];
  });
}

/** The units of a stratum in ascending order, and which controls are free. */
interface Queue {
  readonly place: (unit: number) => number;
  readonly unit: (place: number) => number;
  /** The nearest place with a free control, at this one or before (after) it; -1 (the end) when there is none. */
  readonly freeBefore: (place: number) => number;
  readonly freeAfter: (place: number) => number;
  readonly end: number;
  readonly take: (control: number) => void;
}

function queuesOf(
  units: readonly number[],
  distanceOf: (unit: number) => number,
  treated: readonly boolean[],
  strata: readonly (string | number)[] | undefined,
): Map<string | number, Queue> {
  const members = new Map<string | number, number[]>();
  const sorted = [...units].sort((a, b) => distanceOf(a) - distanceOf(b) || a - b);
  for (const unit of sorted) {
    const stratum = strata?.[unit] ?? '';
    const known = members.get(stratum);
    if (known) known.push(unit);
    else members.set(stratum, [unit]);
  }
  return new Map([...members].map(([stratum, of]) => [stratum, queueOf(of, treated)]));
}

function queueOf(sorted: readonly number[], treated: readonly boolean[]): Queue {
  const end = sorted.length;
  const places = new Map(sorted.map((unit, place) => [unit, place]));
  // Each place points to itself while its control is free, and towards the next one when it is not; index 0 and
  // `end + 1` stand for the two ends.
  const before = Int32Array.from({ length: end + 2 }, (_, i) => i);
  const after = Int32Array.from({ length: end + 2 }, (_, i) => i);
  const close = (index: number) => {
    before[index] = index - 1;
    after[index] = index + 1;
  };
  sorted.forEach((unit, place) => {
    if (treated[unit]) close(place + 1);
  });
  return {
    place: (unit) => places.get(unit) ?? -1,
    unit: (place) => sorted[place] ?? -1,
    freeBefore: (place) => root(before, place + 1) - 1,
    freeAfter: (place) => root(after, place + 1) - 1,
    end,
    take: (control) => close((places.get(control) ?? -1) + 1),
  };
}

/** Follows the links to a free place, and shortens them on the way. */
function root(links: Int32Array, from: number): number {
  let at = from;
  while (links[at] !== at) {
    const next = links[at] ?? at;
    links[at] = links[next] ?? next;
    at = links[at] ?? at;
  }
  return at;
}

/** Up to `count` free controls within the caliper, the nearest first. */
function nearestControls(
  queue: Queue,
  unit: number,
  distanceOf: (unit: number) => number,
  count: number,
  caliper: number,
): number[] {
  const place = queue.place(unit);
  const from = distanceOf(unit);
  const found: number[] = [];
  let left = queue.freeBefore(place - 1);
  let right = queue.freeAfter(place + 1);
  while (found.length < count) {
    const toLeft = left < 0 ? Number.POSITIVE_INFINITY : Math.abs(from - distanceOf(queue.unit(left)));
    const toRight = right >= queue.end ? Number.POSITIVE_INFINITY : Math.abs(distanceOf(queue.unit(right)) - from);
    const nearest = Math.min(toLeft, toRight);
    if (nearest === Number.POSITIVE_INFINITY || nearest > caliper) break;
    if (toLeft <= toRight) {
      found.push(queue.unit(left));
      left = queue.freeBefore(left - 1);
    } else {
      found.push(queue.unit(right));
      right = queue.freeAfter(right + 1);
    }
  }
  return found;
}

/**
 * How far a long computation is, told while it runs. Whoever computes calls a `ShareDone` now and then, at any rate that is
 * easy: the server's threads pass on a few a second. Nothing here knows a clock.
 */

/** Told the share that is done, from 0 to 1. */
export type ShareDone = (share: number) => void;

/**
 * For whoever does not want to know.
 *
 * @example
 * untold(0.5) // => undefined
 */
export const untold: ShareDone = () => undefined;

/**
 * One part of a longer work, which begins and ends at these shares of the whole.
 *
 * @example
 * ((told) => { partOf((share) => told.push(share), 0.5, 1)(0.5); return told })([]) // => [0.75]
 */
export function partOf(onShare: ShareDone, from: number, to: number): ShareDone {
  return (share) => onShare(from + share * (to - from));
}

/**
 * One of several equal parts, counted from 0.
 *
 * @example
 * ((told) => { turnOf((share) => told.push(share), 1, 4)(1); return told })([]) // => [0.5]
 */
export function turnOf(onShare: ShareDone, turn: number, turns: number): ShareDone {
  return partOf(onShare, turn / turns, (turn + 1) / turns);
}

/**
 * For a search of which nobody knows how many steps it takes: each call is a step, after `usual` steps half is told, and the
 * whole never.
 *
 * @example
 * ((told) => { const step = searchSteps((share) => told.push(share), 1); step(); step(); return told })([]) // => [1 / 2, 2 / 3]
 */
export function searchSteps(onShare: ShareDone, usual: number): () => void {
  let steps = 0;
  return () => {
    steps += 1;
    onShare(steps / (steps + usual));
  };
}

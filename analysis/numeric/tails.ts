/** What every distribution function gives back: both tails, each with its own full relative accuracy. */

/** `lower` = P(X <= x), `upper` = P(X > x). They add up to 1, but a small one is never made by subtraction from 1. */
export interface Tails {
  readonly lower: number;
  readonly upper: number;
}

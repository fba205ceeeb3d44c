/**
 * The only source of chance in the house: a seeded generator, so that every simulated response and every resampling
 * can be had again. Used by `simulate.ts`, the demonstration study and, later, by resampling in `analysis/`.
 *
 * xoshiro128** of Blackman and Vigna (https://prng.di.unimi.it/), seeded through splitmix-like mixing of a text.
 */

export interface Random {
  /** The next 32 bits, as an unsigned integer. */
  bits(): number;
  /** Uniform on [0, 1) with 53 random bits. */
  uniform(): number;
  /** A standard normal deviate. */
  normal(): number;
  /** A whole number from `low` to `high`, both included. */
  integer(low: number, high: number): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  /** One element of a list that is not empty. */
  pick<T>(list: readonly T[]): T;
  /** A new list with the same elements in random order. */
  shuffle<T>(list: readonly T[]): T[];
  /** A generator of its own for a named part, independent of how much this one has been used. */
  fork(name: string): Random;
}

/** The four words of the generator's state; not all zero. */
export type RandomState = readonly [number, number, number, number];

/**
 * A generator for a seed. Equal seeds give equal sequences on every machine.
 *
 * @param seed a number or a text
 * @example
 * randomOf(42).uniform() === randomOf(42).uniform() // => true
 * randomOf('demo').fork('school-1').integer(1, 6) === randomOf('demo').fork('school-1').integer(1, 6) // => true
 */
export function randomOf(seed: number | string): Random {
  const text = String(seed);
  return randomFrom([hash(text, 1), hash(text, 2), hash(text, 3), hash(text, 4) | 1], text);
}

/**
 * A generator in a given state, for those who hold it against published sequences.
 *
 * @example
 * randomFrom([1, 2, 3, 4]).bits() // => 11520
 */
export function randomFrom(state: RandomState, name: string = state.join('.')): Random {
  let [a, b, c, d] = state;
  let spare: number | null = null;

  function bits(): number {
    const product = Math.imul(b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return result;
  }
  function uniform(): number {
    const high = bits() >>> 5;
    const low = bits() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }
  /** Marsaglia's polar method: two deviates at a time, the second kept for the next call. */
  function normal(): number {
    if (spare !== null) {
      const kept = spare;
      spare = null;
      return kept;
    }
    for (;;) {
      const x = 2 * uniform() - 1;
      const y = 2 * uniform() - 1;
      const square = x * x + y * y;
      if (square > 0 && square < 1) {
        const factor = Math.sqrt((-2 * Math.log(square)) / square);
        spare = y * factor;
        return x * factor;
      }
    }
  }
  function integer(low: number, high: number): number {
    if (!(Number.isInteger(low) && Number.isInteger(high) && low <= high)) {
      throw new RangeError('integer requires two whole numbers in ascending order');
    }
    return low + Math.floor(uniform() * (high - low + 1));
  }
  function pick<T>(list: readonly T[]): T {
    if (list.length === 0) throw new RangeError('pick requires a list that is not empty');
    return list[integer(0, list.length - 1)] as T;
  }
  function shuffle<T>(list: readonly T[]): T[] {
    const result = [...list];
    for (let last = result.length - 1; last > 0; last -= 1) {
      const other = integer(0, last);
      [result[last], result[other]] = [result[other] as T, result[last] as T];
    }
    return result;
  }

  return {
    bits,
    uniform,
    normal,
    integer,
    chance: (probability) => uniform() < probability,
    pick,
    shuffle,
    fork: (part) => randomOf(`${name}/${part}`),
  };
}

/** 32 well-mixed bits of a text (FNV-1a, then a final avalanche); `lane` gives independent words of one text. */
function hash(text: string, lane: number): number {
  let state = 0x811c9dc5 ^ Math.imul(lane, 0x9e3779b9);
  for (let at = 0; at < text.length; at += 1) {
    state = Math.imul(state ^ text.charCodeAt(at), 0x01000193);
  }
  state = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
  state = Math.imul(state ^ (state >>> 15), 0x735a2d97);
  return state ^ (state >>> 15);
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomFrom, randomOf } from '../../instruments/random.ts';

describe('the generator', () => {
  // Made with the authors' C program (public domain), state given, first outputs.
  it('gives the sequences of the reference implementation of xoshiro128**', () => {
    const first = randomFrom([1, 2, 3, 4]);
    expect(Array.from({ length: 10 }, () => first.bits())).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ]);
    const second = randomFrom([0x964d4a0c, 0xd40ab895, 0xad7fdecb, 0x3006f0f0]);
    expect(Array.from({ length: 4 }, () => second.bits())).toEqual([0xf1391922, 0x6fe53806, 0xa5be2840, 0xf510ee70]);
  });

  it('is the same for the same seed and another for another', () => {
    const sequence = (seed: number | string) => {
      const random = randomOf(seed);
      return Array.from({ length: 20 }, () => random.uniform());
    };
    expect(sequence(7)).toEqual(sequence(7));
    expect(sequence(7)).not.toEqual(sequence(8));
    expect(sequence('a')).not.toEqual(sequence('b'));
  });

  it('forks parts that do not depend on how much the parent was used', () => {
    const fresh = randomOf(1);
    const used = randomOf(1);
    used.uniform();
    expect(fresh.fork('school').uniform()).toBe(used.fork('school').uniform());
    expect(fresh.fork('school').uniform()).not.toBe(fresh.fork('cluster').uniform());
  });

  it('has uniform deviates with mean 1/2 and variance 1/12, normal ones with mean 0, variance 1 and kurtosis 3', () => {
    const random = randomOf('moments');
    const size = 200_000;
    const moments = (draw: () => number) => {
      const values = Array.from({ length: size }, draw);
      const mean = values.reduce((sum, x) => sum + x, 0) / size;
      const power = (k: number) => values.reduce((sum, x) => sum + (x - mean) ** k, 0) / size;
      return { mean, variance: power(2), kurtosis: power(4) / power(2) ** 2 };
    };
    const uniform = moments(() => random.uniform());
    // Five standard errors of each moment.
    expect(Math.abs(uniform.mean - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 12 / size));
    expect(Math.abs(uniform.variance - 1 / 12)).toBeLessThan(5 * Math.sqrt(1 / 180 / size));
    const normal = moments(() => random.normal());
    expect(Math.abs(normal.mean)).toBeLessThan(5 / Math.sqrt(size));
    expect(Math.abs(normal.variance - 1)).toBeLessThan(5 * Math.sqrt(2 / size));
    expect(Math.abs(normal.kurtosis - 3)).toBeLessThan(5 * Math.sqrt(24 / size));
  });

  it('draws every whole number of a range, and nothing outside it', () => {
    fc.assert(
      fc.property(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 0, max: 8 }), (low, width) => {
        const random = randomOf(`${low} ${width}`);
        const drawn = new Set(Array.from({ length: 400 }, () => random.integer(low, low + width)));
        expect([...drawn].sort((x, y) => x - y)).toEqual(Array.from({ length: width + 1 }, (_, k) => low + k));
      }),
      { seed: 2, numRuns: 40 },
    );
  });

  it('shuffles without loss and leaves the given list alone', () => {
    const list = [1, 2, 3, 4, 5, 6, 7, 8];
    const shuffled = randomOf(3).shuffle(list);
    expect(list).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(shuffled).not.toEqual(list);
    expect([...shuffled].sort()).toEqual(list);
  });

  it('refuses an empty list and a range that is none', () => {
    expect(() => randomOf(1).pick([])).toThrow(RangeError);
    expect(() => randomOf(1).integer(3, 2)).toThrow(RangeError);
    expect(() => randomOf(1).integer(0.5, 2)).toThrow(RangeError);
  });
});

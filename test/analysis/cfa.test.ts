/** Confirmatory factor analysis: lavaan's figures to the end, closed forms, invariances, and what data cannot say. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { confirmatoryFactorAnalysis, type FactorAnalysisOptions } from '../../analysis/cfa.ts';
import { modificationIndices } from '../../analysis/modification-indices.ts';
import { randomOf } from '../../instruments/random.ts';
import { oracleColumns, oracleResults } from '../oracle.ts';
import { recompute } from '../verify/04-cfa.ts';
import { openFolder } from '../verify/run.ts';
import type { Figures, JsonObject, JsonValue } from '../verify/types.ts';

const mentalTests = Array.from({ length: 9 }, (_, i) => `x${i + 1}`);
const pupils = Object.fromEntries(
  oracleColumns('HolzingerSwineford1939.csv', mentalTests).map((column, i) => [`x${i + 1}`, column]),
);
const threeFactors = 'visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9';

function solutionOf(model: string, columns: Record<string, (number | null)[]>, options: FactorAnalysisOptions = {}) {
  const { solution, notes } = confirmatoryFactorAnalysis(model, columns, options);
  if (solution === null) throw new Error(notes.map(({ text }) => text).join(' '));
  return { ...solution, notes };
}

function codesOf({ notes }: { notes: readonly { code: string }[] }): string[] {
  return notes.map(({ code }) => code);
}

/** The numbers of an expected file beside ours. */
function* figures(expected: JsonValue, ours: Figures, path = ''): Generator<[string, number, number]> {
  if (typeof expected === 'number') yield [path, expected, ours as number];
  if (typeof expected !== 'object' || expected === null) return;
  const parts = (ours ?? {}) as Readonly<Record<string, Figures>>;
  for (const [key, part] of Object.entries(expected)) yield* figures(part, parts[key], `${path}/${key}`);
}

test('what lavaan finds when its search goes on to the end agrees to 3e-7: errors, robust and clustered, Heywood', () => {
  const all = oracleResults<JsonObject>('04_cfa_further.json');
  const complete = Object.fromEntries(Object.entries(all).filter(([name]) => !name.includes('fiml')));
  const { data } = openFolder(new URL('../oracles', import.meta.url).pathname);
  let count = 0;
  for (const [path, expected, actual] of figures(complete, recompute(complete, data))) {
    count += 1;
    const distance = Math.abs(actual - expected);
    // R's P values are 1 - p, and lavaan's search for the limits of RMSEA stops at 1e-4 in the noncentrality.
    const relative = path.includes('rmsea.ci') ? 1e-5 : path.endsWith('pvalue') ? 1e-6 : 3e-7;
    const allowed = relative * Math.abs(expected) + (path.endsWith('pvalue') ? 4e-16 : 1e-15);
    expect(distance, `${path}: ${actual} against ${expected}`).toBeLessThanOrEqual(allowed);
  }
  expect(count).toBeGreaterThan(1200);
});

test('three items have the closed form of the triad, and nothing is left to test', () => {
  const { parameters, measures, groups } = solutionOf('f =~ x1 + x2 + x3', pupils, { standardisedLatent: true });
  const [[, b = 0, c = 0] = [], [, , d = 0] = []] = (groups[0]?.covariance ?? []) as number[][];
  expect(parameters[0]?.estimate).toBeCloseTo(Math.sqrt((b * c) / d), 10);
  expect(measures).toMatchObject({ degreesOfFreedom: 0, p: null, cfi: 1, tli: 1, robust: null, scaled: null });
  expect(Math.abs(measures.chiSquare)).toBeLessThan(1e-9);
});

test('order of rows and items, units and origins of items change neither chi-square nor standardised loadings', () => {
  const plain = solutionOf(threeFactors, pupils);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 300 }), fc.double({ min: 0.1, max: 50, noNaN: true }), (turn, scale) => {
      const moved = Object.fromEntries(
        Object.entries(pupils).map(([name, column]) => [
          name,
          [...column.slice(turn), ...column.slice(0, turn)].map((value) => (value ?? 0) * scale - 7),
        ]),
      );
      const turned = 'speed =~ x9 + x7 + x8; visual =~ x3 + x2 + x1; textual =~ x5 + x4 + x6';
      const { measures, parameters } = solutionOf(turned, moved);
      expect(measures.chiSquare).toBeCloseTo(plain.measures.chiSquare, 7);
      for (const { left, operator, right, standardised } of plain.parameters) {
        const same = parameters.find(
          (each) =>
            each.operator === operator &&
            ((each.left === left && each.right === right) || (each.left === right && each.right === left)),
        );
        expect(same?.standardised).toBeCloseTo(standardised ?? 0, 7);
      }
    }),
    { seed: 40401, numRuns: 8 },
  );
});

test('chi-square never rises when a parameter is freed, and falls by about what its modification index says', () => {
  const { indices } = modificationIndices(threeFactors, pupils);
  const { measures } = solutionOf(threeFactors, pupils);
  expect(indices).toHaveLength(18 + 36);
  for (const { left, operator, right, index, change } of indices.slice(0, 12)) {
    const wider = solutionOf(`${threeFactors}\n${left} ${operator} ${right}`, pupils);
    const fall = measures.chiSquare - wider.measures.chiSquare;
    expect(fall).toBeGreaterThanOrEqual(-1e-8);
    expect(fall).toBeGreaterThan(index / 2);
    const freed = wider.parameters.find(
      (each) => each.operator === operator && each.left === left && each.right === right,
    );
    expect(Math.sign(freed?.estimate ?? 0)).toBe(Math.sign(change));
  }
});

test('equal labels are equal, fixed values stay, and full information on complete answers is the same fit', () => {
  const model = 'f =~ NA*x1 + a*x1 + a*x2 + 0.5*x3 + x4\nf ~~ 1*f';
  const { parameters, measures } = solutionOf(model, pupils);
  expect(parameters[0]?.estimate).toBe(parameters[1]?.estimate);
  expect(parameters[2]).toMatchObject({ estimate: 0.5, standardError: 0, z: null, free: false });
  expect(measures.degreesOfFreedom).toBe(10 - 2 - 4);
  const full = solutionOf(threeFactors, pupils, { missing: 'full-information' });
  const listwise = solutionOf(threeFactors, pupils, { meanStructure: true });
  expect(full.measures.chiSquare).toBeCloseTo(listwise.measures.chiSquare, 8);
  expect(full.measures.robust?.cfi).toBeCloseTo(listwise.measures.cfi, 8);
});

/** Answers of people who have one factor. */
function simulated(n: number, loadings: readonly number[], seed: number): Record<string, number[]> {
  const random = randomOf(seed);
  const factor = Array.from({ length: n }, () => random.normal());
  return Object.fromEntries(
    loadings.map((loading, i) => [
      `y${i + 1}`,
      factor.map((f) => loading * f + Math.sqrt(1 - loading ** 2) * random.normal()),
    ]),
  );
}

test('loadings of simulated people are found again within their errors, gaps or not', () => {
  const loadings = [0.8, 0.7, 0.6, -0.5, 0.4];
  const whole = simulated(4000, loadings, 7);
  const random = randomOf(8);
  const gappy = Object.fromEntries(
    Object.entries(whole).map(([name, column]) => [name, column.map((value) => (random.chance(0.2) ? null : value))]),
  );
  for (const [columns, options] of [
    [whole, {}],
    [gappy, { missing: 'full-information' }],
    [gappy, { missing: 'full-information', robust: true }],
  ] as const) {
    const { parameters, measures } = solutionOf('f =~ y1 + y2 + y3 + y4 + y5', columns, {
      ...options,
      standardisedLatent: true,
    });
    loadings.forEach((loading, i) => {
      const { estimate = 0, standardError = 0 } = parameters[i] ?? {};
      expect(Math.abs(estimate - loading)).toBeLessThan(4 * (standardError ?? 0));
    });
    expect(measures.cfi).toBeGreaterThan(0.99);
    expect(measures.rmsea.closeFit).toBeGreaterThan(0.5);
  }
});

test('data that cannot say are told by a note', () => {
  const one = 'f =~ y1 + y2 + y3';
  const good = simulated(50, [0.7, 0.7, 0.7, 0.7], 3);
  const { y1 = [], y2 = [], y3 = [], y4 = [] } = good;
  const code = (model: string, columns: Record<string, (number | null)[]>, options: FactorAnalysisOptions = {}) => {
    const result = confirmatoryFactorAnalysis(model, columns, options);
    expect(result.solution).toBeNull();
    return codesOf(result)[0];
  };
  expect(code(one, { y1: [], y2: [], y3: [] })).toBe('too-few-values');
  expect(code(one, { y1: [1], y2: [2], y3: [3] })).toBe('too-few-values');
  expect(code(one, { y1: y1.map(() => null), y2, y3 })).toBe('too-few-values');
  expect(code(one, { y1: y1.map(() => 3), y2, y3 })).toBe('no-variance');
  expect(code(one, { y1, y2, y3: y1.map((value, i) => value + (y2[i] ?? 0)) })).toBe('collinear');
  expect(code('f =~ y1 + y2', good)).toBe('not-identified');
  const apart = { y1: y1.map((v, i) => (i < 25 ? v : null)), y2: y2.map((v, i) => (i < 25 ? null : v)), y3 };
  expect(code(one, apart, { missing: 'full-information' })).toBe('no-coverage');
  expect(code(one, { y1: y1.map((v, i) => (i < 47 ? null : v)), y2, y3 })).toBe('too-few-values');
  expect(code(one, good, { group: y4.map(() => null) })).toBe('too-few-values');
});

test('doubts of a solution stand beside it', () => {
  const heywood = confirmatoryFactorAnalysis('f =~ x1 + x2 + x7 + x9', pupils);
  expect(codesOf(heywood)).toContain('heywood');
  expect(heywood.solution?.parameters.some(({ estimate, operator }) => operator === '~~' && estimate < 0)).toBe(true);
  const doubled = confirmatoryFactorAnalysis('f =~ x1 + x2 + x3\ng =~ x1 + x2 + x3 + x4 + x5 + x6 + x7', pupils);
  expect(codesOf(doubled).some((code) => ['not-identified', 'not-converged', 'heywood'].includes(code))).toBe(true);
  // The scale of the factor is set by nothing.
  const tooMany = 'f =~ NA*x1 + x2 + x3 + x4';
  const loose = confirmatoryFactorAnalysis(tooMany, pupils);
  expect(codesOf(loose)).toContain('not-identified');
  expect(loose.solution?.parameters.every(({ free, standardError }) => !free || standardError === null) ?? true).toBe(
    true,
  );
  const clusters = pupils.x1?.map((_, row) => row % 5) ?? [];
  expect(codesOf(confirmatoryFactorAnalysis(threeFactors, pupils, { cluster: clusters }))).toContain('few-clusters');
  const gappy = { ...pupils, x1: pupils.x1?.map((value, row) => (row < 10 ? null : value)) ?? [] };
  const listwise = confirmatoryFactorAnalysis(threeFactors, gappy);
  expect(codesOf(listwise)).toEqual(['rows-left-out']);
  expect(listwise.solution?.measures.n).toBe(291);
});

test('wrong callers are refused with what to do', () => {
  const refuse = (model: string, options: FactorAnalysisOptions = {}) =>
    expect(() => confirmatoryFactorAnalysis(model, pupils, options));
  refuse('f =~ x1 + x99 + x3').toThrow('x99, which is no column');
  refuse('f =~ x1 + x2 + x3', { level: 2 }).toThrow(RangeError);
  refuse('f =~ x1 + x2 + x3', { group: ['a'] }).toThrow('equally long');
  refuse('f =~ x1 + x2', { missing: 'full-information', likelihood: 'wishart' }).toThrow(RangeError);
  expect(() => confirmatoryFactorAnalysis('f =~ a', { a: [Number.NaN] })).toThrow(RangeError);
});

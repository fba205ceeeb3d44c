/** Alpha and its companions against R's psych on real data with gaps, and against closed forms. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { covarianceMatrix } from '../../analysis/covariance.ts';
import { cronbachAlpha, feldtInterval } from '../../analysis/reliability.ts';
import { expectClose, oracleColumns, oracleResults } from '../oracle.ts';

interface Figures {
  readonly n_rows: number;
  readonly n_complete: number;
  readonly alpha_raw: number;
  readonly alpha_std: number;
  readonly average_r: number;
  readonly feldt_95: { readonly lower: number; readonly upper: number };
  readonly feldt_90: { readonly lower: number; readonly upper: number };
  readonly if_deleted: readonly { readonly raw_alpha: number; readonly 'std.alpha': number }[];
  readonly items: readonly {
    readonly n: number;
    readonly mean: number;
    readonly sd: number;
    readonly 'r.drop': number;
  }[];
  readonly covariance: readonly (readonly number[])[];
}
interface Case {
  readonly data: string;
  readonly items: readonly string[];
  readonly reversed: string | readonly string[];
  readonly scale: readonly [number, number];
  readonly pairwise: Figures;
  readonly listwise: Figures;
  readonly listwise_classic: { readonly alpha: number; readonly n: number; readonly item_rest_r: readonly number[] };
}

const oracle = oracleResults<Record<string, Case>>('02_reliability.json');
const cases = Object.entries(oracle).filter(
  ([, each]) => 'pairwise' in each && ['bfi', 'lq2002', 'sim_trial'].includes(each.data),
);

/** The columns of a case, reversed with the declared range. */
function columnsOf({ data, items, reversed, scale }: Case): (number | null)[][] {
  const keyed = new Set([reversed].flat());
  return oracleColumns(`${data}.csv`, items).map((column, i) =>
    keyed.has(items[i] ?? '') ? column.map((value) => (value === null ? null : scale[0] + scale[1] - value)) : column,
  );
}

test('the oracle has the scales that the project promises to agree on', () => {
  expect(cases.map(([name]) => name)).toEqual(
    expect.arrayContaining(['bfi_agree', 'bfi_consc', 'bfi_extra', 'bfi_neuro', 'bfi_open', 'lq2002_lead', 'sim_pre']),
  );
});

test.each(cases)('%s agrees with psych to 1e-10, pairwise and listwise', (_name, each) => {
  const columns = columnsOf(each);
  for (const use of ['pairwise', 'listwise'] as const) {
    const expected = each[use];
    const actual = cronbachAlpha(columns, { use });
    const close = (value: number | null | undefined, wanted: number, what: string) =>
      expectClose(value, wanted, 1e-10, `${use} ${what}`);
    expect([actual.alpha.n, actual.complete]).toEqual([expected.n_rows, expected.n_complete]);
    close(actual.alpha.value, expected.alpha_raw, 'alpha');
    close(actual.standardised.value, expected.alpha_std, 'standardised');
    close(actual.averageCorrelation, expected.average_r, 'average r');
    close(actual.alpha.interval?.lower, expected.feldt_95.lower, 'Feldt lower');
    close(actual.alpha.interval?.upper, expected.feldt_95.upper, 'Feldt upper');
    const at90 = cronbachAlpha(columns, { use, level: 0.9 }).alpha.interval;
    close(at90?.lower, expected.feldt_90.lower, 'Feldt 90 lower');
    close(at90?.upper, expected.feldt_90.upper, 'Feldt 90 upper');
    actual.items.forEach((item, i) => {
      const wanted = expected.items[i];
      const deleted = expected.if_deleted[i];
      if (!wanted || !deleted) throw new Error(`the oracle has no item ${i}`);
      expect(item.n).toBe(wanted.n);
      close(item.mean, wanted.mean, `mean ${i}`);
      close(item.sd, wanted.sd, `sd ${i}`);
      close(item.itemRest, wanted['r.drop'], `item-rest ${i}`);
      // Of two items psych prints the "alpha" of the one that is left; a single item has none.
      if (columns.length === 2) expect([item.alphaIfDeleted, item.standardisedIfDeleted]).toEqual([null, null]);
      else {
        close(item.alphaIfDeleted, deleted.raw_alpha, `alpha without ${i}`);
        close(item.standardisedIfDeleted, deleted['std.alpha'], `standardised without ${i}`);
      }
    });
  }
});

test.each(cases)('%s agrees with multilevel::cronbach and plain item-rest correlations, listwise', (_name, each) => {
  const actual = cronbachAlpha(columnsOf(each), { use: 'listwise' });
  expectClose(actual.alpha.value, each.listwise_classic.alpha, 1e-10, 'alpha');
  expect(actual.alpha.n).toBe(each.listwise_classic.n);
  actual.items.forEach((item, i) => {
    expectClose(item.itemRest, each.listwise_classic.item_rest_r[i] ?? Number.NaN, 1e-10, `item ${i}`);
  });
});

test.each(cases)('the covariances of %s agree with R’s pairwise cov()', (_name, each) => {
  const matrix = covarianceMatrix(columnsOf(each));
  matrix.forEach((line, i) => {
    line.forEach((value, j) => {
      expectClose(value, each.pairwise.covariance[i]?.[j] ?? Number.NaN, 1e-11, `${i},${j}`);
    });
  });
});

test('Spearman-Brown: k parallel items with correlation r have alpha k r / (1 + (k - 1) r)', () => {
  // Columns of a 2 x 2 x 2 design plus their product: orthogonal by construction, so every correlation is exactly 1/2.
  const common = [1, 1, 1, 1, -1, -1, -1, -1, 1, 1, 1, 1, -1, -1, -1, -1];
  const own = [
    [1, 1, -1, -1, 1, 1, -1, -1, 1, 1, -1, -1, 1, 1, -1, -1],
    [1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1],
    [1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1, -1],
  ];
  const columns = own.map((column) => column.map((value, row) => value + (common[row] ?? 0)));
  const { alpha, standardised, averageCorrelation, items } = cronbachAlpha(columns);
  expectClose(alpha.value, 0.75, 1e-14, 'alpha');
  expectClose(standardised.value, 0.75, 1e-14, 'standardised');
  expectClose(averageCorrelation, 0.5, 1e-14, 'r');
  for (const item of items) expectClose(item.alphaIfDeleted, 2 / 3, 1e-14, 'without one');
});

const answers = fc.tuple(fc.integer({ min: 3, max: 6 }), fc.integer({ min: 4, max: 25 })).chain(([k, n]) =>
  fc.array(fc.array(fc.option(fc.integer({ min: 1, max: 6 }), { freq: 8 }), { minLength: n, maxLength: n }), {
    minLength: k,
    maxLength: k,
  }),
);

test('the order of people and items, a shift of one item and a common scale change nothing', () => {
  fc.assert(
    fc.property(answers, fc.integer({ min: -9, max: 9 }), (columns, shift) => {
      const base = cronbachAlpha(columns);
      const same = (other: typeof base, tolerance = 1e-9) => {
        for (const key of ['alpha', 'standardised'] as const) {
          const [a, b] = [base[key].value, other[key].value];
          if (a === null || b === null) expect(b).toBe(a);
          else expect(Math.abs(a - b)).toBeLessThan(tolerance * Math.max(1, Math.abs(a)) ** 2);
        }
      };
      same(cronbachAlpha(columns.map((column) => [...column].reverse())));
      same(cronbachAlpha([...columns].reverse()));
      same(
        cronbachAlpha(
          columns.map((column, i) => (i === 0 ? column.map((x) => (x === null ? null : x + shift)) : column)),
        ),
      );
      same(cronbachAlpha(columns.map((column) => column.map((x) => (x === null ? null : x * 4)))));
    }),
    { seed: 20269, numRuns: 150 },
  );
});

test('without gaps pairwise and listwise are the same, and reversing every item changes nothing', () => {
  const whole = fc.integer({ min: 4, max: 20 }).chain((n) =>
    fc.array(fc.array(fc.integer({ min: 1, max: 5 }), { minLength: n, maxLength: n }), {
      minLength: 3,
      maxLength: 3,
    }),
  );
  fc.assert(
    fc.property(whole, (columns) => {
      const pairwise = cronbachAlpha(columns).alpha.value;
      const listwise = cronbachAlpha(columns, { use: 'listwise' }).alpha.value;
      const reversed = cronbachAlpha(columns.map((column) => column.map((x) => 6 - x))).alpha.value;
      expect(listwise).toBe(pairwise);
      if (pairwise === null) expect(reversed).toBeNull();
      else expect(Math.abs((reversed ?? Number.NaN) - pairwise)).toBeLessThan(1e-9 * Math.max(1, Math.abs(pairwise)));
    }),
    { seed: 20270, numRuns: 150 },
  );
});

test('Feldt’s interval holds its alpha and narrows with more people', () => {
  fc.assert(
    fc.property(fc.double({ min: -0.5, max: 0.99, noNaN: true }), fc.integer({ min: 3, max: 20 }), (alpha, k) => {
      const few = feldtInterval(alpha, 30, k, 0.95);
      const many = feldtInterval(alpha, 3000, k, 0.95);
      expect(few.lower).toBeLessThan(alpha);
      expect(few.upper).toBeGreaterThan(alpha);
      expect(many.upper - many.lower).toBeLessThan(few.upper - few.lower);
    }),
    { seed: 20271, numRuns: 60 },
  );
});

test('degenerate data give notes, not numbers out of nowhere', () => {
  const code = (columns: (number | null)[][], use: 'pairwise' | 'listwise' = 'pairwise') => {
    const { alpha } = cronbachAlpha(columns, { use });
    return [alpha.value, ...alpha.notes.map((note) => note.code)];
  };
  expect(code([[], []])).toEqual([null, 'too-few-rows']);
  expect(code([[1], [2]])).toEqual([null, 'too-few-rows']);
  expect(
    code([
      [null, null],
      [null, null],
    ]),
  ).toEqual([null, 'too-few-pairs', 'pairwise']);
  expect(
    code([
      [1, 2, null],
      [null, null, 3],
    ]),
  ).toEqual([null, 'too-few-pairs', 'pairwise']);
  expect(
    code(
      [
        [1, 2, null],
        [null, null, 3],
      ],
      'listwise',
    ),
  ).toEqual([null, 'too-few-rows']);
  expect(
    code([
      [3, 3, 3],
      [2, 2, 2],
    ]),
  ).toEqual([null, 'no-variance', 'constant-item']);
  expect(
    code([
      [1, 2, 3],
      [3, 2, 1],
    ]),
  ).toEqual([null, 'no-variance', 'negative-item']);
  expect(
    code([
      [1, 2, 4],
      [3, 2, 1],
    ]),
  ).toEqual([expect.any(Number), 'negative-item', 'negative-alpha']);
  const constant = cronbachAlpha([
    [1, 2, 3],
    [1, 2, 4],
    [5, 5, 5],
  ]);
  expect(constant.alpha.notes.map((note) => note.text)).toEqual(['Everybody gave the same answer to item 3.']);
  expect(constant.alpha.value).not.toBeNull();
  expect([constant.standardised.value, constant.averageCorrelation, constant.items[2]?.itemRest]).toEqual([
    null,
    null,
    null,
  ]);
});

test('a wrong caller is told so', () => {
  expect(() => cronbachAlpha([[1, 2]])).toThrow('cronbachAlpha requires at least two items');
  expect(() => cronbachAlpha([[1, 2], [1]])).toThrow('columns must be equally long');
  expect(() =>
    cronbachAlpha([
      [1, 2],
      [1, Number.NaN],
    ]),
  ).toThrow(RangeError);
  expect(() =>
    cronbachAlpha(
      [
        [1, 2],
        [1, 3],
      ],
      { level: 2 },
    ),
  ).toThrow(RangeError);
  expect(() => feldtInterval(0.8, 1, 4, 0.95)).toThrow(RangeError);
});

/**
 * How a scale stands by arm and wave, and whether one arm has changed more than the other: means and differences of a model
 * that knows that people of one school, and schools of one cluster, are alike. Called by the worker that prepares a
 * study's reports.
 */
import { numberGroups } from '../group-moments.ts';
import { mixedModel } from '../mixed-model.ts';
import type { Estimate, Note } from '../result.ts';

/** One person's score in one wave. */
export interface OutcomeRow {
  readonly wave: string;
  readonly arm: string;
  readonly cluster: string | null;
  readonly school: string | null;
  readonly score: number;
}

export interface ArmMean {
  readonly arm: string;
  readonly wave: string;
  readonly people: number;
  readonly schools: number;
  readonly clusters: number;
  readonly mean: Estimate;
}

/** `change`: of one arm since the first wave. `difference`: between arms in a wave. `net`: of the changes of two arms. */
export interface ArmContrast {
  readonly kind: 'change' | 'difference' | 'net';
  readonly arm: string;
  /** The arm compared with; null for a change. */
  readonly against: string | null;
  readonly wave: string;
  /** The wave since which; null for a difference. */
  readonly since: string | null;
  readonly estimate: Estimate;
}

export interface ArmOutcomes {
  readonly means: readonly ArmMean[];
  readonly contrasts: readonly ArmContrast[];
  readonly notes: readonly Note[];
}

const method = 'Mixed model with random intercepts of schools and clusters, Satterthwaite’s degrees of freedom';

type Cell = `${string}\n${string}`;
const cellOf = (arm: string, wave: string): Cell => `${arm}\n${wave}`;

/**
 * Means by arm and wave, changes within arms, differences between arms and net changes, each a coefficient of the same
 * linear mixed model: score = arm × wave + cluster + school + residual, by restricted likelihood. A school outside any
 * cluster is a cluster of its own; where no cluster has two schools there is one level. The model is fitted once for each
 * cell as its reference, so that every figure has its own error and degrees of freedom.
 *
 * People who answered in several waves count once in each: their waves are taken as independent within the school, which
 * makes intervals of changes rather too wide. Rows without a school are left out (note `no-school`). Figures that the
 * data cannot say are null with the model's note.
 *
 * @param arms in order, those of the programme and those compared with
 * @param waves in order of time
 * @example
 * armOutcomes([], [{ id: 'i', kind: 'intervention' }], ['w1']).means // => []
 */
export function armOutcomes(
  rows: readonly OutcomeRow[],
  arms: readonly { readonly id: string; readonly kind: 'intervention' | 'comparison' }[],
  waves: readonly string[],
): ArmOutcomes {
  const used = rows.filter(({ school }) => school !== null);
  const left = rows.length - used.length;
  const notes: Note[] =
    left === 0
      ? []
      : [
          {
            code: 'no-school',
            text: `${left} ${left === 1 ? 'answer does' : 'answers do'} not tell a school and ${left === 1 ? 'is' : 'are'} left out of the models.`,
          },
        ];
  const cells = arms.flatMap(({ id: arm }) =>
    waves.flatMap((wave) => {
      const inside = used.filter((row) => row.arm === arm && row.wave === wave);
      return inside.length === 0 ? [] : [{ arm, wave, inside }];
    }),
  );
  if (cells.length === 0) return { means: [], contrasts: [], notes };
  const estimateOf = fitter(
    used,
    cells.map(({ arm, wave }) => cellOf(arm, wave)),
  );
  const means = cells.map(
    ({ arm, wave, inside }): ArmMean => ({
      arm,
      wave,
      people: inside.length,
      schools: new Set(inside.map(({ school }) => school)).size,
      clusters: new Set(inside.flatMap(({ cluster }) => (cluster === null ? [] : [cluster]))).size,
      mean: estimateOf(cellOf(arm, wave), null, inside.length),
    }),
  );
  const has = new Map(cells.map(({ arm, wave, inside }) => [cellOf(arm, wave), inside.length]));
  const n = (...of: readonly Cell[]) => of.reduce((total, cell) => total + (has.get(cell) ?? 0), 0);
  const contrasts: ArmContrast[] = [];
  for (const { id: arm } of arms) {
    const since = waves.find((wave) => has.has(cellOf(arm, wave)));
    for (const wave of waves) {
      if (since === undefined || wave === since || !has.has(cellOf(arm, wave))) continue;
      const [from, to] = [cellOf(arm, since), cellOf(arm, wave)];
      contrasts.push({ kind: 'change', arm, against: null, wave, since, estimate: estimateOf(from, to, n(from, to)) });
    }
  }
  const against = arms.find(({ kind }) => kind === 'comparison')?.id;
  for (const { id: arm, kind } of arms) {
    if (against === undefined || kind === 'comparison') continue;
    const shared = waves.filter((wave) => has.has(cellOf(arm, wave)) && has.has(cellOf(against, wave)));
    for (const wave of shared) {
      const [theirs, own] = [cellOf(against, wave), cellOf(arm, wave)];
      contrasts.push({
        kind: 'difference',
        arm,
        against,
        wave,
        since: null,
        estimate: estimateOf(theirs, own, n(theirs, own)),
      });
    }
    const [since] = shared;
    for (const wave of shared.slice(1)) {
      if (since === undefined) continue;
      const corners = [cellOf(against, since), cellOf(against, wave), cellOf(arm, since), cellOf(arm, wave)] as const;
      contrasts.push({
        kind: 'net',
        arm,
        against,
        wave,
        since,
        estimate: net(used, corners, n(...corners), estimateOf),
      });
    }
  }
  return { means, contrasts, notes };
}

type Fit = (
  reference: Cell,
  other: Cell | null,
  n: number,
  columns?: Readonly<Record<string, readonly number[]>>,
) => Estimate;

/** Fits the model with a cell as its reference: the mean of that cell, or how far another one lies from it. */
function fitter(rows: readonly OutcomeRow[], cells: readonly Cell[]): Fit {
  const outcome = rows.map(({ score }) => score);
  const at = rows.map(({ arm, wave }) => cellOf(arm, wave));
  const schools = rows.map(({ school }) => school);
  const clusters = rows.map(({ cluster, school }) => (cluster === null ? `school ${school}` : `cluster ${cluster}`));
  const nested = numberGroups(clusters).labels.length < numberGroups(schools).labels.length;
  const levels = [...(nested ? [{ name: 'cluster', groups: clusters }] : []), { name: 'school', groups: schools }];
  const known = new Map<Cell, ReturnType<typeof mixedModel>>();
  const modelAt = (reference: Cell) => {
    const before = known.get(reference);
    if (before) return before;
    const others = cells.filter((cell) => cell !== reference);
    const predictors = Object.fromEntries(others.map((cell) => [cell, at.map((own) => (own === cell ? 1 : 0))]));
    const made = mixedModel(outcome, predictors, levels);
    known.set(reference, made);
    return made;
  };
  return (reference, other, n, columns) => {
    const { model, notes } = columns ? mixedModel(outcome, columns, levels) : modelAt(reference);
    const found = model?.coefficients.find(({ term }) => term === (other ?? '(Intercept)'));
    if (!found) return { value: null, n, interval: null, method, notes };
    const told = Number.isFinite(found.interval.lower) && Number.isFinite(found.interval.upper);
    return { value: found.estimate, n, interval: told ? found.interval : null, method, notes };
  };
}

/** The change of one arm less that of the other: the coefficient of the last corner beside indicators of arm and waves. */
function net(
  rows: readonly OutcomeRow[],
  corners: readonly [Cell, Cell, Cell, Cell],
  n: number,
  estimateOf: Fit,
): Estimate {
  const [reference, , , last] = corners;
  const cells = [...new Set(rows.map(({ arm, wave }) => cellOf(arm, wave)))];
  // Written so that the column of the last corner is what is left over when arm and wave have been taken out.
  const columns: Record<string, number[]> = {};
  for (const cell of cells) {
    if (cell === reference || cell === last) continue;
    const weight = corners.includes(cell) ? 1 : 0;
    columns[cell] = rows.map(({ arm, wave }) => {
      const own = cellOf(arm, wave);
      return own === cell || (weight === 1 && own === last) ? 1 : 0;
    });
  }
  columns[last] = rows.map(({ arm, wave }) => (cellOf(arm, wave) === last ? 1 : 0));
  return estimateOf(reference, last, n, columns);
}

/** A factor model as a table of parameters, from its text. Fitting, indices and standardisation read the table. */
import { keyOf, type Operator, parseModel, type Statement } from './syntax.ts';

/** What several groups can have in common. */
export type Equality =
  | 'loadings'
  | 'intercepts'
  | 'residuals'
  | 'residual-covariances'
  | 'latent-variances'
  | 'latent-covariances'
  | 'latent-means';

export interface ModelOptions {
  /** Fix the variances of the factors to 1 and free all loadings; otherwise the first loading of each factor is 1. */
  readonly standardisedLatent?: boolean;
  /** Model means as well; needed for several groups and for missing values. */
  readonly meanStructure?: boolean;
  /** Number of groups; default 1. */
  readonly groups?: number;
  /** What is the same in all groups. */
  readonly equal?: readonly Equality[];
  /** Parameters that may differ between groups all the same, like `x3 ~ 1` or `f =~ x2`. */
  readonly partial?: readonly string[];
}

/** Where a parameter stands: which entry of which matrix, by position of the variable or factor. */
export type Place =
  | { readonly kind: 'loading'; readonly item: number; readonly factor: number }
  | { readonly kind: 'latent'; readonly first: number; readonly second: number }
  | { readonly kind: 'residual'; readonly first: number; readonly second: number }
  | { readonly kind: 'intercept'; readonly item: number }
  | { readonly kind: 'latent-mean'; readonly factor: number };

export interface Parameter {
  readonly left: string;
  readonly operator: Operator;
  readonly right: string;
  readonly label: string | null;
  /** Number of the group, from 0. */
  readonly group: number;
  readonly place: Place;
  /** Position among the free numbers, shared by equal parameters; null when fixed. */
  readonly free: number | null;
  /** The value when fixed. */
  readonly fixed: number;
}

export interface FactorModel {
  readonly observed: readonly string[];
  readonly latent: readonly string[];
  readonly groups: number;
  readonly means: boolean;
  /** By group; within it the parameters of the text, then those that every factor model has. */
  readonly parameters: readonly Parameter[];
  /** How many numbers are estimated. */
  readonly freeCount: number;
}

/**
 * The model that a text describes, completed as is usual: a residual variance for each item, variances and covariances
 * of the factors, and with a mean structure an intercept for each item and latent means of 0. With equal loadings,
 * factors of variance 1 are freed from the second group on; with equal intercepts, the latent means are.
 *
 * @throws RangeError for a text that is no factor model (it says what to do), or an unknown parameter in `partial`
 * @example
 * modelOf('f =~ a + b + c').freeCount // => 6
 * modelOf('f =~ a + b + c', { groups: 2, meanStructure: true, equal: ['loadings'] }).freeCount // => 16
 */
export function modelOf(text: string, options: ModelOptions = {}): FactorModel {
  const { standardisedLatent = false, groups = 1, equal = [], partial = [] } = options;
  const statements = parseModel(text);
  const loadings = statements.filter(({ operator }) => operator === '=~');
  const latent = [...new Set(loadings.map(({ left }) => left))];
  const observed = [...new Set(loadings.map(({ right }) => right))];
  if (latent.length === 0) throw new RangeError('the model has no factor; write a line like "f =~ x1 + x2 + x3"');
  const both = latent.find((name) => observed.includes(name));
  if (both !== undefined) throw new RangeError(`${both} is a factor and an item; factors of factors are not computed`);
  const means = options.meanStructure ?? (groups > 1 || statements.some(({ operator }) => operator === '~1'));
  const all = completed(statements, observed, latent, means, standardisedLatent);
  const except = new Set(partial.map((parameter) => keysOfPartial(parameter, all)));

  const freeOf = new Map<string, number>();
  const parameters: Parameter[] = [];
  for (let group = 0; group < groups; group += 1) {
    for (const statement of all) {
      const { left, operator, right, label } = statement;
      const place = placeOf(statement, observed, latent);
      const key = keyOf(operator, left, right);
      const shared = equal.includes(equalityOf(place)) && !except.has(key);
      const name = label ?? (shared ? key : `${key} in ${group}`);
      const isFixed = statement.fixed !== null && !freedLater(statement, place, group, equal);
      let free: number | null = null;
      if (!isFixed) {
        free = freeOf.get(name) ?? freeOf.size;
        freeOf.set(name, free);
      }
      parameters.push({ left, operator, right, label, group, place, free, fixed: statement.fixed ?? 0 });
    }
  }
  return { observed, latent, groups, means, parameters, freeCount: freeOf.size };
}

/** A statement of the model; `usual` marks those that the text does not fix itself. */
interface Completed extends Statement {
  readonly usual: boolean;
}

function completed(
  statements: readonly Statement[],
  observed: readonly string[],
  latent: readonly string[],
  means: boolean,
  standardisedLatent: boolean,
): Completed[] {
  const all = new Map<string, Completed>();
  const firstOf = new Map<string, string>();
  for (const statement of statements) {
    const { left, operator, right } = statement;
    const isFirst = operator === '=~' && !firstOf.has(left);
    if (isFirst) firstOf.set(left, right);
    const marker = isFirst && !standardisedLatent && !statement.freed;
    const usual = statement.fixed === null;
    all.set(keyOf(operator, left, right), { ...statement, fixed: statement.fixed ?? (marker ? 1 : null), usual });
  }
  const add = (left: string, operator: Operator, right: string, fixed: number | null) => {
    const key = keyOf(operator, left, right);
    if (!all.has(key)) all.set(key, { left, operator, right, fixed, freed: false, label: null, usual: true });
  };
  for (const item of observed) add(item, '~~', item, null);
  for (const factor of latent) add(factor, '~~', factor, standardisedLatent ? 1 : null);
  latent.forEach((factor, i) => {
    for (const other of latent.slice(i + 1)) add(factor, '~~', other, null);
  });
  if (means) {
    for (const item of observed) add(item, '~1', '', null);
    for (const factor of latent) add(factor, '~1', '', 0);
  }
  // What is equal to a fixed parameter is fixed with it.
  const fixedBy = new Map<string | null, number>();
  for (const { label, fixed } of all.values()) if (label !== null && fixed !== null) fixedBy.set(label, fixed);
  return [...all.values()].map((each) => ({ ...each, fixed: each.fixed ?? fixedBy.get(each.label) ?? null }));
}

/** Factors that groups can be compared on are freed from the second group on. */
function freedLater({ usual }: Completed, place: Place, group: number, equal: readonly Equality[]): boolean {
  if (!usual || group === 0) return false;
  if (place.kind === 'latent-mean') return equal.includes('intercepts') && !equal.includes('latent-means');
  const isVariance = place.kind === 'latent' && place.first === place.second;
  return isVariance && equal.includes('loadings') && !equal.includes('latent-variances');
}

function placeOf({ left, operator, right }: Statement, observed: readonly string[], latent: readonly string[]): Place {
  const factor = latent.indexOf(left);
  const item = observed.indexOf(left);
  if (operator === '=~') return { kind: 'loading', item: observed.indexOf(right), factor };
  if (operator === '~1' && factor >= 0) return { kind: 'latent-mean', factor };
  if (operator === '~1' && item >= 0) return { kind: 'intercept', item };
  if (operator === '~~') {
    if (factor >= 0 && latent.includes(right)) return { kind: 'latent', first: factor, second: latent.indexOf(right) };
    if (item >= 0 && observed.includes(right))
      return { kind: 'residual', first: item, second: observed.indexOf(right) };
  }
  throw new RangeError(
    `"${keyOf(operator, left, right)}": both sides of ~~ are items or both factors, and each is named in a line with =~`,
  );
}

function equalityOf(place: Place): Equality {
  if (place.kind === 'loading') return 'loadings';
  if (place.kind === 'intercept') return 'intercepts';
  if (place.kind === 'latent-mean') return 'latent-means';
  const isVariance = place.first === place.second;
  if (place.kind === 'residual') return isVariance ? 'residuals' : 'residual-covariances';
  return isVariance ? 'latent-variances' : 'latent-covariances';
}

function keysOfPartial(parameter: string, all: readonly Completed[]): string {
  const [statement] = parseModel(parameter);
  const key = statement ? keyOf(statement.operator, statement.left, statement.right) : '';
  if (!all.some(({ left, operator, right }) => keyOf(operator, left, right) === key)) {
    throw new RangeError(`partial: the model has no parameter "${parameter}"`);
  }
  return key;
}

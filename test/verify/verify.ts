/**
 * Compares our own figures with each numeric leaf of an expected file. Called by run.ts and by the tests.
 *
 * Every number of the file is a figure, the options of a case (n, level, arguments) included, so that nothing can be left out of
 * the count. A figure is compared when the recomputation gives a value at its path, otherwise it is unsupported, as is
 * every number outside `results`. Numbers that the recomputation has read from the expected file and given back are counted as
 * `given` among the compared: they are options and prove nothing. The others are computed.
 */
import { readdirSync } from 'node:fs';
import { isObject } from './cases.ts';
import type { DataSource, Figures, JsonObject, JsonValue, OracleFile, RecomputeModule, Tolerance } from './types.ts';
import { MissingData } from './types.ts';

export interface Disagreement {
  readonly path: string;
  readonly expected: number;
  /** Null or a text when the recomputation says something else than a number. */
  readonly actual: Figures;
  /** Relative to the expected figure; absolute where that is zero up to rounding. */
  readonly difference: number;
}

export interface FileReport {
  readonly file: string;
  readonly figures: number;
  readonly compared: number;
  /** Of the compared: options of the cases, given back as they were read. The others are computed. */
  readonly given: number;
  /** Of the computed: those that agree. */
  readonly computedAgree: number;
  readonly agree: number;
  /** Of the agreeing: those farther from R than the rule for iterative fits, within what their module allows and says why. */
  readonly wider: readonly { readonly path: string; readonly reason: string }[];
  readonly unsupported: readonly { readonly path: string; readonly reason: string }[];
  readonly disagreements: readonly Disagreement[];
  /** The largest difference among all compared, agreeing or not. */
  readonly largest: Disagreement | null;
  /** Data sets that cases asked for and the folder does not hold. */
  readonly missingData: readonly string[];
}

/** Relative tolerance of closed forms; a module whose figures come from an iterative fit exports 1e-6. */
const closedForm = 1e-8;

/** Relative tolerance of iterative fits; a module that allows more says why. */
const iterativeFit = 1e-6;

/**
 * An expected zero is met by what rounding leaves of one, and so is what rounding has left of a zero in R. A probability can
 * be as small as that and mean it: it is judged relative to itself.
 */
const zeroUpToRounding = 1e-14;
const probability =
  /(^|\/)(p\d*([-_.]\w+)*|pval(ue)?|prob|pr\(.*\)|value|bonferroni|holm|hochberg|hommel|bh|by)(\/\d+)*$/i;

const noModule = 'no recomputation of this file';
const outsideResults = 'stands outside `results`';

/**
 * Recomputes one expected file and compares. `name` is the file's name; its number chooses the module. A recomputation
 * that fails as a whole throws; a single case that fails is unsupported and its reason says why.
 */
export async function verifyFile(name: string, expected: OracleFile, data: DataSource): Promise<FileReport> {
  const module = await moduleFor(name);
  const given = new Set<string>();
  const missingData = new Set<string>();
  const watchedData: DataSource = (dataSet) => {
    try {
      return data(dataSet);
    } catch (error) {
      if (error instanceof MissingData) missingData.add(error.dataSet);
      throw error;
    }
  };
  const figures = module ? module.recompute(watched(expected.results, given), watchedData) : new Error(noModule);
  const tolerance = module?.tolerance ?? (() => closedForm);
  const report = compare(name, expected.results, figures, given, tolerance);
  const { results: _, ...rest } = expected;
  const outside = numbersIn(rest).map((path) => ({ path, reason: outsideResults }));
  return {
    ...report,
    figures: report.figures + outside.length,
    unsupported: [...report.unsupported, ...outside],
    missingData: [...missingData].sort(),
  };
}

/**
 * A file that no module knows, or that could not be recomputed: each of its numbers is unsupported.
 *
 * @param value what the file holds
 */
export function unsupportedFile(file: string, value: unknown, reason: string): FileReport {
  const unsupported = numbersIn(value).map((path) => ({ path, reason }));
  const nothing = { compared: 0, given: 0, computedAgree: 0, agree: 0, wider: [], disagreements: [], largest: null };
  return { file, figures: unsupported.length, ...nothing, unsupported, missingData: [] };
}

/** The path of each number in a JSON value. */
function numbersIn(value: unknown, path = ''): string[] {
  if (typeof value === 'number') return [path];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => numbersIn(part, path === '' ? key : `${path}/${key}`));
}

async function moduleFor(name: string): Promise<RecomputeModule | null> {
  const number = /^\d+/.exec(name)?.[0];
  const file = readdirSync(new URL('.', import.meta.url)).find((each) => each.startsWith(`${number}-`));
  return number !== undefined && file !== undefined ? ((await import(`./${file}`)) as RecomputeModule) : null;
}

/** The same object, noting the path of each number that is read from it. */
function watched(results: JsonObject, read: Set<string>): JsonObject {
  const watch = <Part extends object>(part: Part, path: string): Part => {
    const parts = new Map<string, object>();
    return new Proxy(part, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key);
        if (typeof key === 'symbol' || !Object.hasOwn(target, key)) return value;
        const at = path === '' ? key : `${path}/${key}`;
        if (typeof value === 'number' && !(Array.isArray(target) && key === 'length')) read.add(at);
        if (typeof value !== 'object' || value === null) return value;
        const known = parts.get(key) ?? watch(value, at);
        parts.set(key, known);
        return known;
      },
    });
  };
  return watch(results, '');
}

/** Walks the numeric leaves of `expected` beside our figures. */
function compare(file: string, expected: JsonValue, ours: Figures, read: ReadonlySet<string>, tolerance: Tolerance) {
  let count = 0;
  let agree = 0;
  let given = 0;
  let computedAgree = 0;
  const unsupported: { path: string; reason: string }[] = [];
  const wider: { path: string; reason: string }[] = [];
  const disagreements: Disagreement[] = [];
  let largest: Disagreement | null = null;

  const leaf = (path: string, figure: number, actual: Figures) => {
    count += 1;
    if (actual === undefined || actual instanceof Error) {
      unsupported.push({ path, reason: actual === undefined ? '' : actual.message });
      return;
    }
    if (read.has(path)) given += 1;
    const distance = typeof actual === 'number' ? Math.abs(actual - figure) : Number.POSITIVE_INFINITY;
    const within = tolerance(path);
    // A figure that is zero up to rounding is judged by its distance: relative to nothing everything is far.
    const absolutely = isZeroUpToRounding(path, figure) || (typeof within !== 'number' && distance <= within.absolute);
    const difference = distance === 0 || absolutely ? distance : distance / Math.abs(figure);
    const compared = { path, expected: figure, actual, difference: Number.isNaN(difference) ? Infinity : difference };
    if (largest === null || compared.difference > largest.difference) largest = compared;
    const reach = allowed(path, within, figure);
    if (distance > reach) disagreements.push(compared);
    else {
      agree += 1;
      if (!read.has(path)) computedAgree += 1;
    }
    if (distance <= reach && distance > allowed(path, iterativeFit, figure)) {
      wider.push({ path, reason: 'within the tolerance of the module, not within 1e-6' });
    }
  };
  const walk = (path: string, figure: JsonValue, actual: Figures) => {
    if (typeof figure === 'number') leaf(path, figure, onlyOne(actual));
    // R writes a list of one as a single value, and some writers the other way round.
    else if (Array.isArray(figure) && figure.length === 1 && isSingle(actual))
      return walk(`${path}/0`, figure[0] ?? null, actual);
    if (typeof figure !== 'object' || figure === null) return;
    const own = isObject(figure) ? (otherName(figure, actual) ?? actual) : actual;
    for (const [key, part] of Object.entries(figure))
      walk(path === '' ? key : `${path}/${key}`, part, partOf(own, key));
  };
  walk('', expected, ours);
  const compared = count - unsupported.length;
  return {
    file,
    figures: count,
    compared,
    given,
    computedAgree,
    agree,
    wider,
    unsupported,
    disagreements,
    largest: largest as Disagreement | null,
  };
}

/** Where a row says what it is of (an item, a category, a type) and ours is of another, the two are not compared. */
function otherName(figure: JsonObject, actual: Figures): Error | null {
  for (const [key, name] of Object.entries(figure)) {
    const own = partOf(actual, key);
    if (typeof name === 'string' && typeof own === 'string' && name !== own)
      return new Error(`the case has ${key} ${name} where ${own} is computed`);
  }
  return null;
}

/** The figure of a list of one. */
function onlyOne(figures: Figures): Figures {
  return Array.isArray(figures) && figures.length === 1 ? (figures as readonly Figures[])[0] : figures;
}

function isSingle(figures: Figures): boolean {
  return typeof figures === 'number' || typeof figures === 'string';
}

/** The part of our figures at a key. An error stands for all that is below it. */
function partOf(figures: Figures, key: string): Figures {
  if (figures instanceof Error) return figures;
  if (typeof figures !== 'object' || figures === null || !Object.hasOwn(figures, key)) return undefined;
  return (figures as Readonly<Record<string, Figures>>)[key];
}

function allowed(path: string, tolerance: ReturnType<Tolerance>, figure: number): number {
  const { relative, absolute } = typeof tolerance === 'number' ? { relative: tolerance, absolute: 0 } : tolerance;
  const ofZero = isZeroUpToRounding(path, figure) ? zeroUpToRounding : 0;
  return Math.max(relative * Math.abs(figure), absolute, ofZero);
}

function isZeroUpToRounding(path: string, figure: number): boolean {
  return figure === 0 || (Math.abs(figure) < zeroUpToRounding && !probability.test(path));
}

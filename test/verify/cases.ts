/** Small helpers for the modules that recompute oracle files. */
import type { FigureObject, Figures, JsonObject, JsonValue } from './types.ts';

/** Whether a value is an object with named parts. */
export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The named part as an object; an empty one when it is not there. */
export function objectAt(value: JsonValue | undefined, key: string): JsonObject {
  const part = isObject(value) ? value[key] : undefined;
  return isObject(part) ? part : {};
}

/** The named part as a list; an empty one when it is not there. A single value stands for a list of one, as R writes it. */
export function listAt(value: JsonValue | undefined, key: string): JsonValue[] {
  const part = isObject(value) ? value[key] : undefined;
  if (part === undefined) return [];
  return Array.isArray(part) ? part : [part];
}

/** An option that a case states as a number. Throws RangeError when it does not. */
export function numberAt(value: JsonValue | undefined, key: string): number {
  const part = isObject(value) ? value[key] : undefined;
  if (typeof part !== 'number') throw new RangeError(`the case states no number ${key}`);
  return part;
}

/** An option that a case states as a text. Throws RangeError when it does not. */
export function textAt(value: JsonValue | undefined, key: string): string {
  const part = isObject(value) ? value[key] : undefined;
  if (typeof part !== 'string') throw new RangeError(`the case states no text ${key}`);
  return part;
}

/** The figures, or the error that kept them from being computed: one odd case leaves the others standing. */
export function attempt(compute: () => Figures): Figures {
  try {
    return compute();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Recomputes each named case by itself. Names that begin a case are kept; a failing case is unsupported, with its reason. */
export function eachCase(cases: JsonObject, compute: (options: JsonObject, name: string) => Figures): FigureObject {
  return Object.fromEntries(
    Object.keys(cases).map((name) => [name, attempt(() => compute(objectAt(cases, name), name))]),
  );
}

/** Recomputes each case of a list by itself. */
export function eachInList(cases: readonly JsonValue[], compute: (options: JsonValue, index: number) => Figures) {
  return cases.map((options, index) => attempt(() => compute(options, index)));
}

/** The items that a case states as reversed. Throws for one that is not among its items. */
export function reversedOf(options: JsonValue): JsonValue[] {
  const items = listAt(options, 'items');
  // R writes null where a script reverses nothing.
  const reversed = listAt(options, 'reversed').filter((item) => item !== null);
  const unknown = reversed.find((item) => !items.includes(item));
  if (unknown !== undefined) throw new RangeError(`the case reverses ${String(unknown)}, which is none of its items`);
  return reversed;
}

const collator = new Intl.Collator('en');

/**
 * The order of labels in R outside the C locale, for `sort`: numbers by size, texts by letter first and capitals only
 * where they are otherwise alike (`Lower` before `upper`). The first of a factor's labels is the one others stand against.
 */
export function byLabel(a: number | string, b: number | string): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return collator.compare(String(a), String(b));
}

/** The least and the largest of any number of values: as arguments of `Math.min` a hundred thousand are too many. */
export function extremes(values: readonly number[]): { min: number; max: number } {
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  return { min, max };
}

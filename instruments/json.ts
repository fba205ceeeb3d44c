/** Small questions about foreign JSON values; used wherever something from outside is read. */

export type JsonObject = Readonly<Record<string, unknown>>;

/** A plain object: neither null nor an array nor an instance of a class. */
export function isObject(value: unknown): value is JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

/** The own property of an object, never one that its prototype lends. */
export function own(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** A value as it may be named in a message: short, on one line, never an object's content. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return String(value);
  return Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object' : typeof value;
}

/**
 * Whether a foreign value is small enough to be read at all: at most `limit` values, nested at most `depth` deep.
 * It does not recurse, so that depth cannot exhaust the stack, and stops at the first value too many.
 */
export function isWithin(value: unknown, limit: number, depth: number): boolean {
  let level: unknown[] = [value];
  let seen = 0;
  for (let deep = 0; level.length > 0; deep++) {
    seen += level.length;
    if (deep > depth || seen > limit) return false;
    const next: unknown[] = [];
    for (const entry of level) {
      if (typeof entry !== 'object' || entry === null) continue;
      const children: unknown[] = Array.isArray(entry) ? entry : Object.values(entry);
      if (seen + next.length + children.length > limit) return false;
      for (const child of children) next.push(child);
    }
    level = next;
  }
  return true;
}

/** Whether a number is a whole multiple of a step, allowing for what binary fractions cannot hold. */
export function isMultiple(value: number, step: number): boolean {
  if (Number.isInteger(step)) return value % step === 0;
  const times = value / step;
  return Math.abs(times - Math.round(times)) <= 1e-9 * Math.max(1, Math.abs(times));
}

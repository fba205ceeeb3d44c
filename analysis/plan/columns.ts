/** Finds the names of columns among the options of an analysis, and checks them against the data. Called by plan.ts. */
import { z } from 'zod';
import type { Issue } from '../../instruments/instrument.ts';
import { largestOf } from '../numeric/magnitude.ts';
import type { OptionIssue } from './analysis.ts';
import type { Dataset } from './dataset.ts';
import { type ColumnKind, columnSchemas } from './options.ts';

export interface NamedColumn {
  readonly path: readonly PropertyKey[];
  readonly name: string;
  readonly kind: ColumnKind;
  /** How many different values it may hold. */
  readonly most?: number;
}

/**
 * The columns that valid options name, in order, wherever in the options they stand.
 *
 * @param value options that the schema accepts
 */
export function columnsNamed(
  schema: z.core.$ZodType,
  value: unknown,
  path: readonly PropertyKey[] = [],
): NamedColumn[] {
  const mark = columnSchemas.get(schema);
  if (mark && typeof value === 'string') return [{ path, name: value, ...mark }];
  if (value === undefined || value === null) return [];
  const inside = (part: z.core.$ZodType | undefined, each: unknown, ...further: PropertyKey[]) =>
    part ? columnsNamed(part, each, [...path, ...further]) : [];
  const list = Array.isArray(value) ? value : [];
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'object':
      return Object.entries(def.shape).flatMap(([key, part]) => inside(part, own(value, key), key));
    case 'record':
      return Object.entries(value).flatMap(([key, each]) => [
        ...inside(def.keyType, key, key),
        ...inside(def.valueType, each, key),
      ]);
    case 'array':
      return list.flatMap((each, at) => inside(def.element, each, at));
    case 'tuple':
      return list.flatMap((each, at) => inside(def.items[at] ?? def.rest ?? undefined, each, at));
    case 'union':
      // The first that accepts the value is the one that zod has taken.
      return inside(
        def.options.find((option) => z.safeParse(option, value).success),
        value,
      );
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'readonly':
      return inside(def.innerType, value);
    case 'pipe':
      return inside(def.in, value);
    default:
      return [];
  }
}

function own(value: object, key: string): unknown {
  return Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
}

/**
 * A column that the data do not have.
 *
 * @example
 * absentIssue(['a'], { path: [], name: 'b', kind: 'any' }, 'here').message // => 'no column b'
 */
export function absentIssue(names: readonly string[], { name }: NamedColumn, path: string): Issue | null {
  return names.includes(name) ? null : { code: 'no-such-column', path, message: `no column ${name}` };
}

/**
 * What is wrong with a named column: not in the data, not of numbers, or with more different values than the analysis can
 * take as categories.
 *
 * @param chosen the rows of the analysis, where they are not all
 */
export function columnIssue(data: Dataset, column: NamedColumn, path: string, chosen = data): Issue | null {
  const { name, kind, most = Number.POSITIVE_INFINITY } = column;
  const absent = absentIssue(data.names, column, path);
  if (absent) return absent;
  if (kind === 'numeric') {
    const issue = numberIssue(data, name, path);
    if (issue) return issue;
  }
  if (most === Number.POSITIVE_INFINITY) return null;
  const values = new Set(chosen.column(name));
  values.delete(null);
  if (values.size <= most) return null;
  const message = `column ${name} holds ${values.size} different values; as categories at most ${most} are taken`;
  return { code: 'too-many-categories', path, message };
}

/** How far from 1 the largest value of a column may lie. */
const farthest = { ordinary: 1e30, any: 1e140 };

/** Numbers so large or small that what is computed with them would be beyond what a number can hold. */
export function sizeIssue(
  data: Dataset,
  { name, kind }: NamedColumn,
  path: string,
  sizes: keyof typeof farthest,
): Issue | null {
  if (kind !== 'numeric') return null;
  const largest = largestOf(data.numeric(name));
  const limit = farthest[sizes];
  if (largest === 0 || (largest <= limit && largest >= 1 / limit)) return null;
  const message = `the largest value of column ${name} is ${largest.toExponential(1)}; give it in a unit in which it lies between ${(1 / limit).toExponential(0)} and ${limit.toExponential(0)}`;
  return { code: 'size-out-of-range', path, message };
}

function numberIssue(data: Dataset, name: string, path: string): Issue | null {
  try {
    data.numeric(name);
    return null;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { code: 'not-numeric', path, message: error.message };
  }
}

/**
 * Values of `where` that no row has: as a rule written in another way. A column without any value can say nothing of that.
 *
 * @example
 * absentValues(datasetOf({ a: [1, 2], b: ['x', 'y'] }), { a: [2, 3], b: 'X' }).map(({ path }) => path) // => [['a', 1], ['b']]
 */
export function absentValues(
  data: Dataset,
  where: Readonly<Record<string, string | number | readonly (string | number)[]>>,
): OptionIssue[] {
  return Object.entries(where).flatMap(([name, values]) => {
    const found = new Set(data.column(name).flatMap((cell) => (cell === null ? [] : [String(cell)])));
    if (found.size === 0) return [];
    return [values]
      .flat()
      .flatMap((value, at): OptionIssue[] =>
        found.has(String(value))
          ? []
          : [{ path: Array.isArray(values) ? [name, at] : [name], message: `no row has ${value} in column ${name}` }],
      );
  });
}

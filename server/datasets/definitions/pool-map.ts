/**
 * What a map of a definition makes of a variable: its codes as they become, and whether it can stand in the column of the
 * variable that it is mapped to. Pure. Called by `pool.ts` and `check.ts`.
 */
import type { ValueLabel, Variable } from '../../../instruments/codebook.ts';
import type { Issue } from '../../../instruments/instrument.ts';
import type { ItemRule } from '../../../instruments/versions/item-map.ts';
import { mappedValue, type ValueStep } from '../../../instruments/versions/mapped-value.ts';
import type { VariableMap } from './definition.ts';

const numeric = (type: Variable['type']) => type === 'integer' || type === 'number';

/** A line of a definition, or of an item map that was stored with a version. */
export interface PoolLine extends Pick<VariableMap, 'instrument' | 'version' | 'variable' | 'to'> {
  /** What becomes of its values. */
  readonly step: ValueStep;
  readonly source: 'definition' | 'item map';
  /** Of an item map. */
  readonly rule: ItemRule['rule'] | null;
  readonly reason: string | null;
}

export const ownLine = ({ codes, ...line }: VariableMap): PoolLine => ({
  ...line,
  step: { codes, rescale: null, within: null },
  source: 'definition',
  rule: null,
  reason: null,
});

/** The variable with its value labels at the codes that they become, without those of no counterpart; of two that become one the words of both. */
export function mappedVariable(variable: Variable, step: ValueStep): Variable {
  const { rescale } = step;
  // Between the ends lie no codes with words: these are of the range that it came from.
  if (rescale) {
    const { from, to } = rescale;
    const whole = Number.isInteger((to.max - to.min) / (from.max - from.min)) && Number.isInteger(to.min);
    return { ...variable, values: [], type: whole && variable.type === 'integer' ? 'integer' : 'number' };
  }
  const values = new Map<number, ValueLabel>();
  for (const value of variable.values) {
    const code = mappedValue(step, value.code);
    if (code === null) continue;
    const other = values.get(code);
    if (!other) values.set(code, { ...value, code });
    else if (other.label !== value.label) values.set(code, { ...other, label: `${other.label} / ${value.label}` });
  }
  return { ...variable, values: [...values.values()] };
}

/** The column with what a mapped variable adds to it: codes without words so far, decimals. Null where it cannot hold it. */
export function joinMapped(column: Variable, mapped: Variable): Variable | null {
  if (column.type !== mapped.type && !(numeric(column.type) && numeric(mapped.type))) return null;
  const known = new Set(column.values.map(({ code }) => code));
  return {
    ...column,
    type: column.type === mapped.type ? column.type : 'number',
    // A code without words among others would look like one that nobody gave.
    values: [...column.values, ...mapped.values.filter(({ code }) => !known.has(code))],
    range: null,
  };
}

/** Maps that contradict one another, or that would put a variable in the place of another one of its own version. */
export function mapConflicts(
  map: readonly VariableMap[],
  namesOf: (instrument: string, version: number) => readonly string[],
): Issue[] {
  return map.flatMap(({ instrument, version, variable, to }, at): Issue[] => {
    const others = map.filter((one, index) => index !== at && one.instrument === instrument && one.version === version);
    const of = `version ${version} of "${instrument}"`;
    if (others.some((one) => one.variable === variable)) {
      const message = `"${variable}" of ${of} is mapped twice. Keep one of the two lines.`;
      return [{ code: 'mapped-twice', path: `map.${at}.variable`, message }];
    }
    if (others.some((one) => one.to === to)) {
      const message = `Two variables of ${of} are mapped to "${to}", which can hold one of them. Map one to another name.`;
      return [{ code: 'map-target-taken', path: `map.${at}.to`, message }];
    }
    const stays = variable !== to && !others.some((one) => one.variable === to);
    if (stays && namesOf(instrument, version).includes(to)) {
      const message =
        `${of[0]?.toUpperCase()}${of.slice(1)} has a variable "${to}" itself, which would be lost. ` +
        `Map "${variable}" to another name, or map "${to}" as well.`;
      return [{ code: 'map-target-taken', path: `map.${at}.to`, message }];
    }
    return [];
  });
}

/** What was changed of the events that took place, by code; and usual practice by arm, on the same items. Called by `server/fidelity/`. */

import { meanInterval } from '../descriptives.ts';
import { suppressSmallCells } from '../disclosure.ts';
import { wilsonInterval } from '../proportions.ts';
import type { Estimate } from '../result.ts';
import { type ProcessInput, windowsOf } from './input.ts';
import { entriesIn } from './scores.ts';

export interface AdaptationRow {
  readonly cycle: string;
  /** Events that took place and say whether anything was changed. */
  readonly events: number;
  readonly adapted: Estimate;
  readonly codes: readonly { readonly variable: string; readonly count: number }[];
}

/** One row for each cycle. An event may have several codes. */
export function adaptationsOf(input: ProcessInput): AdaptationRow[] {
  const { adaptations } = input.model;
  if (!adaptations) return [];
  return [...windowsOf(input)].map(([cycle, window]) => {
    const told = entriesIn(input, adaptations, window).filter(
      ({ values }) => typeof values[adaptations.adapted] === 'number',
    );
    const adapted = told.filter(({ values }) => values[adaptations.adapted] === 1);
    return {
      cycle,
      events: told.length,
      adapted: wilsonInterval(adapted.length, told.length),
      codes: adaptations.codes.map((variable) => ({
        variable,
        count: adapted.filter(({ values }) => values[variable] === 1).length,
      })),
    };
  });
}

export interface UsualRow {
  readonly arm: string;
  readonly variable: string;
  /** Mean from 0 to 1 of those who answered; without value where too few did. */
  readonly estimate: Estimate;
}

/**
 * How often staff of each arm do what the programme does, from 0 to 1, on the latest answer of each person that is known. The
 * difference between arms is what the programme adds; what comparison schools do is contamination, or usual practice. The
 * intervals take people as independent.
 * @param minimumCell fewest people of an arm who are shown; null: no limit
 */
export function usualPracticeOf(input: ProcessInput, minimumCell: number | null): UsualRow[] {
  const { usualPractice: usual } = input.model;
  if (!usual) return [];
  const all = entriesIn(input, usual, null);
  const latest = new Map<string, (typeof all)[number]>();
  for (const entry of all) {
    const known = latest.get(entry.person ?? entry.id);
    if (!known || known.day < entry.day) latest.set(entry.person ?? entry.id, entry);
  }
  const { min, max } = usual.range;
  return usual.variables.flatMap((variable) => {
    const byArm = input.arms.map(({ id }) =>
      [...latest.values()].flatMap(({ arm, values }) => {
        const value = arm === id ? values[variable] : null;
        return typeof value === 'number' ? [(value - min) / (max - min)] : [];
      }),
    );
    const { cells } = suppressSmallCells(
      byArm.map(({ length }) => length),
      minimumCell ?? 0,
    );
    return input.arms.map(({ id: arm }, at) => ({
      arm,
      variable,
      estimate: meanOf(byArm[at] ?? [], cells[at] ?? null),
    }));
  });
}

function meanOf(values: readonly number[], shown: number | null): Estimate {
  if (shown === null) {
    const text = 'Too few people answered, so it is not shown.';
    return { value: null, n: 0, interval: null, method: 'Mean with t interval', notes: [{ code: 'suppressed', text }] };
  }
  return meanInterval(values);
}

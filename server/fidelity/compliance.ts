/**
 * Compliance of every school and cluster as at a day that is named, not as at today: the same data give the same values whenever
 * they are asked for. Called by the datasets, for complier analyses.
 */

import type { Compliance } from '../../analysis/process/index-score.ts';
import { isWithin, type ProcessInput, windowsOf } from '../../analysis/process/input.ts';
import { pictureOf } from '../../analysis/process/picture.ts';
import { dayAfter, expectedWindow } from '../../instruments/fidelity/windows.ts';
import type { FidelityModel } from '../../instruments/fidelity-model.ts';
import type { Study } from '../../instruments/study.ts';
import type { Context } from '../context.ts';
import { loadFidelityData } from './fidelity.ts';
import type { StoredModel } from './models.ts';

export interface DatedCompliance {
  readonly model: Pick<StoredModel, 'version' | 'state' | 'hash'>;
  /** The day on which the rule was decided. */
  readonly decided: string;
  /** The last day that is looked at. */
  readonly day: string;
  /** Whether anything is still due after that day. */
  readonly running: boolean;
  readonly schools: ReadonlyMap<string, Compliance>;
  readonly clusters: ReadonlyMap<string, Compliance>;
}

/** The last day on which anything of a model can be due; null where no days of it can be told. */
export function lastDayOf(model: FidelityModel, waves: Study['waves']): string | null {
  const windows = windowsOf({ model, waves });
  const due = model.components.flatMap((component) =>
    component.cycles.flatMap((id) => {
      const cycle = windows.get(id);
      return (cycle && expectedWindow(component, cycle, waves)?.to) ?? [];
    }),
  );
  return [...[...windows.values()].map(({ to }) => to), ...due].sort().at(-1) ?? null;
}

/**
 * Null where the study has no published model, or one whose days cannot be told.
 * @param asAt the last day to look at; null: the last one on which anything is due
 */
export async function complianceAsAt(
  context: Pick<Context, 'db' | 'clock'>,
  study: Study,
  asAt: string | null,
): Promise<DatedCompliance | null> {
  const data = await loadFidelityData(context, study);
  const last = data ? lastDayOf(data.stored.model, study.waves) : null;
  if (!data || last === null) return null;
  const day = asAt !== null && asAt < last ? asAt : last;
  const { version, state, hash, model } = data.stored;
  const picture = pictureOf(until(data.input, day), null, null);
  return {
    ...{ model: { version, state, hash }, decided: model.compliance.decided, day, running: day < last },
    schools: new Map(picture.schools.map(({ id, compliance }) => [id, compliance])),
    clusters: new Map(picture.clusters.map(({ id, compliance }) => [id, compliance])),
  };
}

/** What had taken place by the evening of a day, and what was due by then. */
function until(input: ProcessInput, day: string): ProcessInput {
  const upTo = { from: '', to: day };
  return {
    ...input,
    today: dayAfter(day, 1),
    standing: day,
    entries: new Map([...input.entries].map(([key, list]) => [key, list.filter((one) => isWithin(one.day, upTo))])),
    told: input.told.map((one) => ({ ...one, days: one.days.filter((told) => isWithin(told, upTo)) })),
  };
}

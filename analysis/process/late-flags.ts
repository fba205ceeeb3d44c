/** Findings about places: expected events of which nobody has told, and sources that contradict each other. */
import type { LateEvent } from './dose.ts';
import type { ProcessInput } from './input.ts';
import type { Flag } from './quality.ts';
import type { ComparedUnit } from './sources.ts';

/** One finding for each event that is late. */
export function lateFlags(
  { model, schools }: Pick<ProcessInput, 'model' | 'schools'>,
  late: readonly LateEvent[],
  clusterOf: ReadonlyMap<string, string | null>,
): Flag[] {
  const components = new Map(model.components.map(({ id, title }) => [id, title]));
  const names = new Map(schools.map(({ id, name }) => [id, name]));
  return late.map(({ component, cycle, level, place, missing, due, daysLate }) => {
    const title = components.get(component) ?? component;
    const where = level === 'school' ? ` at ${names.get(place) ?? place}` : '';
    const count = missing === 1 ? '' : `, ${missing} times`;
    return {
      id: `late-event:${component}:${cycle}:${place}`,
      kind: 'late-event',
      entry: null,
      cluster: level === 'cluster' ? place : (clusterOf.get(place) ?? null),
      school: level === 'school' ? place : null,
      day: due,
      cycle,
      component,
      text: `${title}${where} was expected by ${due}${count}: ${daysLate} ${daysLate === 1 ? 'day' : 'days'} late, or not logged.`,
      told: null,
      counts: null,
    };
  });
}

/**
 * One finding where one source sees a place as low that another sees as intended.
 * @param minimumCell those who took part count only where at least so many of them answered
 */
export function contradictionFlags(
  units: readonly ComparedUnit[],
  title: (comparison: string) => string,
  minimumCell: number,
): Flag[] {
  return units.flatMap(({ comparison, cluster, cycle, views }) => {
    const told = (['self', 'facilitator', 'observer'] as const).flatMap((name) => {
      const view = views[name];
      if (!view || view.category === null || (name === 'self' && view.people < minimumCell)) return [];
      return [{ name, category: view.category }];
    });
    const low = told.filter(({ category }) => category === 0).map(({ name }) => name);
    const high = told.filter(({ category }) => category === 2).map(({ name }) => name);
    if (low.length === 0 || high.length === 0) return [];
    return [
      {
        id: `contradiction:${comparison}:${cycle}:${cluster}`,
        kind: 'contradiction' as const,
        entry: null,
        cluster,
        school: null,
        day: null,
        cycle,
        component: null,
        text: `${title(comparison)}: ${low.join(' and ')} low, ${high.join(' and ')} as intended.`,
        told: null,
        counts: null,
      },
    ];
  });
}

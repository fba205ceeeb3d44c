/**
 * Scores that stand for people, for readers who may not see identified rows: withheld where fewer people than the study's
 * minimum stand behind them, and where they could be worked out from a cluster and its other schools. Done before an index is
 * made, so that no index gives back what is hidden. Called by `picture.ts`.
 */
import type { FidelityModel } from '../../instruments/fidelity-model.ts';
import { type CountTree, suppressTree } from '../disclosure.ts';
import type { Cell, ScoredPlaces } from './scores.ts';

export function suppressedScores(
  model: Pick<FidelityModel, 'components'>,
  scores: ScoredPlaces,
  minimum: number,
): ScoredPlaces {
  const clusters = new Map([...scores.clusters].map(([id, cells]) => [id, [...cells]]));
  const schools = new Map([...scores.schools].map(([id, cells]) => [id, [...cells]]));
  const members = new Map<string, string[]>([...clusters.keys()].map((id) => [id, []]));
  for (const [school, cluster] of scores.clusterOf) if (cluster !== null) members.get(cluster)?.push(school);
  const personal = new Set(model.components.filter(({ level }) => level === 'person').map(({ id }) => id));
  const [first] = clusters.values();
  for (const [at, { component }] of (first ?? []).entries()) {
    if (!personal.has(component)) continue;
    const n = (cells: readonly Cell[] | undefined) => cells?.[at]?.people ?? 0;
    for (const [cluster, cells] of clusters) {
      const within = members.get(cluster) ?? [];
      const parts = within.map((school): CountTree => ({ count: n(schools.get(school)), parts: [] }));
      // Answers that tell the cluster and no school are a part of their own.
      const rest = n(cells) - parts.reduce((sum, { count }) => sum + count, 0);
      const tree = { count: Math.max(n(cells), 0), parts: rest > 0 ? [...parts, { count: rest, parts: [] }] : parts };
      const consistent = rest >= 0 && parts.length > 0;
      const shown = consistent
        ? suppressTree(tree, minimum)
        : {
            count: n(cells) >= minimum || n(cells) === 0 ? n(cells) : null,
            parts: parts.map(() => ({ count: null, parts: [] })),
          };
      if (shown.count === null) hide(cells, at);
      within.forEach((school, i) => {
        const list = schools.get(school);
        if (list && shown.parts[i]?.count === null) hide(list, at);
      });
    }
    for (const [school, cells] of schools) {
      const alone = (scores.clusterOf.get(school) ?? null) === null;
      if (alone && n(cells) > 0 && n(cells) < minimum) hide(cells, at);
    }
  }
  return { clusters, schools, clusterOf: scores.clusterOf };
}

function hide(cells: Cell[], at: number): void {
  const cell = cells[at];
  if (cell)
    cells[at] = { component: cell.component, cycle: cell.cycle, value: null, reason: 'suppressed', n: 0, people: 0 };
}

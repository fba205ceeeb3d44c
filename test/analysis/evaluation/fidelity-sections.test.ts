/** Fidelity in the reports: means over clusters worked by hand, compliance counted, and what a school is shown. */
import { expect, test } from 'vitest';
import {
  type FidelityInput,
  fidelitySections,
  schoolFidelitySection,
} from '../../../analysis/evaluation/fidelity-sections.ts';
import type { PlaceFidelity } from '../../../analysis/process/picture.ts';

function place(
  level: 'school' | 'cluster',
  id: string,
  cluster: string | null,
  value: number | null,
  complied: 0 | 1 | null,
  programme = true,
): PlaceFidelity {
  return {
    ...{ level, id, name: `The ${id}`, arm: programme ? 'i' : 'c', cluster, programme },
    cells: [{ component: 'review', cycle: '1', value, reason: value === null ? 'suppressed' : null, n: 1, people: 1 }],
    ...{ byCycle: [], index: value, coreIndex: value, share: 1 },
    dose: { planned: 4, received: 3, plannedDays: 2, receivedDays: 1.5, late: 1 },
    compliance: { complied, continuous: value, core: { reached: 0, of: 0 } },
  };
}

const input: FidelityInput = {
  model: { title: 'The programme', version: 2, state: 'locked' },
  compliance: { decided: '2026-01-01', index: 0.6 },
  components: [{ id: 'review', title: 'Peer review', core: true, level: 'school' }],
  cycles: [{ id: '1', title: 'First cycle' }],
  clusters: [
    place('cluster', 'k1', null, null, 1),
    place('cluster', 'k2', null, null, 0),
    place('cluster', 'k3', null, null, null),
  ],
  schools: [
    place('school', 'a', 'k1', 1, 1),
    place('school', 'b', 'k1', 0.5, 0),
    place('school', 'c', 'k2', 0.25, 0),
    place('school', 'd', 'k3', 0.5, 0),
    place('school', 'e', 'k3', null, null),
    place('school', 'f', null, 0, 0, false),
  ],
};

test('a score is the mean of the clusters’ means with an interval over clusters, comparison schools left out', () => {
  const [fidelity, compliance] = fidelitySections(input, false);
  // Clusters have 0.75, 0.25 and 0.5: mean 0.5, sd 0.25, error 0.1443, the quantile of 2 df 4.3027: 0.5 ± 0.621.
  const [row] = fidelity?.tables[0]?.rows ?? [];
  expect(row?.slice(0, 6)).toEqual(['Peer review', 'First cycle', 'core', 4, 3, 0.5]);
  expect(row?.[6]).toBeCloseTo(0.5 - 0.62103, 4);
  expect(row?.[7]).toBeCloseTo(0.5 + 0.62103, 4);
  expect(JSON.stringify(fidelity?.charts[0]?.config)).toContain('"xMin":0,"xMax":100');
  expect(fidelity?.tables[1]?.rows[0]).toEqual(['The k1', 4, 3, 1, 2, 1.5, null, null]);
  // Continuous over schools: (1 + 0.5 + 0.25 + 0.5) / 4.
  expect(compliance?.tables[0]?.rows.map((line) => line.slice(0, 6))).toEqual([
    ['Clusters', 3, 1, 1, 1, null],
    ['Schools', 5, 1, 3, 1, 0.5625],
  ]);
});

test('a school sees its own beside the clusters, a withheld score as withheld, and nothing outside the programme', () => {
  expect(schoolFidelitySection(input, 'a')[0]?.tables[0]?.rows).toEqual([['Peer review', 'First cycle', 1, 0.5]]);
  expect(schoolFidelitySection(input, 'e')[0]?.tables[0]?.rows).toEqual([
    ['Peer review', 'First cycle', 'suppressed', 0.5],
  ]);
  expect(schoolFidelitySection(input, 'f')).toEqual([]);
  const two = { ...input, schools: input.schools.filter(({ cluster }) => cluster !== 'k3') };
  expect(schoolFidelitySection(two, 'a')[0]?.tables[0]?.rows).toEqual([['Peer review', 'First cycle', 1, null]]);
});

/** Two clusters and a comparison school, with a small model, for the tests of process analyses. */
import type { PlacedEntry, ProcessInput, Told } from '../../../analysis/process/input.ts';
import { sourceKey } from '../../../analysis/process/input.ts';
import { parseFidelityModel } from '../../../instruments/fidelity/parse.ts';
import type { FidelityModel } from '../../../instruments/fidelity-model.ts';
import type { School } from '../../../instruments/study.ts';

const log = { instrument: 'log', table: 'events', day: 'date', school: null };
const atSchool = { ...log, school: 'school' };
const survey = { instrument: 'survey', table: null, where: [], day: null, school: null };

/** Training 40 % (cluster), reviews 40 % (schools, both cycles), engagement 20 % (people). */
export const smallModel = {
  id: 'small',
  version: 1,
  title: 'A small programme',
  cycles: [
    { id: '1', title: 'First', from: '2026-01-01', to: '2026-06-30' },
    { id: '2', title: 'Second', from: '2026-07-01', to: '2026-12-31' },
  ],
  components: [
    {
      id: 'training',
      title: 'Training',
      dimension: 'exposure',
      core: true,
      level: 'cluster',
      cycles: ['1'],
      expected: { count: 2, to: '2026-03-31', duration: 1 },
      source: { ...log, where: [{ variable: 'kind', is: [4] }] },
      rule: { kind: 'count', duration: 'days' },
      weight: 0.4,
    },
    {
      id: 'review',
      title: 'Review',
      dimension: 'adherence',
      core: true,
      level: 'school',
      after: ['training'],
      cycles: ['1', '2'],
      expected: { count: 1 },
      source: { ...atSchool, where: [{ variable: 'kind', is: [2] }] },
      rule: { kind: 'count' },
      weight: 0.4,
    },
    {
      id: 'engaged',
      title: 'Engagement',
      dimension: 'responsiveness',
      core: false,
      level: 'person',
      cycles: ['1'],
      expected: null,
      source: survey,
      rule: { kind: 'scale', scale: 'engaged', range: { min: 1, max: 5 } },
      weight: 0.2,
    },
  ],
  comparisons: [
    {
      id: 'delivery',
      title: 'Delivery',
      self: { source: survey, scale: 'engaged', range: { min: 1, max: 5 } },
      facilitator: {
        source: { ...survey, instrument: 'log' },
        scale: 'track',
        range: { min: 1, max: 5 },
      },
      observer: { source: { ...survey, instrument: 'visit' }, scale: 'overall', range: { min: 0, max: 10 } },
    },
  ],
  usualPractice: { source: survey, variables: ['u1', 'u2'], range: { min: 1, max: 5 } },
  adaptations: { source: { ...log, where: [] }, adapted: 'adapted', codes: ['c1', 'c2'] },
  index: { weights: 'sum-to-one', least: 0.5 },
  compliance: { decided: '2025-12-01', index: 0.6, coreShare: 0.5, coreScore: 0.5 },
};

export function modelOf(json: unknown = smallModel): FidelityModel {
  const parsed = parseFidelityModel(json);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return parsed.value;
}

const school = (id: string, cluster: string | null, more: Partial<School> = {}): School => ({
  ...{ id, name: `School ${id}`, arm: cluster === null ? 'comparison' : 'programme', cluster },
  ...{ phase: 'primary', pupils: 200, disadvantaged: 0.2 },
  ...more,
});

export const schools: readonly School[] = [
  school('a1', 'a'),
  school('a2', 'a'),
  school('b1', 'b'),
  school('b2', 'b', { spells: [{ from: '2026-03-01', to: null, cluster: 'b' }] }),
  school('c1', null),
];

export interface Line extends Partial<PlacedEntry> {
  readonly values?: PlacedEntry['values'];
}

/** The list that a part of the model reads, by the part's number. */
export function listOf(model: FidelityModel, component: string): string {
  const found = model.components.find(({ id }) => id === component);
  if (!found) throw new Error(component);
  return sourceKey(found.source);
}

let number = 0;
export function entry(cluster: string | null, atSchoolId: string | null, day: string, more: Line = {}): PlacedEntry {
  number += 1;
  const id = more.id ?? `e${String(number).padStart(3, '0')}`;
  return {
    ...{ id, response: id, administration: 'x', day, dated: true, arm: cluster === null ? 'comparison' : 'programme' },
    ...{ cluster, school: atSchoolId, told: atSchoolId, person: null, values: {}, scales: {} },
    ...more,
  };
}

export function toldOf(instrument: string, cluster: string | null, at: string | null, ...days: string[]): Told {
  return { response: `${instrument} ${cluster} ${at}`, instrument, arm: 'programme', cluster, school: at, days };
}

export function inputOf(more: Partial<ProcessInput> = {}): ProcessInput {
  return {
    model: modelOf(),
    arms: [
      { id: 'programme', title: 'Programme', kind: 'intervention' },
      { id: 'comparison', title: 'Comparison', kind: 'comparison' },
    ],
    waves: [],
    today: '2026-08-01',
    clusters: [
      { id: 'a', name: 'Cluster A', arm: 'programme' },
      { id: 'b', name: 'Cluster B', arm: 'programme' },
    ],
    schools,
    entries: new Map(),
    told: [],
    ...more,
  };
}

/** Versions and administrations of one instrument laid side by side: by an item map, or apart; a wave once. Worked by hand. */
import { expect, test } from 'vitest';
import { evaluationReport } from '../../../analysis/evaluation/evaluation-report.ts';
import { relationSections } from '../../../analysis/evaluation/relation-sections.ts';
import { schoolReport } from '../../../analysis/evaluation/school-report.ts';
import { instrumentFigures } from '../../../analysis/evaluation/study-figures.ts';
import type { PlaceFidelity } from '../../../analysis/process/picture.ts';
import type { AdministrationReportInput } from '../../../analysis/report.ts';
import type { ItemMap } from '../../../instruments/versions/item-map.ts';
import { type SchoolOf, trust, world } from '../report-world.ts';
import { studyWorld } from './study-world.ts';

const gate = { icc1: -1, icc2: -100, rwgJ: 0, minimumGroup: 1 };
/** Three schools of six; `top` is the highest answer, and a score is the answer. */
const schools = (top: number, answers: readonly number[], of: Partial<SchoolOf> = {}): SchoolOf[] =>
  ['a', 'b', 'd'].map((id) => ({
    ...{ id, cluster: null, arm: id === 'd' ? 'c' : 'i', invited: answers.length },
    people: answers.map((answer) => [1, answer, answer, top + 1 - answer, 1] as const),
    ...of,
  }));

const waves = [
  { id: 'before', title: 'Before', opens: '2026-01-01', closes: '2026-02-01' },
  { id: 'after', title: 'After', opens: '2027-01-01', closes: '2027-02-01' },
];

function asked(
  list: readonly SchoolOf[],
  { id, wave = 'before', version = 1, top = 5 }: { id: string; wave?: string; version?: number; top?: number },
): AdministrationReportInput {
  const input = world(list, { scale: { ...trust, range: { min: 1, max: top } } });
  return {
    ...input,
    study: { ...input.study, waves },
    administration: { ...input.administration, id, title: id, wave, version },
    instrument: { ...input.instrument, version },
  };
}

const map: ItemMap = {
  ...{ instrument: 'small', from: 1, to: 2, decisions: [] },
  items: ['q1', 'q2', 'q3'].map((name) => ({
    ...{ item: name, from: name, rule: 'rescaled', codes: {}, within: null, grade: 'linkable', reason: '', note: null },
    rescale: { from: { min: 1, max: 5 }, to: { min: 1, max: 9 } },
  })),
};
const versions = [
  asked(schools(5, [2, 2, 3, 3, 4, 4]), { id: 'one' }),
  asked(schools(9, [6, 6, 7, 7, 8, 8]), { id: 'two', wave: 'after', version: 2, top: 9 }),
];

test('an item map reads the older version as the newer one, and scores it by the newer rule', () => {
  const [scale, ...others] = instrumentFigures({ administrations: versions, maps: [map], gate });
  expect(others).toEqual([]);
  expect(scale).toMatchObject({ title: 'Trust', range: { min: 1, max: 9 } });
  expect(scale?.notes).toEqual([
    {
      code: 'read-as',
      text: 'Answers to version 1 are read as answers to version 2 by the item map of the instrument, and scored by its rule.',
    },
  ]);
  const mean = (at: number) => scale?.waves[at]?.groups.find(({ id }) => id === 'a')?.exact.mean.value;
  // 3 on 1 to 5 lies on 5 of 1 to 9: 1 + 8 × 2/4. Without the map, 3 would stand beside 7.
  expect(mean(0)).toBeCloseTo(5, 12);
  expect(mean(1)).toBeCloseTo(7, 12);
  const change = scale?.outcomes.contrasts.find(({ kind, arm }) => kind === 'change' && arm === 'i');
  expect(change?.estimate.value).toBeCloseTo(2, 6);
});

test('without a map, or with one that leaves an item out, each rule is a scale of its own, and nothing is subtracted', () => {
  const dropped = { ...map, items: map.items.map((one) => (one.item === 'q2' ? { ...one, from: null } : one)) };
  for (const maps of [[], [dropped]]) {
    const figures = instrumentFigures({ administrations: versions, maps, gate });
    expect(figures.map(({ id, title, range }) => [id, title, range.max])).toEqual([
      ['trust', 'Trust (version 2)', 9],
      ['trust-v1', 'Trust (version 1)', 5],
    ]);
    expect(figures.map((one) => one.waves.map(({ wave }) => wave))).toEqual([['after'], ['before']]);
    expect(figures.flatMap(({ outcomes }) => outcomes.contrasts.filter(({ kind }) => kind !== 'difference'))).toEqual(
      [],
    );
    const input = { ...studyWorld([], []), study: versions[0]?.study ?? studyWorld([], []).study, scales: figures };
    const tables = evaluationReport(input).sections.flatMap((section) => section.tables);
    expect(tables.find(({ id }) => id === 'outcome-1-trust-means')?.notes[0]).toMatchObject({
      code: 'other-rule',
      text: expect.stringContaining('Not laid beside “Trust (version 1)”'),
    });
    const about = { ...input, disadvantaged: new Map<string, number>(), from: null, to: null };
    expect(relationSections({ ...about, clusters: [], schools: [] })).toEqual([]);
  }
});

test('two administrations of one wave are one: n, SD and bands of all, a person once, no column twice', () => {
  const teachers = asked(schools(5, [1, 2, 3, 3]), { id: 'teachers' });
  const leaders = asked(schools(5, [5, 5]), { id: 'leaders' });
  const named = (input: AdministrationReportInput, names: readonly string[]): AdministrationReportInput => ({
    ...input,
    rows: input.rows.map((row, at) => ({ ...row, person: `${row.school} ${names[at % names.length]}` })),
  });
  const after = asked(schools(5, [2, 2, 3, 3, 4, 4]), { id: 'later', wave: 'after' });
  const figuresOf = (...administrations: AdministrationReportInput[]) => {
    const [figures] = instrumentFigures({ administrations, maps: [], gate });
    if (!figures) throw new Error('no scale');
    return figures;
  };
  const both = figuresOf(teachers, leaders, after);
  expect(both.waves.map(({ wave }) => wave)).toEqual(['before', 'after']);
  expect(both.notes).toEqual([
    {
      code: 'several-administrations',
      text: 'Before: answers to “teachers” and “leaders” are read together. Whoever answered more than one of them counts once as far as they are not anonymous, with the first answers that make a score.',
    },
  ]);
  const own = both.waves[0]?.groups.find(({ id }) => id === 'a')?.exact;
  // 1, 2, 3, 3, 5, 5: the mean is 19 / 6, the squares from it add up to 73 - 361 / 6.
  expect(own).toMatchObject({ n: 6, bands: [2, 2, 2] });
  expect(own?.mean.value).toBeCloseTo(19 / 6, 12);
  expect(own?.sd).toBeCloseTo(Math.sqrt((73 - 361 / 6) / 5), 12);
  // Four and two people are too few alone; six of them may be told.
  expect(both.waves[0]?.groups.find(({ id }) => id === 'a')?.protected.n).toBe(6);
  // One of the two leaders is among the four teachers: five people, her first answer counts.
  const once = figuresOf(named(teachers, ['t1', 't2', 't3', 't4']), named(leaders, ['t4', 'l1']));
  expect(once.waves[0]?.groups.find(({ id }) => id === 'a')?.exact).toMatchObject({ n: 5, bands: [2, 2, 1] });

  const lists = [schools(5, [1, 2, 3, 3]), schools(5, [5, 5])];
  const base = studyWorld(lists[0] ?? [], []);
  const administrations = [teachers, leaders].map(({ administration: { id, title, wave }, rates }) => ({
    ...{ id, title, wave, rates, instrument: 'small' },
  }));
  const input = { ...base, study: { ...base.study, waves }, gate, scales: [both], administrations };
  const report = evaluationReport(input);
  for (const { columns } of report.sections.flatMap(({ tables }) => tables)) {
    expect(new Set(columns.map(({ id }) => id)).size).toBe(columns.length);
  }
  // What the two have together must not be had less what one of them has.
  const answered = (of: ReturnType<typeof evaluationReport>, id: string) =>
    of.sections.flatMap(({ tables }) => tables).find((table) => table.id === id)?.rows ?? [];
  expect(answered(report, 'response-by-arm')).toHaveLength(4);
  const suppressed = { ...input, suppress: true };
  expect(answered(evaluationReport(suppressed), 'response-by-arm').map((row) => [row[1], row[6]])).toEqual([
    ['teachers, leaders', 12],
    ['teachers, leaders', 6],
  ]);
  expect(answered(schoolReport(suppressed, 'a'), 'response')[0]?.slice(1, 5)).toEqual([
    ...['teachers, leaders', 'Your school', 6, 6],
  ]);

  const place = (id: string): PlaceFidelity => ({
    ...{ level: 'school', id, name: id, arm: 'i', cluster: null, programme: true, cells: [], byCycle: [] },
    ...{ index: 0.5, coreIndex: 0.5, share: 1 },
    dose: { planned: 0, received: 0, plannedDays: 0, receivedDays: 0, late: 0 },
    compliance: { complied: 1, continuous: 0.5, core: { reached: 0, of: 0 } },
  });
  const relate = (scale: typeof both) =>
    relationSections({
      ...{ study: input.study, scales: [scale], schools: [place('a'), place('b')], clusters: [], suppress: false },
      ...{ disadvantaged: new Map(), from: null, to: null },
    });
  // (2 + 2 + 3 + 3 + 4 + 4) / 6 less 19 / 6.
  expect(relate(both)[0]?.tables[1]?.rows[0]?.slice(3)).toEqual([6, 6, expect.closeTo(-1 / 6, 12)]);
  expect(relate(figuresOf(teachers, leaders))).toEqual([]);
});

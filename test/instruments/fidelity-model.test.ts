import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { codebookOf } from '../../instruments/codebook.ts';
import { blankFidelityModel } from '../../instruments/fidelity/blank.ts';
import { checkAgainstInstruments } from '../../instruments/fidelity/check.ts';
import { parseFidelityModel } from '../../instruments/fidelity/parse.ts';
import { type Entry, type ScoreContext, scoreOf } from '../../instruments/fidelity/score.ts';
import { cycleWindow, expectedWindow, missingDays } from '../../instruments/fidelity/windows.ts';
import { type Component, type FidelityModel, readFidelityModel } from '../../instruments/fidelity-model.ts';
import { parseInstrument } from '../../instruments/parse.ts';

const folder = new URL('../../instruments/', import.meta.url);
const shipped = () => JSON.parse(readFileSync(new URL('models/spp.v1.json', folder), 'utf8'));

function modelOf(json: unknown): FidelityModel {
  const parsed = parseFidelityModel(json);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return parsed.value;
}

function issuesOf(json: unknown) {
  const parsed = parseFidelityModel(json);
  return parsed.ok ? [] : parsed.issues;
}

const library = ['implementation-log', 'peer-review-observation', 'programme-experience'].map((id) => {
  const parsed = parseInstrument(JSON.parse(readFileSync(new URL(`library/${id}.v1.json`, folder), 'utf8')));
  if (!parsed.ok) throw new Error(id);
  return { codebook: codebookOf(parsed.value), scales: parsed.value.scales };
});

describe('the shipped model', () => {
  it('is a model of two cycles whose weights sum to 1, on variables that the shipped instruments have', () => {
    const model = modelOf(shipped());
    expect(model.cycles.map(({ id }) => id)).toEqual(['1', '2']);
    expect(model.components.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12);
    expect(checkAgainstInstruments(model, library)).toEqual([]);
  });

  it('holds what the programme describes: four training days, two peer reviews of a day at least, and so on', () => {
    const titles = modelOf(shipped()).components.map(({ title }) => title);
    for (const wanted of [
      'Cluster formed',
      'Improvement Champions',
      ...[1, 2, 3, 4].map((day) => `Training day ${day}`),
      'Self-review',
      'Peer review 1',
      'Peer review 2',
      'Improvement workshop',
      'Follow-up support',
    ])
      expect(titles).toContain(wanted);
  });
});

describe('a model is refused with the place', () => {
  it('while it has no cycle and no component, or a component without a cycle', () => {
    const blank = blankFidelityModel({ id: 'trial', title: 'Trial' }, '2026-09-01');
    expect(readFidelityModel(blank).success).toBe(true);
    expect(issuesOf(blank).map(({ code, path }) => [code, path])).toEqual([
      ['no-cycle', 'cycles'],
      ['no-component', 'components'],
    ]);
    const model = shipped();
    model.components[2].cycles = [];
    expect(issuesOf(model)).toEqual([expect.objectContaining({ code: 'no-cycle', path: 'components.2.cycles' })]);
  });

  it('when its order leads back to itself, with the way round', () => {
    const model = shipped();
    model.components[0].after = ['self-review'];
    expect(issuesOf(model)).toEqual([
      expect.objectContaining({
        code: 'circular-order',
        message: expect.stringContaining('cluster-formation after self-review after cluster-formation'),
      }),
    ]);
  });

  it('when its weights do not sum to 1, with what they sum to; unless they are relative', () => {
    const model = shipped();
    model.components[0].weight = 0.25;
    expect(issuesOf(model)).toEqual([
      {
        code: 'weights-do-not-sum',
        path: 'index.weights',
        message: 'The weights sum to 1.2, not to 1. Change them, or declare them as relative.',
      },
    ]);
    model.index.weights = 'relative';
    expect(issuesOf(model)).toEqual([]);
  });

  it('when it names what is not there, or one thing twice', () => {
    const model = shipped();
    model.components[1].cycles = ['9'];
    model.components[2].after = ['nothing'];
    model.components[3].id = model.components[2].id;
    expect(issuesOf(model).map(({ code, path }) => [code, path])).toEqual([
      ['duplicate-id', 'components.3.id'],
      ['unknown-cycle', 'components.1.cycles.0'],
      ['unknown-component', 'components.2.after.0'],
      ['unknown-component', 'components.4.after.0'],
    ]);
  });

  it('when a count has nothing to count against, or a range is empty', () => {
    const model = shipped();
    const at = (id: string) => model.components.findIndex((one: Component) => one.id === id);
    model.components[at('self-review')].expected = null;
    model.components[at('responsiveness')].rule.range = { min: 5, max: 1 };
    model.components[at('review-quality')].cutoffs = { low: 0.9, high: 0.5 };
    expect(issuesOf(model).map(({ code }) => code)).toEqual(['nothing-expected', 'cutoffs-crossed', 'empty-range']);
  });

  it('when a rule is on a variable that a version lacks', () => {
    const model = modelOf(shipped());
    const [log, ...others] = library;
    if (!log) throw new Error('no log');
    const older = {
      ...log,
      codebook: {
        ...log.codebook,
        version: 7,
        tables: log.codebook.tables.map((table) => ({
          ...table,
          variables: table.variables.filter(({ name }) => name !== 'ev_training_day'),
        })),
      },
    };
    const issues = checkAgainstInstruments(model, [log, older, ...others]);
    expect(issues.map(({ path }) => path)).toEqual(
      [2, 3, 4, 5].map((at) => `components.${at}.source.where.2.variable`),
    );
    expect(issues[0]?.message).toBe('Version 7 of "implementation-log" has no variable "ev_training_day" in "events".');
    expect(checkAgainstInstruments(model, others).every(({ code }) => code === 'unknown-instrument')).toBe(true);
  });
});

describe('days', () => {
  const waves = [
    { id: 'baseline', opens: '2026-01-10', closes: '2026-02-20' },
    { id: 'mid', opens: '2026-09-01', closes: '2026-09-30' },
  ];

  it('hang on the waves of the study, and on the cycle', () => {
    const { cycles, components } = modelOf(shipped());
    const [first, second] = cycles;
    if (!first || !second) throw new Error('no cycles');
    const window = cycleWindow(first, waves);
    expect(window).toEqual({ from: '2026-01-10', to: '2026-09-30' });
    // The second ends with a wave that this study has not.
    expect(cycleWindow(second, waves)).toBeNull();
    const review = components.find(({ id }) => id === 'self-review');
    // 10 January and 150 days: 21 left of January, 28 of February, 31, 30, 31: 141 to 31 May; 9 June.
    expect(window && review && expectedWindow(review, window, waves)).toEqual({ from: '2026-01-10', to: '2026-06-09' });
    expect(missingDays(modelOf(shipped()), waves)).toEqual([
      'cycles.1: the days of "Second cycle" cannot be told from the waves of this study',
    ]);
  });
});

describe('a score', () => {
  const context: ScoreContext = { schools: 4, covered: true, due: true };
  const entry = (values: Entry['values'], scales: Entry['scales'] = {}): Entry => ({ values, scales });
  const expected = (count: number, duration: number | null = null): Component['expected'] => ({
    count,
    duration,
    from: { cycle: 'begins', days: 0 },
    to: { cycle: 'ends', days: 0 },
  });

  it('of a count is what took place over what is expected, and at most 1', () => {
    const rule = { kind: 'count', duration: null } as const;
    const of = (n: number, more: Partial<ScoreContext> = {}) =>
      scoreOf({ rule, expected: expected(2) }, new Array(n).fill(entry({})), { ...context, ...more });
    expect([0, 1, 2, 3].map((n) => of(n).value)).toEqual([0, 0.5, 1, 1]);
    expect(of(0, { covered: false })).toEqual({ value: null, reason: 'no-data', n: 0, people: 0 });
    expect(of(1, { due: false })).toEqual({ value: null, reason: 'not-due', n: 1, people: 1 });
    expect(of(2, { due: false }).value).toBe(1);
  });

  it('of a count with a duration counts short events in part', () => {
    const rule = { kind: 'count', duration: 'days' } as const;
    const entries = [entry({ days: 0.5 }), entry({ days: 3 }), entry({ days: null })];
    // Of two expected days each: .25, 1 and, untold, 1; the two highest of two expected: 2 / 2.
    expect(scoreOf({ rule, expected: expected(2, 2) }, entries, context).value).toBe(1);
    // Of three: (.25 + 1 + 1) / 3 = .75.
    expect(scoreOf({ rule, expected: expected(3, 2) }, entries, context).value).toBe(0.75);
  });

  it('of a share is the mean of what is expected, what did not take place counting 0', () => {
    const rule = { kind: 'share', variable: 'schools', outOf: 'schools' } as const;
    const entries = [entry({ schools: 3 }), entry({ schools: 5 })];
    // 3/4 and 1 (5 of 4 is all): of two (.75 + 1) / 2, of four (.75 + 1) / 4.
    expect(scoreOf({ rule, expected: expected(2) }, entries, context).value).toBe(0.875);
    expect(scoreOf({ rule, expected: expected(4) }, entries, context).value).toBe(0.4375);
    expect(scoreOf({ rule, expected: null }, [entry({ schools: null })], context).reason).toBe('missing-values');
  });

  it('of a proportion leaves out those that do not say', () => {
    const when = { variable: 'adapted', is: [1] };
    const entries = [entry({ adapted: 1 }), entry({ adapted: 0 }), entry({ adapted: 0 }), entry({ adapted: null })];
    const of = (reversed: boolean) =>
      scoreOf({ rule: { kind: 'proportion', when, reversed }, expected: null }, entries, context);
    expect(of(false)).toEqual({ value: 1 / 3, reason: null, n: 3, people: 3 });
    expect(of(true).value).toBeCloseTo(2 / 3, 12);
  });

  it('of thresholds is that of the highest step reached', () => {
    const steps = [
      { from: 2, score: 0.5 },
      { from: 3, score: 1 },
      { from: 8, score: 0.5 },
    ];
    const rule = { kind: 'thresholds', variable: 'x', figure: 'highest', steps } as const;
    const of = (x: number) => scoreOf({ rule, expected: null }, [entry({ x })], context).value;
    expect([1, 2, 3, 7, 8].map(of)).toEqual([0, 0.5, 1, 1, 0.5]);
  });

  it('of a scale runs from its lowest to its highest value', () => {
    const rule = { kind: 'scale', scale: 's', range: { min: 1, max: 5 } } as const;
    const entries = [entry({}, { s: 4 }), entry({}, { s: 2.5 }), entry({}, { s: null })];
    // (4 + 2.5) / 2 = 3.25; (3.25 - 1) / 4 = .5625.
    expect(scoreOf({ rule, expected: null }, entries, context)).toEqual({
      value: 0.5625,
      reason: null,
      n: 2,
      people: 2,
    });
  });
});

import { describe, expect, it } from 'vitest';
import { lateEvents } from '../../../analysis/process/dose.ts';
import { contradictionFlags } from '../../../analysis/process/late-flags.ts';
import { pictureOf } from '../../../analysis/process/picture.ts';
import { countedEntries, entryFlags } from '../../../analysis/process/quality.ts';
import { agreementOf, comparedUnits } from '../../../analysis/process/sources.ts';
import { entry, inputOf, listOf, modelOf, toldOf } from './world.ts';

const model = modelOf();
const lists = { cluster: listOf(model, 'training'), school: listOf(model, 'review'), people: listOf(model, 'engaged') };

const training = (cluster: string, day: string, days: number) =>
  entry(cluster, null, day, { values: { kind: 4, days } });
const review = (cluster: string, school: string, day: string) => entry(cluster, school, day, { values: { kind: 2 } });
const person = (cluster: string, school: string | null, engaged: number) =>
  entry(cluster, school, '2026-05-01', { scales: { engaged } });

/** Cluster a: training of 1 and .5 days, reviews at both schools. Cluster b: one late training day, a review at b1 alone. */
const input = inputOf({
  entries: new Map([
    [lists.cluster, [training('a', '2026-02-01', 1), training('a', '2026-03-01', 0.5), training('b', '2026-04-10', 1)]],
    [lists.school, [review('a', 'a1', '2026-05-01'), review('a', 'a2', '2026-05-02'), review('b', 'b1', '2026-05-03')]],
    [
      lists.people,
      [
        ...[5, 5, 4, 4, 3].map((engaged) => person('a', 'a1', engaged)),
        ...[1, 2].map((engaged) => person('a', 'a2', engaged)),
      ],
    ],
  ]),
  told: [toldOf('log', 'a', null, '2026-05-10'), toldOf('log', 'b', null, '2026-05-11')],
});

describe('the picture', () => {
  const picture = pictureOf(input, null, null);
  const place = (id: string) => {
    const found = [...picture.clusters, ...picture.schools].find((one) => one.id === id);
    if (!found) throw new Error(id);
    return found;
  };
  const scores = (id: string) => place(id).cells.map(({ value, reason }) => value ?? reason);

  it('scores clusters, and schools with what is their cluster’s', () => {
    // Training (1 + .5) / 2 = .75; reviews 1; in the second cycle not due. Engagement of a1: mean 4.2, (4.2 - 1) / 4 = .8.
    expect(scores('a1')).toEqual([0.75, 1, 'not-due', expect.closeTo(0.8, 12)]);
    // a2: mean 1.5, .125; the cluster: 24 / 7 = 3.428…, 17 / 28.
    expect(scores('a2')).toEqual([0.75, 1, 'not-due', 0.125]);
    expect(scores('a')).toEqual([0.75, 1, 'not-due', expect.closeTo(17 / 28, 12)]);
    // b: one day of two; b1 reviewed, b2 not, of whom the log would have told.
    expect(scores('b1')).toEqual([0.5, 1, 'not-due', 'no-data']);
    expect(scores('b2')).toEqual([0.5, 0, 'not-due', 'no-data']);
    expect(scores('b')).toEqual([0.5, 0.5, 'not-due', 'no-data']);
    expect(scores('c1')).toEqual(
      ['not-in-programme', 'not-in-programme', 'not-in-programme', 'no-data'].fill('not-in-programme'),
    );
  });

  it('makes the index of the weights that are due, and tells how much of them is known', () => {
    // a1: (.4 × .75 + .2 × 1 + .2 × .8) / .8 = .66 / .8.
    expect(place('a1').index).toBeCloseTo(0.825, 12);
    expect(place('a1').share).toBeCloseTo(1, 12);
    // b2: (.4 × .5 + .2 × 0) / .6 = 1/3, on .6 / .8 of the weight.
    expect(place('b2').index).toBeCloseTo(1 / 3, 12);
    expect(place('b2').share).toBeCloseTo(0.75, 12);
    // Core of b1: (.4 × .5 + .2 × 1) / .6 = 2/3.
    expect(place('b1').coreIndex).toBeCloseTo(2 / 3, 12);
  });

  it('says who complied by the rule, and gives the comparison nothing', () => {
    // From .6 on with half of the core scores at .5: b2 has an index of 1/3, a2 of (.3 + .2 + .025) / .8 = .656.
    const complied = ['a1', 'a2', 'b1', 'b2', 'c1'].map((id) => place(id).compliance.complied);
    expect(complied).toEqual([1, 1, 1, 0, 0]);
    expect(place('a2').compliance.continuous).toBeCloseTo(0.65625, 12);
    expect(place('c1').compliance.continuous).toBe(0);
  });

  it('counts events and days against those planned, and says what is late', () => {
    const rows = picture.dose.filter(({ place: id }) => id === 'b' || id === 'b2');
    const training = rows.find(({ component }) => component === 'training');
    // The last expected day is 31 March; 10 April is ten days later.
    expect(training).toMatchObject({ planned: 2, received: 1, plannedDays: 2, receivedDays: 1, late: 1, daysLate: 10 });
    // By 1 August two training days and the two reviews of the first cycle; those of the second are due on 31 December.
    expect(place('a').dose).toMatchObject({ planned: 4, received: 4, plannedDays: 2, receivedDays: 1.5, late: 0 });
    const early = entry('a', 'a1', '2026-07-05', { values: { kind: 2 } });
    const entries = new Map([...input.entries, [lists.school, [...(input.entries.get(lists.school) ?? []), early]]]);
    const dose = (today: string) =>
      pictureOf({ ...input, entries, today }, null, null).clusters.find(({ id }) => id === 'a')?.dose;
    expect(dose('2026-12-31')).toMatchObject({ planned: 4, received: 4 });
    expect(dose('2027-01-01')).toMatchObject({ planned: 6, received: 5 });
    // On 1 August: the second training day of b since 31 March (123 days), the review of b2 since 30 June (32 days).
    expect(
      lateEvents(picture.dose, '2026-08-01').map((one) => [one.component, one.place, one.missing, one.daysLate]),
    ).toEqual([
      ['training', 'b', 1, 123],
      ['review', 'b2', 1, 32],
    ]);
  });

  it('counts people, not what they sent, before it shows a score', () => {
    // Three people who answered twice each, beside five at the other school: six entries, and still three people.
    const twice = ['p', 'q', 'r'].flatMap((who) =>
      [4, 5].map((engaged) => ({ ...person('a', 'a2', engaged), person: who })),
    );
    const five = [5, 5, 4, 4, 3].map((engaged) => person('a', 'a1', engaged));
    const seen = pictureOf({ ...input, entries: new Map([[lists.people, [...five, ...twice]]]) }, null, 5);
    const cell = (id: string) =>
      [...seen.clusters, ...seen.schools]
        .find((one) => one.id === id)
        ?.cells.find(({ component }) => component === 'engaged');
    expect(cell('a2')).toMatchObject({ value: null, reason: 'suppressed' });
    expect(cell('a1')).toMatchObject({ value: null, reason: 'suppressed' });
    expect(cell('a')).toMatchObject({ n: 11, people: 8 });
  });

  it('withholds scores of too few people before it makes an index', () => {
    const seen = pictureOf(input, null, 5);
    const cell = (id: string) =>
      [...seen.clusters, ...seen.schools]
        .find((one) => one.id === id)
        ?.cells.find(({ component }) => component === 'engaged');
    // Two people at a2; with the cluster's 7 and a1's 5 they could be worked out, so a1 goes, too.
    expect(cell('a2')).toMatchObject({ value: null, reason: 'suppressed', n: 0 });
    expect(cell('a1')).toMatchObject({ value: null, reason: 'suppressed', n: 0 });
    expect(cell('a')?.n).toBe(7);
    // (.4 × .75 + .2 × 1) / .6, which tells nothing of engagement.
    expect(seen.schools.find(({ id }) => id === 'a2')?.index).toBeCloseTo(5 / 6, 12);
  });
});

describe('findings about the data', () => {
  it('keep entries out that cannot be, and let them in when somebody says so', () => {
    const twice = { values: { kind: 2 }, response: 'log-2' };
    const entries = new Map([
      [
        lists.school,
        [
          review('b', 'b2', '2026-02-01'),
          review('a', 'b1', '2026-05-01'),
          entry('a', 'a1', '2026-05-01', { id: 'one', values: { kind: 2 } }),
          entry('a', 'a1', '2026-05-01', { id: 'two', ...twice }),
          entry('a', null, '2026-05-01', { told: 'Nowhere', values: { kind: 2 } }),
          review('a', 'a2', '2026-09-01'),
          review('a', 'a2', '2025-09-01'),
          entry('a', 'a2', '2026-05-01', { values: { kind: 2 }, dated: false }),
          // Put off: read by no component, so nothing is asked of its day.
          entry('a', 'a2', '2026-05-01', { values: { kind: null }, dated: false }),
        ],
      ],
    ]);
    const flags = entryFlags({ ...input, entries, people: new Map() });
    expect(flags.map(({ kind, counts }) => [kind, counts])).toEqual([
      ['before-joining', false],
      ['other-cluster', false],
      ['unknown-school', true],
      ['future-day', false],
      ['outside-cycles', true],
      ['no-day', true],
      ['duplicate', false],
    ]);
    const counted = (decided: [string, 'count' | 'leave-out'][]) =>
      countedEntries(entries, flags, new Map(decided)).get(lists.school)?.length;
    expect(counted([])).toBe(5);
    expect(counted([['duplicate:two', 'count']])).toBe(6);
    expect(counted([[flags.find(({ kind }) => kind === 'no-day')?.id ?? '', 'leave-out']])).toBe(4);
  });

  it('leave one of two logs of an event, whichever of them is left out', () => {
    const left = {
      ...{ school: 'a1', cluster: 'a', arm: 'programme', role: 'teacher' as const },
      spells: [{ from: null, to: '2026-04-30', school: 'a1', cluster: 'a', role: 'teacher' as const }],
    };
    const log = (id: string, more: object = {}) => entry('a', 'a1', '2026-05-01', { id, values: { kind: 2 }, ...more });
    const counted = (list: readonly ReturnType<typeof log>[], decided: [string, 'count' | 'leave-out'][] = []) => {
      const entries = new Map([[lists.school, list]]);
      const flags = entryFlags({ ...input, entries, people: new Map([['p', left]]) });
      return countedEntries(entries, flags, new Map(decided))
        .get(lists.school)
        ?.map(({ id }) => id);
    };
    // The first came from somebody who had left, and waits for that reason: the second tells of the event.
    const three = [log('one', { person: 'p' }), log('three'), log('two')];
    expect(counted(three)).toEqual(['three']);
    expect(counted(three, [['person-left:one', 'count']])).toEqual(['one']);
    expect(counted(three, [['duplicate:three', 'leave-out']])).toEqual(['two']);
    expect(counted(three, [['duplicate:two', 'count']])).toEqual(['three', 'two']);
    expect(counted([log('one'), log('two')], [['duplicate:two', 'leave-out']])).toEqual(['one']);
  });

  it('tell of people who had left when they answered', () => {
    const left = {
      ...{ school: 'a1', cluster: 'a', arm: 'programme', role: 'teacher' as const },
      spells: [{ from: null, to: '2026-04-30', school: 'a1', cluster: 'a', role: 'teacher' as const }],
    };
    const entries = new Map([[lists.people, [entry('a', 'a1', '2026-05-01', { person: 'p', told: null })]]]);
    const flags = entryFlags({ ...input, entries, people: new Map([['p', left]]) });
    expect(flags.map(({ kind, counts }) => [kind, counts])).toEqual([['person-left', false]]);
  });
});

describe('three sources', () => {
  it('contradict each other by what people say, each of whom counts once', () => {
    const [comparison] = model.comparisons;
    if (!comparison) throw new Error('no comparison');
    const key = (name: 'self' | 'observer') => {
      const source = comparison[name]?.source;
      return JSON.stringify([source?.instrument, source?.table, source?.day, source?.school]);
    };
    const kinds = (people: number) => {
      // Six answers of 1, low; the observer saw 10 of 10.
      const self = [0, 1, 2, 3, 4, 5].map((at) => ({ ...person('a', 'a1', 1), person: `p${at % people}` }));
      const watched = entry('a', null, '2026-05-01', { scales: { overall: 10 } });
      const entries = new Map([
        [key('self'), self],
        [key('observer'), [watched]],
      ]);
      const units = comparedUnits(inputOf({ entries }), comparison);
      expect(units[0]?.views.self).toMatchObject({ value: 0, n: 6, people });
      return contradictionFlags(units, () => 'Delivery', 5).map(({ kind }) => kind);
    };
    expect(kinds(6)).toEqual(['contradiction']);
    expect(kinds(3)).toEqual([]);
  });

  it('agree by kappa of low, partly and as intended, and by the correlation of their scores', () => {
    const [comparison] = model.comparisons;
    if (!comparison) throw new Error('no comparison');
    const own = (name: 'self' | 'facilitator' | 'observer', scale: string, values: [string, number][]) => {
      const source = comparison[name]?.source;
      const key = JSON.stringify([source?.instrument, source?.table, source?.day, source?.school]);
      return [
        key,
        values.map(([cluster, value]) => entry(cluster, null, '2026-05-01', { scales: { [scale]: value } })),
      ] as const;
    };
    const compared = comparedUnits(
      inputOf({
        entries: new Map([
          // a: (4.5 - 1) / 4 = .875 as intended; b: (2 - 1) / 4 = .25 low.
          own('self', 'engaged', [
            ['a', 5],
            ['a', 4],
            ['b', 2],
          ]),
          // a: 1 as intended; b: .75 partly.
          own('facilitator', 'track', [
            ['a', 5],
            ['b', 4],
          ]),
          // a: .4 low; nobody watched b.
          own('observer', 'overall', [['a', 4]]),
        ]),
      }),
      comparison,
    );
    expect(
      compared.map(({ cluster, views }) => [
        cluster,
        views.self?.value,
        views.facilitator?.value,
        views.observer?.value,
      ]),
    ).toEqual([
      ['a', 0.875, 1, 0.4],
      ['b', 0.25, 0.75, null],
    ]);
    const { pairs, all } = agreementOf(comparison, compared);
    // Self against facilitator: (2, 2) and (0, 1). Observed 1/2; expected 1/2 × 1/2 + 0 = 1/4: kappa 1/3.
    expect(pairs[0]).toMatchObject({
      one: 'self',
      other: 'facilitator',
      n: 2,
      table: [
        [0, 1, 0],
        [0, 0, 0],
        [0, 0, 1],
      ],
    });
    expect(pairs[0]?.kappa.kappa.value).toBeCloseTo(1 / 3, 12);
    // Weights 1 and 1/2: observed 3/4; expected over rows 0 and 2 by columns 1 and 2: (.5 + 0 + .5 + 1) / 4 = 1/2: kappa 1/2.
    expect(pairs[0]?.weighted.kappa.value).toBeCloseTo(0.5, 12);
    // ICC(A,1) of (.875, 1) and (.25, .75): S = .1914063, R = .0976563, E = .0351563;
    // (S - E) / (S + E + 2 (R - E) / 2) = .15625 / .2890625.
    expect(pairs[0]?.reliability.agreement.single.value).toBeCloseTo(0.15625 / 0.2890625, 12);
    expect(all?.subjects).toBe(1);
    expect(all?.agreement.single.value).toBeNull();
  });
});

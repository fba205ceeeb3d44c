/** Dated membership: what the pure functions promise, held against a calendar that is walked day by day. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  asAllocated,
  type Change,
  changedSpells,
  type DatedPerson,
  dayBefore,
  type PersonPlace,
  type Places,
  personAt,
  personSpells,
  type SchoolPlace,
  type Spell,
  schoolAt,
  spellAt,
} from '../../instruments/membership.ts';
import type { Cluster, School } from '../../instruments/study.ts';

const dayOf = (number: number) => new Date(Date.UTC(2026, 0, 1) + number * 86_400_000).toISOString().slice(0, 10);
const days = Array.from({ length: 60 }, (_, at) => dayOf(at));

const school = (id: string, more: Partial<School> = {}): School => ({
  ...{ id, name: id, arm: 'programme', cluster: 'elm', phase: '', pupils: null, disadvantaged: null },
  ...more,
});

function placesOf(schools: readonly School[], clusters: readonly Cluster[]): Places {
  return {
    school: (id) => schools.find((one) => one.id === id),
    cluster: (id) => clusters.find((one) => one.id === id),
  };
}

const elm: Cluster = { id: 'elm', name: 'Elm', arm: 'programme' };
const oak: Cluster = { id: 'oak', name: 'Oak', arm: 'programme' };
const teacher: DatedPerson = { school: 'a', cluster: 'elm', arm: 'programme', role: 'teacher' };

/** A change with any kind and day; places are the letters a to c. */
const changes = fc.array(
  fc.record({
    kind: fc.constantFrom('enter', 'move', 'leave', 'return'),
    day: fc.integer({ min: 0, max: 59 }),
    cluster: fc.constantFrom('a', 'b', 'c', null),
  }),
  { maxLength: 12 },
);

describe('spells after any number of changes', () => {
  test('stand in order, never overlap, and a refused change changes nothing', () => {
    fc.assert(
      fc.property(changes, (list) => {
        let spells: Spell<SchoolPlace>[] = [{ from: null, to: null, cluster: 'a' }];
        for (const { kind, day, cluster } of list) {
          const next = changedSpells(spells, { kind, on: dayOf(day), place: { cluster } } as Change<SchoolPlace>);
          if (typeof next === 'string') continue;
          spells = next;
        }
        for (const [at, { from, to }] of spells.entries()) {
          if (from !== null && to !== null) expect(from <= to).toBe(true);
          const following = spells[at + 1];
          if (following) expect(to !== null && following.from !== null && to < following.from).toBe(true);
        }
        for (const day of days) {
          const holding = spells.filter(({ from, to }) => (from === null || from <= day) && (to === null || day <= to));
          expect(holding.length).toBeLessThanOrEqual(1);
          expect(spellAt(spells, day)).toEqual(holding[0]);
        }
      }),
      { seed: 20261126, numRuns: 500 },
    );
  });

  test('say for each day what a calendar says that was written day by day', () => {
    fc.assert(
      fc.property(changes, (list) => {
        let spells: Spell<SchoolPlace>[] = [{ from: null, to: null, cluster: 'a' }];
        const calendar = new Map<string, string | null | undefined>(days.map((day) => [day, 'a']));
        for (const { kind, day: number, cluster } of list) {
          const on = dayOf(number);
          const next = changedSpells(spells, { kind, on, place: { cluster } } as Change<SchoolPlace>);
          if (typeof next === 'string') continue;
          spells = next;
          for (const day of days) {
            if (kind === 'enter' && day < on) calendar.set(day, undefined);
            // An entry that is told anew may lie before the one told first.
            if (kind === 'enter' && day >= on && spells[0]?.to === null) calendar.set(day, spells[0].cluster);
            if (kind === 'move' && day >= on && calendar.get(day) !== undefined) calendar.set(day, cluster);
            if (kind === 'leave' && day > on) calendar.set(day, undefined);
            if (kind === 'return' && day >= on) calendar.set(day, cluster);
          }
          if (kind === 'enter' && spells[0]?.to) {
            for (const day of days) if (day >= on && day <= spells[0].to) calendar.set(day, spells[0].cluster);
          }
        }
        for (const day of days) expect(spellAt(spells, day)?.cluster).toBe(calendar.get(day));
      }),
      { seed: 20261127, numRuns: 500 },
    );
  });
});

describe('where somebody stands', () => {
  test('as allocated, whatever happened since', () => {
    fc.assert(
      fc.property(changes, (list) => {
        let person = teacher;
        for (const { kind, day, cluster } of list) {
          const place: PersonPlace = { school: cluster, cluster: null, role: 'headteacher' };
          const next = changedSpells(personSpells(person), { kind, on: dayOf(day), place } as Change<PersonPlace>);
          if (typeof next !== 'string') person = { ...person, spells: next };
        }
        expect(personAt(person, asAllocated, placesOf([], []))).toEqual({
          school: 'a',
          cluster: 'elm',
          arm: 'programme',
          role: 'teacher',
        });
      }),
      { seed: 20261128, numRuns: 200 },
    );
  });

  test('a school that moves takes its people along, and nobody else', () => {
    const moved = changedSpells([{ from: null, to: null, cluster: 'elm' }], {
      kind: 'move',
      on: '2026-02-01',
      place: { cluster: 'oak' },
    });
    if (typeof moved === 'string') throw new Error(moved);
    const places = placesOf([school('a', { spells: moved }), school('b')], [elm, oak]);
    expect(personAt(teacher, '2026-01-31', places)).toMatchObject({ school: 'a', cluster: 'elm' });
    expect(personAt(teacher, '2026-02-01', places)).toMatchObject({ school: 'a', cluster: 'oak' });
    expect(personAt({ ...teacher, school: 'b' }, '2026-02-01', places)).toMatchObject({ school: 'b', cluster: 'elm' });
  });

  test('before a cluster enters late, its schools and their people are not there', () => {
    const late = { ...elm, spells: [{ from: '2026-02-01', to: null }] };
    const places = placesOf([school('a')], [late]);
    expect(schoolAt(school('a'), '2026-01-31', places)).toBeNull();
    expect(personAt(teacher, '2026-01-31', places)).toBeNull();
    expect(personAt(teacher, '2026-02-01', places)).toMatchObject({ school: 'a', cluster: 'elm', role: 'teacher' });
    expect(personAt(teacher, asAllocated, places)).toMatchObject({ school: 'a', cluster: 'elm' });
  });

  test('the arm of a day is that of the cluster then, and the own one outside any cluster', () => {
    const spells = [
      { from: null, to: '2026-01-31', cluster: null },
      { from: '2026-02-01', to: '2026-02-28', cluster: 'elm' },
      { from: '2026-03-01', to: null, cluster: null },
    ];
    const crossing = school('c', { arm: 'comparison', cluster: null, spells });
    const places = placesOf([crossing], [elm]);
    expect(schoolAt(crossing, '2026-01-31', places)?.arm).toBe('comparison');
    expect(schoolAt(crossing, '2026-02-01', places)?.arm).toBe('programme');
    expect(schoolAt(crossing, '2026-03-01', places)?.arm).toBe('comparison');
    expect(schoolAt(crossing, asAllocated, places)?.arm).toBe('comparison');
  });

  test('somebody without a school is in a cluster, or in none, and one whose school is gone is gone', () => {
    const places = placesOf([], [elm]);
    const coordinator: DatedPerson = { school: null, cluster: 'elm', arm: 'programme', role: 'coordinator' };
    expect(personAt(coordinator, '2026-01-05', places)).toMatchObject({ school: null, cluster: 'elm' });
    expect(personAt({ ...coordinator, cluster: null }, '2026-01-05', places)).toMatchObject({ cluster: null });
    expect(personAt({ ...coordinator, cluster: 'gone' }, '2026-01-05', places)).toBeNull();
    expect(personAt(teacher, '2026-01-05', places)).toBeNull();
  });
});

describe('a change is refused', () => {
  const there: Spell<SchoolPlace>[] = [{ from: '2026-01-10', to: null, cluster: 'elm' }];
  const gone: Spell<SchoolPlace>[] = [{ from: null, to: '2026-01-20', cluster: 'elm' }];
  const place = { cluster: 'oak' };
  test.each([
    ['before the last one', there, { kind: 'move', on: '2026-01-09', place }, 'not-after-last-change'],
    ['when one leaves before one came', there, { kind: 'leave', on: '2026-01-09' }, 'not-after-last-change'],
    ['when one is not there', gone, { kind: 'move', on: '2026-02-01', place }, 'not-there'],
    ['when one has left already', gone, { kind: 'leave', on: '2026-02-01' }, 'not-there'],
    ['when one comes back without having left', there, { kind: 'return', on: '2026-02-01', place }, 'still-there'],
    ['when one is back before one left', gone, { kind: 'return', on: '2026-01-20', place }, 'not-after-last-change'],
    ['to where one is', there, { kind: 'move', on: '2026-02-01', place: { cluster: 'elm' } }, 'nothing-changes'],
    ['when there is nothing to change', [], { kind: 'leave', on: '2026-02-01' }, 'not-there'],
    ['when one enters on the day known', there, { kind: 'enter', on: '2026-01-10' }, 'nothing-changes'],
    ['when one enters after having left', gone, { kind: 'enter', on: '2026-01-21' }, 'not-after-last-change'],
  ] as const)('%s', (_words, spells, change, refusal) => {
    expect(changedSpells(spells, change as Change<SchoolPlace>)).toBe(refusal);
  });
});

test('the day before knows months, leap years and centuries', () => {
  expect(['2024-03-01', '2100-03-01', '2026-01-01', '2026-03-30'].map(dayBefore)).toEqual([
    '2024-02-29',
    '2100-02-28',
    '2025-12-31',
    '2026-03-29',
  ]);
});

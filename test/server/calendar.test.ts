/**
 * The calendar of administrations: which day it is in the study's time zone decides whether answers are taken, and each step
 * that a day brings is taken and recorded once, also by two servers at the same moment.
 */
import mongoose from 'mongoose';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { dueState } from '../../instruments/administration-rules.ts';
import { administrationTransitions } from '../../instruments/study.ts';
import { advanceAdministrations } from '../../server/administrations/advance.ts';
import { availabilityOf, dayIn } from '../../server/administrations/availability.ts';
import { getAdministration, insertAdministration } from '../../server/administrations/store.ts';
import type { Context } from '../../server/context.ts';
import { makeWorld, type World } from './world.ts';

const window = (opens: string, closes: string) => ({ state: 'open' as const, opens, closes });

describe('a window of days', () => {
  // The last moment before the first day, its first, the last one of the last day, and the first after it.
  test.each([
    // Clocks go forward on 29 March 2026: the last day of the window has 23 hours.
    ['Europe/London', '2026-03-28', '2026-03-29', '2026-03-28T00:00:00Z', '2026-03-29T23:00:00Z'],
    // Clocks go back on 25 October 2026: the day has 25 hours.
    ['Europe/London', '2026-10-25', '2026-10-25', '2026-10-24T23:00:00Z', '2026-10-26T00:00:00Z'],
    // UTC+5:45.
    ['Asia/Kathmandu', '2026-05-04', '2026-05-05', '2026-05-03T18:15:00Z', '2026-05-05T18:15:00Z'],
    // UTC+12:45 in winter; clocks go back from +13:45 on 5 April 2026.
    ['Pacific/Chatham', '2026-04-05', '2026-04-05', '2026-04-04T10:15:00Z', '2026-04-05T11:15:00Z'],
    // 30 December 2011 did not take place: the 29th is followed by the 31st.
    ['Pacific/Apia', '2011-12-29', '2011-12-30', '2011-12-29T10:00:00Z', '2011-12-30T10:00:00Z'],
    ['Pacific/Apia', '2011-12-30', '2011-12-31', '2011-12-30T10:00:00Z', '2011-12-31T10:00:00Z'],
  ])('in %s from %s to %s begins and ends on the minute', (timeZone, opens, closes, first, after) => {
    const at = (moment: string, shift: number) =>
      availabilityOf(window(opens, closes), { timeZone }, new Date(Date.parse(moment) + shift));
    expect([at(first, -60_000), at(first, -1), at(first, 0)]).toEqual(['not-open-yet', 'not-open-yet', 'open']);
    expect([at(after, -60_000), at(after, -1), at(after, 0)]).toEqual(['open', 'open', 'closed']);
  });

  test('of the one day that did not take place never opens', () => {
    const days = { ...window('2011-12-30', '2011-12-30') };
    const zone = { timeZone: 'Pacific/Apia' };
    expect(availabilityOf(days, zone, new Date('2011-12-30T09:59:59Z'))).toBe('not-open-yet');
    expect(availabilityOf(days, zone, new Date('2011-12-30T10:00:00Z'))).toBe('closed');
  });

  test('decides also where its steps have not been recorded yet', () => {
    const zone = { timeZone: 'Europe/London' };
    const days = { opens: '2026-03-01', closes: '2026-03-31' };
    const on = (state: 'planned' | 'paused' | 'closed', day: string) =>
      availabilityOf({ ...days, state }, zone, new Date(`${day}T12:00:00Z`));
    expect([on('planned', '2026-02-28'), on('planned', '2026-03-01')]).toEqual(['not-open-yet', 'open']);
    expect([on('paused', '2026-03-31'), on('paused', '2026-04-01')]).toEqual(['paused', 'closed']);
    expect(on('closed', '2026-03-05')).toBe('closed');
  });
});

test('every step that the days ask for is one that the table of transitions allows', () => {
  const days = { opens: '2026-03-01', closes: '2026-03-31' };
  for (const state of ['planned', 'open', 'paused', 'closed'] as const) {
    for (const today of ['2026-02-01', '2026-03-10', '2026-05-01']) {
      const due = dueState({ ...days, state }, today);
      if (due !== null) expect(administrationTransitions[state]).toContain(due);
    }
  }
  expect(dueState({ ...days, state: 'closed' }, '2026-03-10')).toBeNull();
});

describe('steps', () => {
  let world: World;
  let second: Context;
  beforeAll(async () => {
    world = await makeWorld({
      study: { timeZone: 'Europe/London' },
      administrations: [
        { id: 'spring', state: 'planned', opens: '2026-03-29', closes: '2026-10-25' },
        { id: 'paused', state: 'paused', opens: '2026-01-01', closes: '2026-03-28' },
        { id: 'by-hand', state: 'closed', opens: '2026-01-01', closes: '2026-12-31' },
      ],
    });
    // A second server: a connection of its own to the same database.
    const connection = await mongoose
      .createConnection(inject('mongodbUri'), { dbName: world.context.db.name })
      .asPromise();
    second = { ...world.context, db: connection };
    return () => connection.close();
  });

  const stateOf = async (id: string) => (await getAdministration(world.context.db, 'trial', id)).state;

  test('are taken at midnight of the study, once, by whichever server is quicker', async () => {
    world.setClock(new Date('2026-03-28T23:59:59Z'));
    expect(await advanceAdministrations(world.context)).toBe(0);
    expect(await stateOf('spring')).toBe('planned');

    world.setClock(new Date('2026-03-29T00:00:00Z'));
    const taken = await Promise.all(
      Array.from({ length: 20 }, (_, at) => advanceAdministrations(at % 2 === 0 ? world.context : second)),
    );
    // One opens, one that was paused has had its last day.
    expect(taken.reduce((sum, n) => sum + n, 0)).toBe(2);
    expect([await stateOf('spring'), await stateOf('paused'), await stateOf('by-hand')]).toEqual([
      'open',
      'closed',
      'closed',
    ]);
    const { history, revision } = await getAdministration(world.context.db, 'trial', 'spring');
    expect(history).toEqual([
      { state: 'open', at: new Date('2026-03-29T00:00:00Z'), by: 'calendar', why: 'Its first day has come.' },
    ]);
    expect(revision).toBe(1);
    const entries = await world.context.db
      .collection('audit')
      .find({ verb: 'administration.change-state', 'actor.kind': 'system' })
      .toArray();
    expect(entries.map(({ thing, detail }) => [thing.administration, detail])).toEqual(
      expect.arrayContaining([
        ['spring', 'planned to open: Its first day has come.'],
        ['paused', 'paused to closed: Its last day is over.'],
      ]),
    );
    expect(entries).toHaveLength(2);
    expect(await advanceAdministrations(second)).toBe(0);
  });

  test('come with the last minute of the last day, after the clocks went back', async () => {
    world.setClock(new Date('2026-10-25T23:59:59Z'));
    expect(await advanceAdministrations(second)).toBe(0);
    expect(await stateOf('spring')).toBe('open');
    world.setClock(new Date('2026-10-26T00:00:00Z'));
    const taken = await Promise.all([advanceAdministrations(world.context), advanceAdministrations(second)]);
    expect(taken.reduce((sum, n) => sum + n, 0)).toBe(1);
    const { state, history } = await getAdministration(world.context.db, 'trial', 'spring');
    expect(state).toBe('closed');
    expect(history?.map((step) => step.state)).toEqual(['open', 'closed']);
  });

  test('both overdue at once lead straight to the end', async () => {
    const spring = await getAdministration(world.context.db, 'trial', 'spring');
    await insertAdministration(world.context.db, {
      ...spring,
      id: 'slept-through',
      state: 'planned',
      history: [],
      opens: '2026-05-01',
      closes: '2026-05-02',
    });
    expect(await advanceAdministrations(second)).toBe(1);
    expect(await stateOf('slept-through')).toBe('closed');
  });

  test('know no day of their own: it is the one of the study', () => {
    expect(dayIn('Pacific/Kiritimati', new Date('2026-03-29T10:00:00Z'))).toBe('2026-03-30');
    expect(dayIn('Pacific/Apia', new Date('2011-12-30T10:00:00Z'))).toBe('2011-12-31');
  });
});

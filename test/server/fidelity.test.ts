/** Fidelity on the demonstration study's own logs, held against counts made from the stored answers by hand. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Context } from '../../server/context.ts';
import { loadDemo } from '../../server/demo/load.ts';
import { type Fidelity, fidelityOf } from '../../server/fidelity/fidelity.ts';
import { type StoredResponse, streamResponses } from '../../server/responses/store.ts';
import { getStudy } from '../../server/studies/store.ts';
import { testDatabase } from '../database.ts';
import { contextOn } from './people.ts';

const patience = 180_000;
let context: Context;
let whole: Fidelity;
const logs: StoredResponse[] = [];

beforeAll(async () => {
  ({ context } = contextOn(await testDatabase()));
  await loadDemo(context);
  const study = await getStudy(context.db, 'demo');
  whole = await fidelityOf(context, study, { reader: { scope: 'all', suppress: false } });
  for await (const response of streamResponses(context.db, 'demo', 'log-mid')) logs.push(response);
}, patience);

interface LoggedEvent {
  readonly ev_kind: number;
  readonly ev_school?: string;
  readonly ev_held: number;
}

describe('the fidelity of the demonstration study', () => {
  it('comes from a published model, and shows every cluster and school', () => {
    expect(whole.model).toMatchObject({ id: 'schools-partnership-programme', version: 1, state: 'published' });
    expect(whole.cycles.map(({ id }) => id)).toEqual(['1', '2']);
    expect(whole.clusters.length).toBe(50);
    expect(whole.schools.filter(({ programme }) => programme).length).toBe(whole.schools.length / 2);
    const indexes = whole.schools.filter(({ programme }) => programme).flatMap(({ index }) => index ?? []);
    expect(Math.min(...indexes)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...indexes)).toBeLessThanOrEqual(1);
  });

  it('has the self-reviews of the first cycle as the logs tell them', () => {
    expect(logs.length).toBeGreaterThan(20);
    let compared = 0;
    for (const { cluster, answers } of logs) {
      const events = (answers.events ?? []) as LoggedEvent[];
      // The mid-point log tells of self-reviews within the first cycle: one that took place is all that is planned.
      for (const school of whole.schools.filter((one) => one.cluster === cluster)) {
        const held = events.some((one) => one.ev_kind === 1 && one.ev_school === school.id && one.ev_held <= 2);
        const cell = school.cells.find(({ component, cycle }) => component === 'self-review' && cycle === '1');
        expect([school.id, cell?.value]).toEqual([school.id, held ? 1 : 0]);
        compared += 1;
      }
    }
    expect(compared).toBeGreaterThan(100);
  });

  it('has no score where a cluster sent no log, and says so', () => {
    const logged = new Set(logs.map(({ cluster }) => cluster));
    const silent = whole.clusters.filter(({ id }) => !logged.has(id));
    expect(silent.length).toBeGreaterThan(0);
    for (const { cells } of silent) {
      const cell = cells.find(({ component, cycle }) => component === 'training-day-1' && cycle === '1');
      expect(cell).toMatchObject({ value: null, reason: 'no-data' });
    }
  });

  it('shows one cycle, a scope, and no score of too few people to those who may not see rows', async () => {
    const study = await getStudy(context.db, 'demo');
    const [cluster] = whole.clusters;
    if (!cluster) throw new Error('no cluster');
    const seen = await fidelityOf(context, study, {
      cycle: '1',
      reader: { scope: { clusters: [cluster.id], schools: [] }, suppress: true },
    });
    expect(seen.clusters.map(({ id }) => id)).toEqual([cluster.id]);
    expect(new Set(seen.schools.map((school) => school.cluster))).toEqual(new Set([cluster.id]));
    expect(seen.schools[0]?.cells.every((cell) => cell.cycle === '1')).toBe(true);
    expect(seen.flags.every((flag) => flag.cluster === cluster.id && flag.told === null)).toBe(true);
    const personal = seen.schools.flatMap(({ cells }) =>
      cells.filter(({ component }) => component === 'responsiveness' || component === 'staff-reached'),
    );
    expect(personal.every(({ value, n }) => value === null || n >= study.minimumCell)).toBe(true);
    expect(personal.some(({ reason }) => reason === 'suppressed')).toBe(true);
    await expect(
      fidelityOf(context, study, { cycle: '3', reader: { scope: 'all', suppress: true } }),
    ).rejects.toMatchObject({ code: 'invalid-request' });
  });

  it('is made once for the same data', async () => {
    const study = await getStudy(context.db, 'demo');
    const again = await fidelityOf(context, study, { reader: { scope: 'all', suppress: false } });
    expect(again.dataVersion).toBe(whole.dataVersion);
    expect(again.dose.every((row, at) => row === whole.dose[at])).toBe(true);
  });
});

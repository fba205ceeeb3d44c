/** Fidelity on the demonstration study's own logs, held against counts made from the stored answers by hand. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Context } from '../../server/context.ts';
import { loadDemo } from '../../server/demo/load.ts';
import { fidelityAnalysis } from '../../server/fidelity/analysis.ts';
import { type Fidelity, type FidelityReader, fidelityOf } from '../../server/fidelity/fidelity.ts';
import { type StoredResponse, streamResponses } from '../../server/responses/store.ts';
import { getStudy } from '../../server/studies/store.ts';
import { testDatabase } from '../database.ts';
import { contextOn } from './people.ts';

const patience = 180_000;
let context: Context;
let whole: Fidelity;
const logs: StoredResponse[] = [];

async function fidelity(reader: Partial<FidelityReader> = {}, cycle: string | null = null): Promise<Fidelity> {
  const study = await getStudy(context.db, 'demo');
  const found = await fidelityOf(context, study, { cycle, reader: { scope: 'all', suppress: false, ...reader } });
  if (!found) throw new Error('no model');
  return found;
}

beforeAll(async () => {
  ({ context } = contextOn(await testDatabase()));
  await loadDemo(context);
  whole = await fidelity();
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
    const { minimumCell } = whole.study;
    const [cluster] = whole.clusters;
    if (!cluster) throw new Error('no cluster');
    const seen = await fidelity({ scope: { clusters: [cluster.id], schools: [] }, suppress: true }, '1');
    // What a coordinator sees of a cluster is what everybody without the right sees of it.
    const all = await fidelity({ suppress: true }, '1');
    expect(seen.clusters).toEqual(all.clusters.filter(({ id }) => id === cluster.id));
    expect(seen.schools).toEqual(all.schools.filter((school) => school.cluster === cluster.id));
    expect(seen.clusters.map(({ id }) => id)).toEqual([cluster.id]);
    expect(new Set(seen.schools.map((school) => school.cluster))).toEqual(new Set([cluster.id]));
    expect(seen.schools[0]?.cells.every((cell) => cell.cycle === '1')).toBe(true);
    expect(seen.flags.every((flag) => flag.cluster === cluster.id && flag.told === null)).toBe(true);
    const personal = seen.schools.flatMap(({ cells }) =>
      cells.filter(({ component }) => component === 'responsiveness' || component === 'staff-reached'),
    );
    expect(personal.every(({ value, n }) => value === null || n >= minimumCell)).toBe(true);
    expect(personal.some(({ reason }) => reason === 'suppressed')).toBe(true);
    await expect(fidelity({}, '3')).rejects.toMatchObject({ code: 'invalid-request' });
  });

  it('draws weights once for the same data and kind of reader', async () => {
    const study = await getStudy(context.db, 'demo');
    const [one, other] = await Promise.all([1, 2].map(() => fidelityAnalysis(context, study, false)));
    expect(other).toBe(one);
    expect(await fidelityAnalysis(context, study, true)).not.toBe(one);
    const indexed = whole.schools.filter(({ programme, index }) => programme && index !== null);
    expect(one?.sensitivity.places.map(({ id, index }) => [id, index])).toEqual(
      indexed.map(({ id, index }) => [id, index]),
    );
    expect(one?.sensitivity.places.every(({ drawn }) => drawn !== null && drawn.lower <= drawn.upper)).toBe(true);
  });

  it('is made once for the same data', async () => {
    const again = await fidelity();
    expect(again.dataVersion).toBe(whole.dataVersion);
    expect(again.dose.every((row, at) => row === whole.dose[at])).toBe(true);
  });
});

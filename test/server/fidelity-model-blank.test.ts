/** The model of the programme that ships, built from a blank one over HTTP as the pages do it. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { blankFidelityModel } from '../../instruments/fidelity/blank.ts';
import type { FidelityModel } from '../../instruments/fidelity-model.ts';
import { ensureLibrary } from '../../server/instruments/library.ts';
import { makeWorld } from './world.ts';

const models = '/api/studies/trial/fidelity/models';
const shipped: FidelityModel = JSON.parse(
  readFileSync(new URL('../../instruments/models/spp.v1.json', import.meta.url), 'utf8'),
);

const world = await makeWorld({
  study: {
    waves: [
      { id: 'baseline', title: 'Baseline', opens: '2026-01-01', closes: '2026-01-31' },
      { id: 'mid', title: 'Middle', opens: '2026-06-01', closes: '2026-06-30' },
      { id: 'end', title: 'End', opens: '2026-11-01', closes: '2026-11-30' },
    ],
  },
  administrations: [],
});
await ensureLibrary(world.context);
const evaluator = await world.asEvaluator();

test('a model is built from a blank one part by part, each refusal and issue with its place, until it is the one that ships', async () => {
  const blank = blankFidelityModel({ id: shipped.id, title: shipped.title }, '2026-01-15');
  expect((await evaluator.send('POST', models, { model: blank })).body).toEqual({ version: 1 });
  const issues = async () =>
    (await evaluator.send('GET', `${models}/1`)).body.issues.map((one: { code: string; path: string }) => [
      ...[one.code, one.path],
    ]);
  expect(await issues()).toEqual([
    ['no-cycle', 'cycles'],
    ['no-component', 'components'],
  ]);
  const publish = { revision: 0, state: 'published', why: 'Too early.' };
  expect((await evaluator.send('PUT', `${models}/1/state`, publish)).body.code).toBe('invalid-model');
  let model: FidelityModel = { ...blank, version: 1 };
  let revision = 0;
  const save = async (parts: Partial<FidelityModel>) => {
    model = { ...model, ...parts };
    const { status, body } = await evaluator.send('PUT', `${models}/1`, { revision, model });
    expect(status).toBe(200);
    revision = body.revision;
  };
  // A cycle that hangs on a wave that the study has not.
  const [first, second] = shipped.cycles;
  const autumn = { wave: 'autumn', at: 'opens' as const, days: 0 };
  await save({ cycles: [{ ...first, id: '1', title: 'First cycle', from: autumn, to: '2026-06-30' }] });
  expect(await issues()).toContainEqual(['unknown-days', 'cycles.0']);
  const wrong = { ...model, cycles: [{ ...first, id: 'Cycle 1' }] };
  const refused = await evaluator.send('PUT', `${models}/1`, { revision, model: wrong });
  expect([refused.status, refused.body.issues[0].path]).toEqual([400, 'body.model.cycles.0.id']);
  await save({ cycles: shipped.cycles });
  expect(second?.id).toBe('2');
  // Components one by one: their weights sum to 1 with the last but one, as the last has none.
  for (const [at, component] of shipped.components.entries()) {
    const sums = at === shipped.components.length - 1;
    const left = at === 0 ? [['no-component', 'components']] : [['weights-do-not-sum', 'index.weights']];
    expect(await issues()).toEqual(sums ? [] : left);
    await save({ components: [...model.components, component] });
  }
  expect(await issues()).toEqual([]);
  const { comparisons, usualPractice, adaptations, description, design } = shipped;
  await save({ comparisons, usualPractice, adaptations, description, design });
  await save({ index: shipped.index, compliance: shipped.compliance });
  const built = (await evaluator.send('GET', `${models}/1`)).body;
  expect([built.model, built.issues]).toEqual([{ ...shipped, version: 1 }, []]);
  expect((await evaluator.send('DELETE', `${models}/1?revision=${revision}`)).status).toBe(204);
});

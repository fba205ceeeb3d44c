/** Pooled datasets read older versions by the item maps that were stored with the newer ones, and their rules say so. */

import Papa from 'papaparse';
import { beforeAll, expect, test } from 'vitest';
import type { Instrument } from '../../instruments/instrument.ts';
import { parseInstrument } from '../../instruments/parse.ts';
import { diffInstruments } from '../../instruments/versions/diff.ts';
import { itemMapOf } from '../../instruments/versions/item-map.ts';
import { findItemMap, keepItemMap } from '../../server/instruments/item-maps.ts';
import type { Visitor } from './people.ts';
import { fixtureInstrument, makeWorld, type World } from './world.ts';

let world: World;
let analyst: Visitor;
let first: Instrument;
let second: Instrument;
const datasets = '/api/studies/trial/datasets';

interface Matrix {
  name: string;
  columns?: { value: number; text: string }[];
  rows?: { value: string; text: string }[];
}

/** The statements on nought to four between the same ends, and one of them in other words. */
async function onAnotherRange(): Promise<Instrument> {
  const json = JSON.parse(JSON.stringify(first)) as {
    version: number;
    survey: { pages: { elements: Matrix[] }[] };
    scales: { range: { min: number; max: number } }[];
  };
  json.version = 2;
  for (const { elements } of json.survey.pages) {
    for (const element of elements) {
      if (element.name !== 'statements' || !element.columns) continue;
      const answers = element.columns.filter(({ value }) => value < 90);
      const [low, high] = [answers.at(0)?.text ?? '', answers.at(-1)?.text ?? ''];
      const others = element.columns.filter(({ value }) => value >= 90);
      element.columns = [
        ...[low, 'A little', 'Half and half', 'Mostly', high].map((text, value) => ({ value, text })),
        ...others,
      ];
      for (const row of element.rows ?? []) if (row.value === 'plan') row.text = 'We plan our lessons as a team';
    }
  }
  for (const scale of json.scales) scale.range = { min: 0, max: 4 };
  const parsed = parseInstrument(json);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return parsed.value;
}

const plain = (more: object = {}) => ({
  name: 'both',
  title: 'Both waves',
  purpose: 'The report of the trial',
  administrations: ['first', 'second'],
  ...more,
});

beforeAll(async () => {
  first = await fixtureInstrument('staffroom.v1');
  second = await onAnotherRange();
  world = await makeWorld({
    instruments: [second],
    study: {
      waves: [
        { id: 'baseline', title: 'Baseline', opens: '2020-01-01', closes: '2099-12-31' },
        { id: 'endline', title: 'Endline', opens: '2020-01-01', closes: '2099-12-31' },
      ],
    },
    administrations: [{ id: 'first' }, { id: 'second', version: 2, wave: 'endline' }],
  });
  analyst = await world.asAnalyst();
  await world.answer('first', { role: 1, years: 3, statements: { help: 3, plan: 2, alone: 1 } });
  await world.answer('second', { role: 1, years: 4, statements: { help: 4, plan: 2, alone: 0 } });
});

test('without a map, versions that differ in the range of a scale are not pooled', async () => {
  const { status, body } = await analyst.send('POST', `${datasets}/preview`, plain());
  expect(status).toBe(422);
  expect(body.issues.map(({ code }: { code: string }) => code)).toContain('versions-differ');
});

test('the map that was kept with version 2 pools both, scores by one rule, and stands in the rules', async () => {
  const changes = diffInstruments(first, second);
  const map = itemMapOf(first, second, changes);
  const record = { map, at: new Date('2026-01-01T00:00:00Z'), by: 'Ada' };
  expect(await keepItemMap(world.context.db, record)).toEqual({ created: true });
  expect(await keepItemMap(world.context.db, record)).toEqual({ created: false });
  expect((await findItemMap(world.context.db, 'staffroom', 2))?.map).toEqual(map);
  const other = { ...record, map: itemMapOf(first, second, []) };
  await expect(keepItemMap(world.context.db, other)).rejects.toMatchObject({ code: 'already-exists' });

  const made = await analyst.send('POST', datasets, plain());
  expect(made.status, made.text).toBe(201);
  const { text } = await analyst.send('GET', `${datasets}/both.csv`);
  const rows = Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true }).data;
  const [of1, of2] = ['first', 'second'].map((id) => rows.find(({ administration }) => administration === id));
  // 1 to 3 lies on 0 to 4: 3 becomes 4, 2 becomes 2, 1 becomes 0.
  expect(of1).toMatchObject({ help: '4', plan: '2', alone: '0' });
  expect(of2).toMatchObject({ help: '4', plan: '2', alone: '0' });
  // alone is turned on 0 to 4: the mean of 4, 2 and 4.
  expect(Number(of1?.score_together)).toBeCloseTo(10 / 3, 10);
  expect(of2?.score_together).toBe(of1?.score_together);

  const { body } = await analyst.send('POST', `${datasets}/preview`, plain());
  const rules = body.rules.filter(
    ({ version, column }: { version: number; column: string }) => version === 1 && column === 'plan',
  );
  expect(rules).toEqual([
    expect.objectContaining({
      variable: 'plan',
      rule: 'rescaled',
      source: 'item map',
      detail: expect.stringContaining('1 to 3 lies on 0 to 4'),
    }),
  ]);
  expect(body.notes.join(' ')).toContain('made of the items as the item map reads them');
});

test('a line of the definition counts before the map', async () => {
  const line = { instrument: 'staffroom', version: 1, variable: 'plan', to: 'plan_before' };
  const { body } = await analyst.send('POST', `${datasets}/preview`, plain({ map: [line] }));
  const rules = body.rules.filter(
    ({ variable, version }: { variable: string; version: number }) => variable === 'plan' && version === 1,
  );
  expect(rules).toEqual([expect.objectContaining({ column: 'plan_before', rule: 'mapped', source: 'definition' })]);
});

/** Answers of an older version that the newer one has no value for: they are gaps with a reason, never another answer. */
import Papa from 'papaparse';
import { expect, test } from 'vitest';
import type { Instrument } from '../../instruments/instrument.ts';
import { parseInstrument } from '../../instruments/parse.ts';
import { diffInstruments } from '../../instruments/versions/diff.ts';
import { itemMapOf } from '../../instruments/versions/item-map.ts';
import { keepItemMap } from '../../server/instruments/item-maps.ts';
import { fixtureInstrument, makeWorld } from './world.ts';

/** Yes, no and unsure become yes and unsure: two stands for another answer; and years end at forty. */
async function versions(): Promise<[Instrument, Instrument]> {
  const json = JSON.parse(JSON.stringify(await fixtureInstrument('staffroom.v1')));
  json.id = 'mentoring';
  const [page] = json.survey.pages;
  page.elements.push({
    ...{ type: 'radiogroup', name: 'mentor', title: 'Do you have a mentor?' },
    choices: ['Yes', 'No', 'Unsure'].map((text, at) => ({ value: at + 1, text })),
  });
  const later = structuredClone(json);
  later.version = 2;
  const elements = later.survey.pages[0].elements as { name: string; choices: object[]; max: number }[];
  for (const element of elements) {
    if (element.name === 'years') element.max = 40;
    if (element.name === 'mentor') element.choices = ['Yes', 'Unsure'].map((text, at) => ({ value: at + 1, text }));
  }
  const [first, second] = [parseInstrument(json), parseInstrument(later)];
  if (!first.ok || !second.ok) throw new Error('the versions are broken');
  return [first.value, second.value];
}

test('a dropped option and a value beyond the new limits are not applicable, and the rules say so', async () => {
  const [first, second] = await versions();
  const world = await makeWorld({
    instruments: [first, second],
    administrations: [
      { id: 'before', instrument: 'mentoring' },
      { id: 'after', instrument: 'mentoring', version: 2 },
    ],
  });
  const map = itemMapOf(first, second, diffInstruments(first, second));
  await keepItemMap(world.context.db, { map, at: new Date('2026-01-01T00:00:00Z'), by: 'Ada' });
  const analyst = await world.asAnalyst();
  const said = [
    ['before', 1, 10],
    ['before', 2, 40],
    ['before', 3, 55],
    ['after', 2, 5],
  ] as const;
  for (const [id, mentor, years] of said) await world.answer(id, { role: 1, years, mentor, statements: { help: 1 } });

  const definition = { name: 'both', title: 'Both', purpose: 'A test', administrations: ['before', 'after'] };
  const made = await analyst.send('POST', '/api/studies/trial/datasets', definition);
  expect(made.status, made.text).toBe(201);
  const { text } = await analyst.send('GET', '/api/studies/trial/datasets/both.csv');
  const rows = Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true }).data;
  const found = rows.map(({ administration, mentor, years }) => [administration, mentor, years].join(' ')).toSorted();
  // Yes stays 1, no (2) has no counterpart (-995, not applicable), unsure (3) is 2; 55 years are beyond 40.
  expect(found).toEqual(['after 2 5', 'before -995 40', 'before 1 10', 'before 2 -995']);
  const { body } = await analyst.send('POST', '/api/studies/trial/datasets/preview', definition);
  const detailOf = (name: string) =>
    body.rules.find(({ column, version }: { column: string; version: number }) => column === name && version === 1)
      ?.detail;
  expect(detailOf('mentor')).toContain('2 has no counterpart, 3 becomes 2');
  expect(detailOf('years')).toContain('what is not from 0 to 40 has no counterpart');
});

/** The items of a report as people read them: a matrix's words once, the item's own at its bar, counts grouped. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { administrationReport } from '../../analysis/report.ts';
import type { ChartSpec } from '../../analysis/result.ts';
import { codebookOf } from '../../instruments/codebook.ts';
import { parseInstrument } from '../../instruments/parse.ts';
import { world } from './report-world.ts';

const labelsOf = ({ config }: ChartSpec) => (config as { data: { labels: (string | string[])[] } }).data.labels;

/** The items section of an instrument of the library that `times` people answered with the first option throughout. */
function itemsOf(file: string, times: number) {
  const parsed = parseInstrument(
    JSON.parse(readFileSync(new URL(`../../instruments/library/${file}.v1.json`, import.meta.url), 'utf8')),
  );
  if (!parsed.ok) throw new Error(`${file} does not parse`);
  const { id, title, scales } = parsed.value;
  const codebook = codebookOf(parsed.value);
  const values = codebook.variables.map(({ values, range }) => values[0]?.code ?? range?.min ?? null);
  const row = { school: 'a', cluster: null, arm: 'i', values, scores: scales.map(() => null) };
  const rows = Array.from({ length: times }, () => row);
  const report = administrationReport({
    ...world([]),
    instrument: { id, version: 1, title },
    codebook,
    scales,
    rows,
  });
  const items = report.sections.find((section) => section.id === 'items');
  if (!items) throw new Error('the report has no items');
  return { report, items, labels: codebook.variables.map(({ label }) => label) };
}

test('the words of a matrix stand once, in the title; a bar has the item’s own', () => {
  const { report, items } = itemsOf('collective-efficacy', 1);
  const ofScale = items.charts.filter(({ id }) => id.startsWith('items-collective_efficacy'));
  expect(ofScale.map(({ title }) => title)).toEqual([
    'Collective teacher efficacy: Staff of our school: how far do you agree?',
    'Collective teacher efficacy: Our school: how far do you agree?',
  ]);
  const labels = ofScale.flatMap((chart) => labelsOf(chart).map((label) => [label].flat().join(' ')));
  expect(labels).toHaveLength(12);
  expect(labels.filter((label) => label.includes('how far do you agree'))).toEqual([]);
  expect(labels[0]).toBe('As a staff, we find ways to win over pupils who are hard to reach.');
  const ofAlpha = report.sections.flatMap(({ tables }) => tables).find(({ id }) => id.startsWith('reliability-'));
  expect(ofAlpha?.rows.map(([label]) => label)).toEqual(labels);
});

test('items of one scale with options of their own say which item they are', () => {
  const { items, labels } = itemsOf('peer-review-observation', 1);
  const ofScale = items.tables.filter(({ id }) => /^items-review_quality(-\d)?$/.test(id));
  expect(ofScale).toHaveLength(6);
  for (const { title, rows } of ofScale) {
    expect(labels).toContain(rows[0]?.[0]);
    expect(title).toBe(`Quality of the review: ${rows[0]?.[0]}`);
  }
});

test('counts in sentences and on charts are grouped by thousands', () => {
  const { items } = itemsOf('collective-efficacy', 1261);
  expect(items.text).toContain(' 1,261 responses.');
  const role = items.charts.find(({ id }) => id === 'items-role');
  expect(JSON.stringify(role?.config)).toContain('"labels":["n = 1,261"]');
});

/**
 * The checks of an instrument while somebody types: a check of everything against reading it alone (`parseInstrument`), warm, on
 * 75, 150 and 300 items. Called by `npm run bench -- checks`, with the file for its figures.
 */
import { writeFileSync } from 'node:fs';
import { checkInstrument } from '../../instruments/checks/check-instrument.ts';
import { parseInstrument } from '../../instruments/parse.ts';

const sizes = [75, 150, 300];

/** Half the items in matrices of ten with a scale each, half by themselves, every third of those under a condition. */
function instrumentOf(items: number): unknown {
  const agree = ['Strongly disagree', 'Disagree', 'Agree', 'Strongly agree'].map((text, at) => ({
    value: at + 1,
    text,
  }));
  const matrices = Math.floor(items / 20);
  const pages: unknown[] = [];
  const scales: unknown[] = [];
  for (let at = 0; at < matrices; at += 1) {
    const names = Array.from({ length: 10 }, (_, row) => `m${at}_${row}`);
    const rows = names.map((value, row) => ({
      value,
      text: `Colleagues share what works in lesson ${row + 1} of block ${at}.`,
    }));
    pages.push({
      name: `matrix_${at}`,
      elements: [{ type: 'matrix', name: `block_${at}`, title: 'How far do you agree?', columns: agree, rows }],
    });
    scales.push({
      ...{ id: `scale_${at}`, title: `Scale ${at}`, construct: 'sharing', range: { min: 1, max: 4 }, score: 'mean' },
      ...{ minimumAnswered: 6, aggregation: 'person-first', referenceValues: [] },
      items: names.map((name, row) => ({ name, reversed: row % 5 === 4 })),
    });
  }
  const left = items - matrices * 10;
  const single = Array.from({ length: left }, (_, at) => ({
    ...{
      type: 'radiogroup',
      name: `s${at}`,
      title: `How often do you plan lessons with colleagues in week ${at + 1}?`,
      choices: agree,
    },
    ...(at > 0 && at % 3 === 0 ? { visibleIf: `{s${at - 1}} > 1 and {s${at - 1}} < 4` } : {}),
  }));
  for (let at = 0; at < left; at += 10) pages.push({ name: `single_${at}`, elements: single.slice(at, at + 10) });
  return {
    ...{ id: 'bench', version: 1, kind: 'survey', title: 'For the benchmark', description: '', languages: ['en'] },
    ...{ subject: 'person', sources: [], changes: [], scales, survey: { pages } },
    permission: { holder: 'Fidelis', status: 'not-needed', note: 'Own wording.' },
  };
}
const rounds = 30;

/** The middle of some runs after a few that warm up: milliseconds of the processor, whatever else the machine does. */
function middle(run: () => unknown): number {
  for (let at = 0; at < 5; at += 1) run();
  const times = Array.from({ length: rounds }, () => {
    const start = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  });
  return times.sort((one, other) => one - other)[rounds >> 1] ?? 0;
}

const rows = sizes.map((items) => {
  const json = instrumentOf(items);
  const parse = middle(() => parseInstrument(json));
  const check = middle(() => checkInstrument(json));
  return { items, parseMs: parse, checkMs: check, ratio: check / parse };
});
console.table(
  rows.map(({ items, parseMs, checkMs, ratio }) => ({
    items,
    'parse ms': parseMs.toFixed(1),
    'check ms': checkMs.toFixed(1),
    ratio: ratio.toFixed(2),
  })),
);
const [file] = process.argv.slice(2);
if (file) writeFileSync(file, JSON.stringify(rows));

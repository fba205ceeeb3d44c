/** An instrument whose dataset has 120 columns: 13 about the response, 100 items, and 7 numbers and texts. Called by exports.ts. */
import type { Instrument } from '../../instruments/instrument.ts';
import { parseInstrument } from '../../instruments/parse.ts';

const two = (number: number) => String(number).padStart(2, '0');
const labels = ['Never', 'Seldom', 'Sometimes', 'Often', 'Always'];

/** Ten matrices of ten items, six numbers and a short text. */
export function wideInstrument(): Instrument {
  const matrix = (at: number) => ({
    type: 'matrix',
    name: `block_${at}`,
    title: `How often does this happen at your school? (${at + 1})`,
    columns: labels.map((text, index) => ({ value: index + 1, text })),
    rows: Array.from({ length: 10 }, (_, row) => ({
      value: `item_${two(at * 10 + row)}`,
      text: `What happens in row ${row + 1} of block ${at + 1}`,
    })),
  });
  const number = (at: number) => ({
    ...{ type: 'text', inputType: 'number', name: `number_${at}`, title: `How many? (${at + 1})` },
    ...{ min: 0, max: 10 ** (at + 1) },
  });
  const parsed = parseInstrument({
    id: 'wide',
    version: 1,
    kind: 'survey',
    title: 'A wide instrument',
    description: 'Made for benchmarks.',
    languages: ['en'],
    subject: 'person',
    sources: [{ reference: 'Written for the benchmarks of Fidelis.', use: 'Benchmark.' }],
    permission: { holder: 'Fidelis', status: 'not-needed', note: 'Own wording.' },
    survey: {
      pages: [
        ...Array.from({ length: 10 }, (_, at) => ({ name: `page_${at}`, elements: [matrix(at)] })),
        {
          name: 'numbers',
          elements: [
            ...Array.from({ length: 6 }, (_, at) => number(at)),
            { type: 'text', name: 'words', title: 'In a word?', maxLength: 60 },
          ],
        },
      ],
    },
    scales: [],
    changes: [],
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return parsed.value;
}

/** Instruments from their files, for the tests of what ships and of the fixtures. */
import { readFileSync } from 'node:fs';
import type { Instrument } from '../../instruments/instrument.ts';
import { parseInstrument } from '../../instruments/parse.ts';

export function readJson(url: URL): unknown {
  return JSON.parse(readFileSync(url, 'utf8'));
}

export function load(folder: URL, file: string): Instrument {
  const parsed = parseInstrument(readJson(new URL(file, folder)));
  if (!parsed.ok)
    throw new Error(`${file}:\n${parsed.issues.map((i) => `${i.path} ${i.code} ${i.message}`).join('\n')}`);
  return parsed.value;
}

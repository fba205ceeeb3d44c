/** Every shipped instrument written for another program and read again: what survives is equal, and the rest is told. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Instrument } from '../../instruments/instrument.ts';
import type { Imported, LeftOut } from '../../instruments/interop/left-out.ts';
import { importRedcap } from '../../instruments/interop/redcap.ts';
import { exportRedcap } from '../../instruments/interop/redcap-write.ts';
import { importXlsform } from '../../instruments/interop/xlsform.ts';
import { exportXlsform } from '../../instruments/interop/xlsform-write.ts';
import { parseInstrument } from '../../instruments/parse.ts';
import { diffInstruments } from '../../instruments/versions/diff.ts';
import { factsOf } from '../../instruments/versions/facts.ts';

function parsed(json: unknown): Instrument {
  const found = parseInstrument(json);
  if (!found.ok) throw new Error(JSON.stringify(found.issues.slice(0, 5)));
  return found.value;
}
const library = readdirSync('instruments/library').map((file) =>
  parsed(JSON.parse(readFileSync(`instruments/library/${file}`, 'utf8'))),
);

interface There {
  readonly leftOut: readonly LeftOut[];
  readonly back: Imported;
}
const ways: Readonly<Record<string, (instrument: Instrument) => There>> = {
  xlsform(instrument) {
    const { tables, leftOut } = exportXlsform(instrument);
    return { leftOut, back: importXlsform({ ...tables }) };
  },
  redcap(instrument) {
    const { tables, leftOut } = exportRedcap(instrument);
    return { leftOut, back: importRedcap(tables) };
  },
};

/** Changes that a report about an item accounts for; words around items and the envelope are reported for the whole. */
const ofTheWhole = new Set(['instruction', 'instrument', 'title', 'subject', 'kind', 'scale-membership', 'score-rule']);

describe.each(Object.keys(ways))('%s', (way) => {
  test.each(library.map((instrument) => [instrument.id, instrument] as const))('%s', (_, instrument) => {
    const { leftOut, back } = ways[way]?.(instrument) ?? { leftOut: [], back: { instrument: {}, leftOut: [] } };
    const again = parsed(back.instrument);
    const told = new Set([...leftOut, ...back.leftOut].map(({ item }) => item));
    const facts = new Map(factsOf(instrument).items.map((item) => [item.name, item]));
    const untold = diffInstruments(instrument, { ...again, id: instrument.id }).filter(({ item, what }) => {
      if (item === null || ofTheWhole.has(what)) return false;
      const fact = facts.get(item);
      const names = [item, fact?.question, fact?.table, item.split('.')[0], item.replace(/_n$/, '')];
      return !names.some((name) => name !== undefined && told.has(name));
    });
    expect(untold).toEqual([]);
    const kept = factsOf(again).items.filter(({ name }) => facts.has(name));
    const whole = [...facts.values()].filter(({ table }) => table === '');
    expect(kept.length).toBeGreaterThan(whole.length / (way === 'xlsform' ? 1.2 : 3));
    for (const { id } of instrument.scales) expect(leftOut.map(({ what }) => what)).toContain(`scale ${id}`);
  });
});

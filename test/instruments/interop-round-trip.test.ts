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
import type { ChangeKind } from '../../instruments/versions/change.ts';
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

/** What a report has to be about, to account for a change of an item: any other report leaves the change untold. */
const accounts: Readonly<Partial<Record<ChangeKind, RegExp>>> = {
  instruction: /^(description|section)$/,
  'missing-mark': /^missingReason$/,
  validation: /^(maxLength|validator expression|number of entries|type matrixdynamic)$/,
  type: /^(type (rating|boolean|matrixdynamic)|number of entries)$/,
  'option-order': /^(type (boolean|matrixdynamic)|number of entries)$/,
  range: /^(type matrixdynamic|number of entries)$/,
  condition: /^(visibleIf|conditions of choices)$/,
  dropped: /^(expression|type (paneldynamic|matrixdynamic|ranking|checkbox|tagbox|file))$/,
};
/** The same for changes of the whole. */
const accountsOfWhole: Readonly<Partial<Record<ChangeKind, RegExp>>> = {
  subject: /^kind and subject$/,
  kind: /^kind and subject$/,
  'score-rule': /^scale /,
  instruction: /^(description|section|forms)$/,
};
/** What the form of another program is called and in which languages it speaks stands in the envelope, which it has no place for. */
const envelope: ReadonlySet<ChangeKind> = new Set(['instrument', 'title', 'languages']);

describe.each(Object.keys(ways))('%s', (way) => {
  test.each(library.map((instrument) => [instrument.id, instrument] as const))('%s', (_, instrument) => {
    const { leftOut, back } = ways[way]?.(instrument) ?? { leftOut: [], back: { instrument: {}, leftOut: [] } };
    const again = parsed(back.instrument);
    const told = [...leftOut, ...back.leftOut];
    const facts = new Map(factsOf(instrument).items.map((item) => [item.name, item]));
    const tellsOf = (item: string, { what }: { what: ChangeKind }) => {
      const fact = facts.get(item);
      // A report is about a question, about the table that it stands in, or about the count of that table's rows.
      const names = new Set([
        item,
        fact?.question,
        fact?.question.replace(/^.*\./, ''),
        fact?.table,
        item.replace(/_n$/, ''),
      ]);
      return told.some((one) => one.item !== null && names.has(one.item) && accounts[what]?.test(one.what));
    };
    const untold = diffInstruments(instrument, { ...again, id: instrument.id }).filter((change) => {
      const { item, what } = change;
      if (item !== null) return what !== 'scale-membership' && !tellsOf(item, change);
      return !envelope.has(what) && !told.some((one) => one.item === null && accountsOfWhole[what]?.test(one.what));
    });
    expect(untold).toEqual([]);
    for (const { id } of instrument.scales) expect(leftOut.map(({ what }) => what)).toContain(`scale ${id}`);
  });
});

test('an item that goes missing in the other file is found', () => {
  const [instrument] = library;
  if (!instrument) throw new Error('the library is empty');
  const again = parsed(importRedcap(exportRedcap(instrument).tables.slice(0, -1)).instrument);
  const lost = diffInstruments(instrument, { ...again, id: instrument.id }).filter(({ what }) => what === 'dropped');
  expect(lost.map(({ item }) => item)).toEqual([factsOf(instrument).items.at(-1)?.name]);
});

/** Cells as bytes: what is put is what is read, whatever it is. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { missingReasons } from '../../instruments/missing.ts';
import { cellPacker, cellReader } from '../../server/datasets/packed-cells.ts';

const cell = fc.oneof(
  fc.record({
    value: fc.oneof(
      fc.integer({ min: -1000, max: 1000 }),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (number === 0 ? 0 : number)),
      fc.string({ unit: 'grapheme', maxLength: 400 }),
      fc.constantFrom(
        null,
        '',
        2 ** 31,
        2 ** 53,
        -(2 ** 53),
        1e-300,
        'é'.repeat(85),
        'é'.repeat(86),
        '😀'.repeat(8000),
      ),
    ),
    reason: fc.constant(null),
  }),
  fc.record({ value: fc.constant(null), reason: fc.constantFrom(...missingReasons) }),
);

describe('packed cells', () => {
  it('are read as they were put, with counts between them, into blocks however small', () => {
    fc.assert(
      fc.property(fc.array(cell, { maxLength: 60 }), fc.nat(0xff_ff_ff_ff), (cells, count) => {
        const packer = cellPacker(1);
        for (const { value, reason } of cells) packer.put(value, reason);
        packer.count(count);
        for (const { value, reason } of cells) packer.put(value, reason);
        const reader = cellReader(packer.take());
        for (const last of [false, true]) {
          const { values, reasons } = reader.cells(cells.length);
          expect(values).toEqual(cells.map(({ value }) => value));
          expect(reasons).toEqual(cells.map(({ reason }) => reason));
          if (!last) expect(reader.count()).toBe(count);
        }
        expect(reader.ended).toBe(true);
        expect(packer.take()).toHaveLength(0);
      }),
      { seed: 6, numRuns: 300 },
    );
  });

  it('take one byte for a code, a gap and nothing', () => {
    const packer = cellPacker();
    for (const value of [-16, 0, 5, 99, 227]) packer.put(value, null);
    packer.put(null, 'skipped');
    packer.put(null, null);
    expect(packer.take()).toHaveLength(7);
    packer.put(228, null);
    expect(packer.take()).toHaveLength(9);
  });
});

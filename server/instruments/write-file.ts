/**
 * Writes an instrument as a file for another program. The file carries the day of the version, so that the same version gives
 * the same bytes. Called by the export route and `fidelis instruments export`.
 */
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Instrument } from '../../instruments/instrument.ts';
import type { LeftOut, Table } from '../../instruments/interop/left-out.ts';
import { exportRedcap } from '../../instruments/interop/redcap-write.ts';
import { exportXlsform } from '../../instruments/interop/xlsform-write.ts';
import { csvLine } from '../datasets/formats/csv.ts';
import { type Sheet, tableSheet, writeSheets } from '../datasets/formats/sheets.ts';

export const exportFormats = ['xlsform', 'redcap'] as const;
export type ExportFormat = (typeof exportFormats)[number];

export interface WritableFile {
  readonly name: string;
  readonly type: string;
  /** What the other program has no place for. */
  readonly leftOut: readonly LeftOut[];
  /** Writes the file, then ends `out`. */
  write(out: Writable): Promise<void>;
}

/** @param at the day that the file carries: that of publishing, where there is one */
export function instrumentFile(instrument: Instrument, format: ExportFormat, at: Date): WritableFile {
  const base = `${instrument.id}-v${instrument.version}`;
  if (format === 'redcap') {
    const { tables, leftOut } = exportRedcap(instrument);
    const lines = tables.map((cells) => csvLine(cells));
    return {
      name: `${base}-dictionary.csv`,
      type: 'text/csv; charset=utf-8',
      leftOut,
      write: (out) => pipeline(lines, out),
    };
  }
  const { tables, leftOut } = exportXlsform(instrument);
  return {
    name: `${base}-xlsform.xlsx`,
    type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    leftOut,
    write: (out) =>
      writeSheets(
        out,
        [sheet('survey', tables.survey), sheet('choices', tables.choices), sheet('settings', tables.settings)],
        [],
        at,
      ),
  };
}

function sheet(name: string, [header = [], ...rows]: Table): Sheet {
  return tableSheet(name, {
    header: [...header],
    rows: rows.map((row) => row.map((cell) => (cell === '' ? null : cell))),
  });
}

/** The README of a zip: which file holds what, and how R, SPSS, Stata and Excel read it. */
import { missingCodes, missingLabels, missingReasons } from '../../instruments/missing.ts';
import { pilotNote, simulatedNote, textNote } from './about.ts';
import type { Dataset } from './dataset.ts';
import { tableFile } from './part.ts';

export function readmeOf({ study, administration, instrument, columns, withdrawn, amendments }: Dataset): string {
  const lines = [
    `${study.title}: ${administration.title}`,
    `Instrument: ${instrument.title}, version ${instrument.version}`,
    ...(study.simulated ? ['', simulatedNote] : []),
    ...(administration.pilot ? ['', pilotNote] : []),
    ...(withdrawn > 0
      ? [
          '',
          `Left out: ${withdrawn} withdrawn ${withdrawn === 1 ? 'response' : 'responses'}. Their answers were removed.`,
        ]
      : []),
    ...(amendments.length > 0 ? ['', 'Changed after the start:', ...amendments.map((text) => `  ${text}`)] : []),
    '',
    'data.csv       one row for each response, in codes: who and where, the variables, the scale scores',
    'codebook.csv   one row for each column: words, type, values, missing codes, scale, keying, n, percent missing',
    'scales.csv     one row for each scale: items, keying, range, rule',
    ...columns.tables.map(
      (table) =>
        `${`${tableFile(table)}.csv`.padEnd(14)} one row for each entry of "${table.label}", linked by the column response`,
    ),
    '*.sav *.dta    the same tables for SPSS, and for Stata 14 and later: labels, levels and reasons of gaps inside',
    '*.parquet      the same tables as Parquet: gaps are null, <name>_gap tells why',
    'data.R         reads data.csv into R with labelled factors and rebuilds the scale scores (base R only); linked tables have scripts too',
    ...(columns.scores.length > 0
      ? [
          'scores.sps     rebuilds the scale scores from the items of data.sav in SPSS or PSPP',
          'scores.do      the same from data.dta in Stata',
        ]
      : []),
    'codebook.html  the codebook to read and print; codebook.json for programs',
    'ddi.xml        DDI-Codebook 2.5, for archives',
    'datapackage.json  Frictionless description of the CSV files',
    'about.json     study, administration, instrument version with its SHA-256, time of the export',
    '',
    'The files are CSV (RFC 4180): UTF-8 without byte order mark, comma, lines ending in CR LF.',
    'Every missing value has a reason, as a negative code; a cell is empty only where a column does not apply (no cluster).',
    ...missingReasons.map((reason) => `  ${missingCodes[reason]}  ${missingLabels[reason]}`),
    textNote,
    '',
    "R:      source('data.R')   # gives d, with factors, and gaps, with the reasons",
    "SPSS:   GET FILE='data.sav'.",
    'Stata:  use data.dta',
    'Excel:  take the .xlsx file instead: Excel does not read UTF-8 from a CSV file that is opened by a double click.',
    '',
  ];
  return lines.join('\r\n');
}

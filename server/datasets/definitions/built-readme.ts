/** The README of a built dataset: which file holds what, what was left out, and how programs read it. Called by `files.ts`. */
import { missingCodes, missingLabels, missingReasons } from '../../../instruments/missing.ts';
import { pilotNote, simulatedNote, textNote } from '../about.ts';
import type { BuiltDataset } from './build.ts';

const levels = {
  identified: 'Identified: holds names. Keep it where only those who need it can read it.',
  pseudonymous: 'Pseudonymous: people are known by pseudonyms; whoever has the roster can tell them.',
  controlled:
    'Disclosure-controlled: codes of its own for people and places, no days and texts, small cells withheld, school-level figures in bands.',
} as const;

const kinds: Readonly<Record<string, string>> = {
  'codebook.csv':
    'one line for each column of each table; codebook.html and codebook.xlsx to read, codebook.json for programs',
  'rules.csv': 'which rule brought each variable of each instrument version into its column',
  'administrations.csv': 'the administrations in it, with instrument version and its SHA-256',
  'k-anonymity.csv': 'combinations of school-level columns that few schools share, and sizes that few clusters have',
  'data.R': 'reads data.csv into R with labelled factors (base R only); the other tables have scripts of their own',
  'scores.sps': 'rebuilds the scale scores from the items of data.sav in SPSS or PSPP',
  'scores.do': 'the same from data.dta in Stata',
  'ddi.xml': 'DDI-Codebook 2.5, for archives',
  'datapackage.json': 'Frictionless description of the CSV files, with keys',
  'about.json': 'the definition, counts, notes, amendments and the SHA-256 of everything in the tables',
};

/** @param files names of all files beside it */
export function builtReadme(
  { study, definition, tables, counts, notes, datasets }: BuiltDataset,
  files: readonly string[],
): string {
  const there = new Set(files);
  const row = (name: string, text: string) => `${name.padEnd(20)} ${text}`;
  const amendments = datasets.flatMap((dataset) => dataset.amendments);
  return [
    `${study.title}: ${definition.title}`,
    `Purpose: ${definition.purpose}`,
    levels[definition.level],
    ...(study.simulated ? ['', simulatedNote] : []),
    ...(datasets.some(({ administration }) => administration.pilot) ? ['', pilotNote] : []),
    '',
    `${counts.responses} responses of ${datasets.length} ${datasets.length === 1 ? 'administration' : 'administrations'}; ` +
      `a row for each ${definition.rows === 'long' ? 'response' : 'person'}.`,
    ...notes,
    ...(amendments.length > 0 ? ['', 'Changed after the start:', ...amendments.map((text) => `  ${text}`)] : []),
    '',
    ...tables.map(({ name, title, rows }) => row(`${name}.csv`, `${title}: ${rows} ${rows === 1 ? 'row' : 'rows'}`)),
    row(
      '*.sav *.dta',
      'the same tables for SPSS, and for Stata 14 and later: labels, levels and reasons of gaps inside',
    ),
    row('*.jsonl', 'the same tables as JSON Lines: gaps are null, _missing tells why'),
    ...(there.has(`${definition.name}.xlsx`)
      ? [row(`${definition.name}.xlsx`, 'all tables as a workbook, in codes and in words')]
      : []),
    row('*.parquet', 'the same tables as Parquet: gaps are null, <name>_gap tells why'),
    ...Object.entries(kinds).flatMap(([name, text]) => (there.has(name) ? [row(name, text)] : [])),
    ...(there.has('scores.sps')
      ? []
      : ['There is no syntax for scale scores: rows are wide, or items of the scales are not in it.']),
    '',
    'The files are CSV (RFC 4180): UTF-8 without byte order mark, comma, lines ending in CR LF.',
    'A missing value has a reason, as a negative code; a cell is empty where a column does not apply.',
    ...missingReasons.map((reason) => `  ${missingCodes[reason]}  ${missingLabels[reason]}`),
    textNote,
    'The same definition on the same data gives the same bytes: files carry the day of the latest answer.',
    '',
  ].join('\r\n');
}

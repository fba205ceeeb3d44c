/**
 * Rows of a sheet as SpreadsheetML, pushed into the sheet that exceljs has opened. exceljs makes an object of every
 * cell and looks up a style for each, which takes five times as long; and it keeps neither spaces at the ends of a
 * text nor carriage returns. Texts are inline, so that no table of strings grows in memory, but for the labels of the codebook. Used by `xlsx.ts`.
 */
import type { Cell } from '../cells.ts';
import { neutralText } from './csv.ts';

/** The letters of the first columns: A, B … Z, AA … */
export function columnLetters(count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    let letters = '';
    for (let rest = index + 1; rest > 0; rest = Math.floor((rest - 1) / 26)) {
      letters = String.fromCharCode(65 + ((rest - 1) % 26)) + letters;
    }
    return letters;
  });
}

/** Where a text stands in the workbook's own list of texts, which holds the labels: they are written once only. */
export type SharedTexts = ReadonlyMap<string, number>;

/** One row; `number` counts from 1. Empty cells are left out. */
export function rowXml(
  cells: readonly Cell[],
  number: number,
  letters: readonly string[],
  shared: SharedTexts,
): string {
  let xml = `<row r="${number}">`;
  for (let at = 0; at < cells.length; at += 1) {
    const cell = cells[at];
    if (typeof cell === 'number') xml += `<c r="${letters[at]}${number}"><v>${cell}</v></c>`;
    else if (cell) {
      const index = shared.get(cell);
      if (index !== undefined) xml += `<c r="${letters[at]}${number}" t="s"><v>${index}</v></c>`;
      else
        xml += `<c r="${letters[at]}${number}" t="inlineStr"><is><t xml:space="preserve">${textXml(cell)}</t></is></c>`;
    }
  }
  return `${xml}</row>`;
}

/** A cell holds no more characters; a longer text is cut, and is whole in the CSV. */
const longest = 32_767;
const cut = ' … [cut: the whole text is in the CSV file]';

/** Everything but printable characters without a meaning in XML; and what a reader would take for an escape. */
const special = /[^ -%'-;=?-\uD7FF\uE000-\uFFFD]|_x[0-9A-Fa-f]{4}_/;
const unit = /[\uD800-\uDBFF][\uDC00-\uDFFF]|[^ -%'-;=?-\uD7FF\uE000-\uFFFD]|_(?=x[0-9A-Fa-f]{4}_)/g;

/** Whether a text may be written as it is, by whatever writer. */
export function isPlain(text: string): boolean {
  return text.length < 1000 && neutralText(text) === text && !special.test(text) && text.trim() === text;
}

/** A text as it may stand in a cell: neutral to formulas, cut to what a cell holds, escaped. */
export function textXml(text: string): string {
  const neutral = neutralText(text);
  const fitting = neutral.length > longest ? beginning(neutral, longest - cut.length) + cut : neutral;
  return special.test(fitting) ? fitting.replaceAll(unit, escaped) : fitting;
}

/** As much of a text as has at most so many characters, up to the end of one as people see them. */
function beginning(text: string, length: number): string {
  return text.slice(0, graphemes.segment(text).containing(length)?.index ?? length);
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

function escaped(character: string): string {
  if (character.length === 2) return character;
  switch (character) {
    case '&':
      return '&amp;';
    case '<':
      return '&lt;';
    case '>':
      return '&gt;';
    case '\t':
    case '\n':
      return character;
    case '\r':
      return '&#13;';
    case '_':
      return '_x005F_';
    default: {
      const code = character.charCodeAt(0);
      // Control characters have an escape of the format; what is no character at all becomes the replacement one.
      return code < 32 ? `_x${code.toString(16).toUpperCase().padStart(4, '0')}_` : '\uFFFD';
    }
  }
}

const forbiddenInNames = /[\\/*?:[\]]/g;

/** A sheet name that Excel takes: at most 31 characters, none of \ / * ? : [ ], unique without regard to case. */
export function sheetName(wanted: string, taken: Set<string>): string {
  const clean = wanted.replaceAll(forbiddenInNames, '_').replaceAll(/^'+|'+$/g, '') || 'sheet';
  let name = clean.slice(0, 31);
  for (let number = 2; taken.has(name.toLowerCase()); number += 1) {
    const ending = `_${number}`;
    name = clean.slice(0, 31 - ending.length) + ending;
  }
  taken.add(name.toLowerCase());
  return name;
}

/**
 * A script for R that reads `data.csv` into labelled factors, numbers, days and texts, keeps why values are missing, and
 * rebuilds the scale scores from the raw items. Base R only.
 */
import { missingCodes, missingReasons } from '../../../instruments/missing.ts';
import { wordsOf } from '../cells.ts';
import type { FileKind, FileVariable } from '../file-columns.ts';
import { ruleInWords, type ScoreRule } from './scores.ts';

interface RFile {
  /** Name of the CSV file beside the script. */
  readonly data: string;
  readonly title: string;
  readonly variables: readonly FileVariable[];
  readonly rules: readonly ScoreRule[];
}

const types: Readonly<Record<FileKind, string>> = {
  integer: 'number',
  number: 'number',
  text: 'text',
  date: 'day',
  datetime: 'moment',
  time: 'text',
};

/** A text in R, with everything but plain letters escaped, so that the script is ASCII whatever it says. */
export function rText(text: string): string {
  let out = '';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (character === '"' || character === '\\') out += `\\${character}`;
    // R knows no escape for the character of number zero.
    else if (code === 0) out += '\\u2400';
    else if (code < 32 || code > 126) out += code > 0xffff ? `\\U{${code.toString(16)}}` : `\\u{${code.toString(16)}}`;
    else out += character;
  }
  return `"${out}"`;
}

/** The whole script, lines ending in LF. */
export function rScript({ data, title, variables, rules }: RFile): string {
  const shown = variables.filter(({ gapOf }) => gapOf === undefined);
  return `${[
    '# Reads the data into R: `d` holds one row for each response, `gaps` why a value is missing.',
    `title <- ${rText(title)}`,
    `file <- ${rText(data)}`,
    '',
    'd <- read.csv(file, colClasses = "character", na.strings = character(), check.names = FALSE, encoding = "UTF-8")',
    'gaps <- d[, 0]',
    '',
    `reasons <- c(${missingReasons.map((reason) => `"${missingCodes[reason]}" = ${rText(reason)}`).join(', ')})`,
    '# An apostrophe before a text that a spreadsheet would run as a formula is taken off.',
    // The escapes of the full-width signs are R's, which make the pattern one of Unicode.
    'formula <- "^\'+(?:[\\\\t\\\\r\\\\n]|[\\\\s\\\\p{Z}\\\\p{Cc}\\\\p{Cf}]*[=+\\\\-@\\uff0b\\uff0d\\uff1d\\uff20])"',
    'plain <- function(x) { marked <- grepl(formula, x, perl = TRUE); x[marked] <- substring(x[marked], 2); x }',
    '',
    'read_column <- function(name, label, type, codes = NULL, labels = NULL, ordered = FALSE, has_gaps = FALSE) {',
    '  x <- d[[name]]',
    '  if (has_gaps) {',
    '    gaps[[name]] <<- factor(unname(reasons[x]), levels = unname(reasons))',
    '    x[x %in% names(reasons)] <- NA',
    '  }',
    '  x[!is.na(x) & x == ""] <- if (type == "text") "" else NA',
    '  x <- switch(type, number = as.numeric(x), day = as.Date(x), moment = as.POSIXct(x, tz = "UTC", format = "%Y-%m-%dT%H:%M"), plain(x))',
    '  if (!is.null(codes)) attr(x, "codes") <- setNames(codes, labels)',
    '  if (ordered) attr(x, "ordered") <- TRUE',
    '  attr(x, "label") <- label',
    '  d[[name]] <<- x',
    '}',
    '',
    ...shown.map((variable) => columnLine(variable, variables)),
    '',
    ...(rules.length === 0 ? [] : scoreLines(rules)),
    '# Numbers whose values all have labels become factors; their codes stay in attr(x, "codes").',
    'as_labelled_factor <- function(x) {',
    '  codes <- attr(x, "codes")',
    '  f <- factor(unclass(x), levels = unname(codes), labels = names(codes), ordered = isTRUE(attr(x, "ordered")))',
    '  attr(f, "label") <- attr(x, "label")',
    '  attr(f, "codes") <- codes',
    '  f',
    '}',
    'labelled <- function(x) !is.null(attr(x, "codes")) && all(is.na(x) | x %in% attr(x, "codes"))',
    'for (name in names(d)) if (labelled(d[[name]])) d[[name]] <- as_labelled_factor(d[[name]])',
    'attr(d, "title") <- title',
  ].join('\n')}\n`;
}

function columnLine({ name, label, kind, values, measurement, gaps }: FileVariable, all: readonly FileVariable[]) {
  const told = gaps || all.some(({ gapOf }) => gapOf === name);
  const words = wordsOf({ values });
  return `read_column(${[
    rText(name),
    rText(label),
    rText(types[kind]),
    ...(values.length === 0
      ? []
      : [`c(${values.map(({ code }) => code).join(', ')})`, `c(${words.map(rText).join(', ')})`]),
    ...(measurement === 'ordinal' && values.length > 0 ? ['ordered = TRUE'] : []),
    ...(told ? ['has_gaps = TRUE'] : []),
  ].join(', ')})`;
}

function scoreLines(rules: readonly ScoreRule[]): string[] {
  return [
    '# Scale scores from the raw items. They agree with the columns of the dataset.',
    'score_of <- function(items, reversed, turn, minimum, sum) {',
    '  x <- as.matrix(d[, items, drop = FALSE])',
    '  x[, reversed] <- turn - x[, reversed]',
    '  answered <- rowSums(!is.na(x))',
    '  score <- rowMeans(x, na.rm = TRUE) * (if (sum) length(items) else 1)',
    '  ifelse(answered < minimum, NA, score)',
    '}',
    ...rules.flatMap((rule) => [
      `# ${ruleInWords(rule)}`.replaceAll(/[^\x20-\x7e]/g, '?'),
      `d[[${rText(rule.rebuilt)}]] <- score_of(c(${rule.items.map(({ name }) => rText(name)).join(', ')}),`,
      `  c(${rule.items.map(({ reversed }) => (reversed ? 'TRUE' : 'FALSE')).join(', ')}), ${rule.turn}, ${rule.minimumAnswered}, ${rule.sum ? 'TRUE' : 'FALSE'})`,
    ]),
    '',
  ];
}

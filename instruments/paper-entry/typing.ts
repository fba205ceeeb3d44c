/**
 * What the text in a field means while it is typed: whether it is whole, so that the next field can follow by itself, and in
 * words what is wrong with it. Called by the entry screen at each keystroke, and by the check for what was typed.
 */
import { isMultiple } from '../json.ts';
import { reachesReserved } from '../reserved.ts';
import { isWritten } from '../text-formats.ts';
import { isMark, type PaperCell, type PaperMark } from './cells.ts';
import type { PaperField } from './fields.ts';

export type Typed =
  /** Nothing yet. */
  | { readonly state: 'empty' }
  /** Not an answer yet, and may become one. */
  | { readonly state: 'begun' }
  /** An answer; `jump`: nothing that could follow would be one. */
  | { readonly state: 'whole'; readonly cell: PaperCell; readonly jump: boolean }
  | { readonly state: 'wrong'; readonly why: string };

/** One letter marks a field that has no code to type; in fields for words the function keys do. */
export const markLetters: Readonly<Record<string, PaperMark>> = {
  b: 'blank',
  i: 'illegible',
  t: 'two-ticks',
  n: 'not-possible',
};

const textKinds: ReadonlySet<PaperField['kind']> = new Set(['line', 'lines']);
const timedKinds: ReadonlySet<PaperField['kind']> = new Set(['date', 'datetime', 'time', 'month', 'week']);

/** Whether words are typed, so that letters are letters. */
export const isWords = ({ kind }: Pick<PaperField, 'kind'>): boolean => textKinds.has(kind);

export function readTyped(field: PaperField, text: string): Typed {
  const trimmed = text.trim();
  if (trimmed === '') return { state: 'empty' };
  if (isWords(field)) return wordsTyped(field, text);
  const mark = markLetters[trimmed.toLowerCase()];
  if (mark) return { state: 'whole', cell: { mark }, jump: true };
  if (timedKinds.has(field.kind)) return timeTyped(field, trimmed);
  return field.codes.length > 0 ? codeTyped(field, trimmed) : numberTyped(field, trimmed);
}

/** Which codes or numbers a field takes, in words. */
export function allowedWords({ codes, min, max, kind }: PaperField): string {
  if (codes.length > 0) return runs(codes.map(({ code }) => code));
  if (kind === 'date') return 'a day: 31.3.2026 or 2026-03-31';
  if (kind === 'time') return 'a time: 14:30';
  if (kind === 'datetime') return 'day and time: 2026-03-31T14:30';
  if (kind === 'month') return 'a month: 2026-03';
  if (kind === 'week') return 'a week: 2026-W14';
  if (min !== null && max !== null) return `${min} to ${max}`;
  if (min !== null) return `${min} or more`;
  if (max !== null) return `${max} or less`;
  return kind === 'number' ? 'a number' : 'words';
}

/** `1 to 6, 98, 99`. */
function runs(codes: readonly number[]): string {
  const groups: number[][] = [];
  for (const code of codes) {
    const last = groups.at(-1);
    if (last && code === (last.at(-1) ?? Number.NaN) + 1) last.push(code);
    else groups.push([code]);
  }
  return groups
    .flatMap((group) => (group.length > 2 ? [`${group[0]} to ${group.at(-1)}`] : group.map(String)))
    .join(', ');
}

function codeTyped(field: PaperField, text: string): Typed {
  const all = field.codes.map(({ code }) => String(code));
  const longer = all.some((code) => code !== text && code.startsWith(text));
  if (all.includes(text)) return { state: 'whole', cell: Number(text), jump: !longer };
  if (longer) return { state: 'begun' };
  return { state: 'wrong', why: `${quoted(text)} is not a code here. Allowed: ${allowedWords(field)}.` };
}

function numberTyped(field: PaperField, text: string): Typed {
  const { min, max, step } = field;
  const plain = text.replace(',', '.');
  if (/^[+-]$/.test(plain)) return { state: 'begun' };
  if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(plain)) {
    return { state: 'wrong', why: `${quoted(text)} is not a number. Allowed: ${allowedWords(field)}.` };
  }
  const value = Number(plain);
  const whole = step !== null && Number.isInteger(step);
  if (min !== null && value < min) {
    // The figures that follow may bring it within the limits, as long as they make it larger.
    const mayGrow = value > 0 && (max === null || value * 10 <= max);
    return mayGrow ? { state: 'begun' } : outside(field, text);
  }
  if (max !== null && value > max) return outside(field, text);
  if (step !== null && !isMultiple(value, step)) {
    // 1 may become 15, and 1.2 may become 1.25.
    const mayGrow = !plain.includes('.') && value > 0 && (max === null || value * 10 <= max);
    if (!whole || mayGrow) return { state: 'begun' };
    return { state: 'wrong', why: `${quoted(text)} is not a multiple of ${step}.` };
  }
  if (reachesReserved(value, value)) {
    return { state: 'wrong', why: 'Numbers from -999 to -990 stand for missing answers.' };
  }
  const jump = whole && max !== null && value >= 0 && (value === 0 ? /^0+$/.test(plain) : value * 10 > max);
  return { state: 'whole', cell: value === 0 ? 0 : value, jump };
}

const outside = (field: PaperField, text: string): Typed => ({
  state: 'wrong',
  why: `${quoted(text)} is outside what is allowed: ${allowedWords(field)}.`,
});

function timeTyped(field: PaperField, text: string): Typed {
  const { kind } = field;
  if (kind !== 'date' && kind !== 'datetime' && kind !== 'time' && kind !== 'month' && kind !== 'week') {
    return { state: 'begun' };
  }
  const written = kind === 'date' ? isoDay(text) : text;
  if (isWritten(kind, written)) return { state: 'whole', cell: written, jump: false };
  const mayFollow = /^[\d.:/TW-]*$/.test(text) && text.length < 16;
  return mayFollow ? { state: 'begun' } : { state: 'wrong', why: `Write ${allowedWords(field)}.` };
}

/** 31.3.2026 and 31/3/2026 as 2026-03-31; anything else as it is. */
function isoDay(text: string): string {
  const match = /^(\d{1,2})[./-](\d{1,2})[./-](\d{4})$/.exec(text);
  if (!match) return text;
  const [, day = '', month = '', year = ''] = match;
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

function wordsTyped({ maxLength }: PaperField, text: string): Typed {
  if (maxLength !== null && text.length > maxLength) {
    return { state: 'wrong', why: `At most ${maxLength} characters; these are ${text.length}.` };
  }
  return { state: 'whole', cell: text, jump: false };
}

const quoted = (text: string): string => `“${text.slice(0, 20)}”`;

/** The text that stands for a cell in its field. */
export function textOfCell(cell: PaperCell | undefined): string {
  return cell === undefined || isMark(cell) ? '' : String(cell);
}

/** What is wrong with a cell where it stands; null where nothing is. */
export function cellProblem(field: PaperField, cell: PaperCell): string | null {
  if (isMark(cell)) return null;
  const wordy = isWords(field) || timedKinds.has(field.kind);
  if (wordy !== (typeof cell === 'string')) return `Expected ${allowedWords(field)}.`;
  const typed = readTyped(field, String(cell));
  if (typed.state === 'wrong') return typed.why;
  return typed.state === 'whole' && typed.cell === cell ? null : `Expected ${allowedWords(field)}.`;
}

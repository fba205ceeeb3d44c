/**
 * What stands against the cells of a paper form: fields without a cell, values that are none, and what the instrument's own
 * check says of the answers. Paper cannot make anybody answer: that something was left blank is no fault of the form. Called
 * by the entry screen, by the server when an entry is finished, and by the submission of answers from paper.
 */
import { checkAnswers } from '../checker.ts';
import type { CompiledInstrument } from '../compile.ts';
import type { Issue } from '../instrument.ts';
import { cellAt, isMark, type PaperCells } from './cells.ts';
import { fieldsOf, type PaperField } from './fields.ts';
import { mainNames, paperAnswers, type RawAnswers, rankingOf } from './raw.ts';
import { cellProblem } from './typing.ts';

export interface CheckedPaper {
  readonly fields: readonly PaperField[];
  /** The cells that are asked, without others that were typed before they were skipped. */
  readonly cells: PaperCells;
  readonly answers: RawAnswers;
  /** Paths are keys of fields. */
  readonly issues: readonly Issue[];
}

/** What nobody at a desk can force somebody with a pen to do. */
const notOfPaper: ReadonlySet<string> = new Set(['required', 'too-few']);

/** What stands against answers that came on paper: everything that stands against any, but for what was left out. */
export function paperIssues(compiled: CompiledInstrument, answers: unknown): Issue[] {
  return checkAnswers(compiled, answers).filter(({ code }) => !notOfPaper.has(code));
}

export function checkPaper(compiled: CompiledInstrument, typed: PaperCells): CheckedPaper {
  const raw = paperAnswers(compiled, typed);
  const fields = fieldsOf(compiled, typed, raw);
  const cells = Object.fromEntries(
    fields.flatMap(({ key }) => {
      const cell = cellAt(typed, key);
      return cell === undefined ? [] : [[key, cell]];
    }),
  );
  const issues: Issue[] = fields.flatMap((field) => {
    const cell = cellAt(cells, field.key);
    if (cell === undefined) {
      return [{ code: 'not-typed', path: field.key, message: 'Type the code, or mark why there is none.' }];
    }
    const why = cellProblem(field, cell);
    return why === null ? [] : [{ code: 'not-allowed', path: field.key, message: why }];
  });
  issues.push(...rankingIssues(compiled, cells, fields));
  if (issues.length === 0) {
    for (const issue of paperIssues(compiled, raw.answers)) {
      issues.push({ ...issue, path: keyAt(compiled, fields, issue.path) });
    }
  }
  return { fields, cells, answers: raw.answers, issues };
}

/** Ranks that are all there and are no order: 1, 2, 2. Where one cannot be read there is no order to check. */
function rankingIssues(compiled: CompiledInstrument, cells: PaperCells, fields: readonly PaperField[]): Issue[] {
  return compiled.questions.flatMap(({ question, first }): Issue[] => {
    const { answer, name } = question;
    if (answer.kind !== 'ranking') return [];
    const nameAt = mainNames(compiled, first);
    const mine = fields.filter((field) => field.question === name);
    const given = mine.map(({ key }) => cellAt(cells, key));
    const ranked = given.filter((cell) => typeof cell === 'number').length;
    if (ranked === 0 || (!answer.selecting && given.some((cell) => cell === undefined || isMark(cell)))) return [];
    const value = (offset: number) => {
      const cell = cellAt(cells, nameAt(offset));
      return cell === undefined || isMark(cell) ? undefined : cell;
    };
    if (rankingOf(answer, value) !== null) return [];
    const message = `The ranks must be 1 to ${ranked}, each once. Mark those that are not.`;
    return [{ code: 'not-a-ranking', path: mine[0]?.key ?? name, message }];
  });
}

/** The field that a path like `answers.matrix.row` or `answers.table[0].column` speaks of. */
function keyAt(compiled: CompiledInstrument, fields: readonly PaperField[], path: string): string {
  const match = /^answers\.([^.[]+)(?:\[(\d+)\])?\.?(.*)$/.exec(path);
  if (!match) return path;
  const [, name = '', position, inner = ''] = match;
  const table = compiled.codebook.tables.some((one) => one.name === name);
  const entry = table && position !== undefined ? Number(position) + 1 : null;
  const mine = fields.filter((field) => field.question === name && (entry === null || field.entry === entry));
  const wanted = inner.split(/[.[]/).filter((part) => part !== '' && !/^\d+\]$/.test(part));
  const joined = wanted.join('_');
  const found = mine.find((field) => field.name === joined) ?? mine.find((field) => field.name.startsWith(joined));
  return (found ?? mine[0])?.key ?? name;
}

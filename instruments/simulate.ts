/**
 * Simulated respondents: legal answers for any instrument, from a seeded generator, with people in schools in clusters,
 * branching, reversed items, gaps, refusals and drop-out. Used by the demonstration study, `fidelis simulate` and tests.
 */
import { isBlankThroughout } from './blank.ts';
import { checkAnswers } from './checker.ts';
import type { CompiledInstrument, CompiledQuestion } from './compile.ts';
import { isRequired, type Situation, situationOf } from './conditions.ts';
import { isObject } from './json.ts';
import type { Random } from './random.ts';
import { type Respondent, simulatedAnswer } from './simulate-values.ts';

export interface SimulationOptions {
  readonly random: Random;
  /** Where the respondent stands on each scale, in standard deviations; an own normal deviate for scales not named. */
  readonly traits?: Readonly<Record<string, number>>;
  /** Correlation of items with the standing on their scale: one for all, or by item; 0.75 for those not named. */
  readonly loadings?: number | Readonly<Record<string, number>>;
  /** Chance that an item that may be left blank is left blank; 0.02. */
  readonly missing?: number;
  /** Chance that a choice is taken which counts as missing, where there is one; 0.02. */
  readonly declined?: number;
  /** Chance of breaking off before the last page; 0. */
  readonly dropOut?: number;
  /** Answers that are known, by question; questions not asked in this instrument are passed over. */
  readonly known?: Readonly<Record<string, unknown>>;
  /** First and last day of answers that are dates. */
  readonly days?: { readonly from: string; readonly to: string };
  /** What is written into free text; sentences that say that they are simulated, unless given. */
  readonly texts?: readonly string[];
}

export interface SimulatedResponse {
  readonly answers: Record<string, unknown>;
  readonly completion: 'complete' | 'partial';
  /** Index of the last page that was seen, of a partial response; null of a complete one. */
  readonly lastPage: number | null;
}

const simulatedTexts = ['Simulated text.', 'Simulated answer to an open question.', 'Nothing to add (simulated).'];

/** Of an item on its scale, unless told. */
const usualLoading = 0.75;

/** Rounds of mending before giving up. */
const rounds = 40;

/**
 * One simulated response that `checkAnswers` accepts. Throws a RangeError when the instrument asks for something that
 * chance does not find (a required text with a pattern, validators that contradict each other).
 *
 * @param compiled the instrument version, from `compileInstrument`
 */
export function simulateAnswers(compiled: CompiledInstrument, options: SimulationOptions): SimulatedResponse {
  const { random } = options;
  const respondent = respondentOf(compiled, options);
  const answers: Record<string, unknown> = {};
  for (const { question } of compiled.questions) {
    const value = options.known?.[question.name] ?? simulatedAnswer(question, respondent);
    if (value !== undefined) answers[question.name] = value;
  }
  mend(compiled, answers, respondent, true);
  const lastPage = random.chance(options.dropOut ?? 0) ? breakOff(compiled, answers, random) : null;
  if (lastPage === null) return { answers, completion: 'complete', lastPage: null };
  mend(compiled, answers, respondent, false);
  return { answers, completion: 'partial', lastPage };
}

/** Variance shares of the levels of nesting; the rest is between people. */
export interface Nesting {
  readonly cluster: number;
  readonly school: number;
}

export interface Place {
  readonly cluster: string | null;
  readonly school: string | null;
  readonly person: string;
}

/**
 * Where a person stands on a scale: the sum of effects of cluster, school and person with total variance 1. Half of
 * each effect is shared by all scales. The same names always give the same standing, in any order of asking.
 */
export function nestedTrait(random: Random, shares: Nesting, place: Place, scale: string): number {
  const effect = (level: string, id: string | null, share: number) => {
    if (id === null || share <= 0) return 0;
    const shared = random.fork(`${level} ${id}`).normal();
    const own = random.fork(`${level} ${id} ${scale}`).normal();
    return Math.sqrt(share / 2) * (shared + own);
  };
  return (
    effect('cluster', place.cluster, shares.cluster) +
    effect('school', place.school, shares.school) +
    effect('person', place.person, 1 - shares.cluster - shares.school)
  );
}

function respondentOf(compiled: CompiledInstrument, options: SimulationOptions): Respondent {
  const { random, loadings = usualLoading } = options;
  const standings = new Map<string, number>();
  const reversed = new Set<string>();
  for (const scale of compiled.instrument.scales) {
    const standing = options.traits?.[scale.id] ?? random.normal();
    for (const item of scale.items) {
      if (item.reversed) reversed.add(item.name);
      if (!standings.has(item.name)) standings.set(item.name, item.reversed ? -standing : standing);
    }
  }
  return {
    random,
    standing: (variable) => standings.get(variable) ?? null,
    reversed: (variable) => reversed.has(variable),
    loading: (variable) => (typeof loadings === 'number' ? loadings : (loadings[variable] ?? usualLoading)),
    missing: options.missing ?? 0.02,
    declined: options.declined ?? 0.02,
    days: options.days ?? { from: '2025-09-01', to: '2026-07-31' },
    texts: options.texts ?? simulatedTexts,
  };
}

/** Takes away what is not asked, gives anew what is refused, until the checker has nothing to say. */
function mend(
  compiled: CompiledInstrument,
  answers: Record<string, unknown>,
  respondent: Respondent,
  whole: boolean,
): void {
  for (let round = 0; round < rounds; round += 1) {
    withoutHidden(compiled, answers, respondent, whole);
    const issues = checkAnswers(compiled, answers, { partial: !whole });
    const [first] = issues;
    if (!first) return;
    if (round === rounds - 1) {
      throw new RangeError(`simulateAnswers found no legal answer: ${first.path}: ${first.message}`);
    }
    const wrong = new Set(issues.map((issue) => questionIn(issue.path)));
    // Which of two answers that do not agree is to give way, a rule does not say: the whole page is given anew.
    const broken = new Set(
      issues.filter((issue) => issue.code === 'rule-broken').map((issue) => questionIn(issue.path)),
    );
    const pages = new Set([...broken].map((name) => compiled.byName.get(name)?.question.page));
    for (const question of compiled.questions) {
      const { name, page, required } = question.question;
      const given = answers[name] !== undefined && pages.has(page);
      if (wrong.has(name) || given) again(question, answers, respondent, round > rounds / 2 && !required);
    }
  }
}

function questionIn(path: string): string {
  return path.split(/[.[]/)[1] ?? '';
}

function again(
  { question }: CompiledQuestion,
  answers: Record<string, unknown>,
  respondent: Respondent,
  blank: boolean,
): void {
  // What was missing where it is required is now given for certain.
  const value = blank
    ? undefined
    : simulatedAnswer({ ...question, required: true }, { ...respondent, missing: 0, declined: 0 });
  if (value === undefined) delete answers[question.name];
  else answers[question.name] = value;
}

/** Answers to what is not shown or cannot be answered go; choices that are not offered are taken again or go. */
function withoutHidden(
  compiled: CompiledInstrument,
  answers: Record<string, unknown>,
  respondent: Respondent,
  whole: boolean,
): void {
  if (compiled.unconditional) return;
  const situation = situationOf(compiled, answers);
  for (const question of compiled.questions) {
    const { name } = question.question;
    if (answers[name] === undefined && whole) {
      const asked = !situation.hidden.has(name) && !situation.disabled.has(name);
      if (asked && isRequired(question, situation)) again(question, answers, respondent, false);
    }
    const value = offered(question, answers[name], situation, respondent);
    if (value === undefined) delete answers[name];
    else answers[name] = value;
  }
}

/** What is left of an answer in its situation. */
function offered(compiled: CompiledQuestion, value: unknown, situation: Situation, respondent: Respondent): unknown {
  const { name, answer } = compiled.question;
  if (value === undefined || situation.hidden.has(name) || situation.disabled.has(name)) return undefined;
  const rows = situation.hiddenRows.get(name);
  const choices = situation.hiddenChoices.get(name);
  if (typeof value === 'number') {
    if (!choices?.has(value) || answer.kind !== 'code') return value;
    const left = answer.choices.list.filter((choice) => choice.missing === null && !choices.has(choice.code));
    return left.length === 0 ? undefined : respondent.random.pick(left).code;
  }
  if (answer.kind === 'table' && Array.isArray(value)) {
    const entries = situation.entries.get(name);
    const left = value.map((row, at) => inside(compiled, row, entries?.[at], respondent) ?? {});
    return left.length === 0 ? undefined : left;
  }
  if (Array.isArray(value)) {
    const left = choices ? value.filter((code) => !choices.has(code)) : value;
    return left.length === 0 ? undefined : left;
  }
  if (!isObject(value)) return value;
  const entries = situation.entries.get(name);
  const names = answer.kind === 'grid' ? answer.rows.list.map((row) => row.name) : [];
  const left = Object.entries(value)
    .filter(([row, cell]) => !rows?.has(row) && !(typeof cell === 'number' && choices?.has(cell)))
    .map(([row, cell]) => [
      row,
      answer.kind === 'grid' ? inside(compiled, cell, entries?.[names.indexOf(row)], respondent) : cell,
    ])
    .filter(([, cell]) => cell !== undefined);
  return left.length === 0 ? undefined : Object.fromEntries(left);
}

/** A row of a table or grid without the cells that are not asked in it. */
function inside(
  compiled: CompiledQuestion,
  row: unknown,
  entry: Situation | undefined,
  respondent: Respondent,
): unknown {
  if (!entry || !isObject(row)) return row;
  const cells = compiled.columns.map((column) => {
    const { name } = column.question;
    const asked = !entry.hidden.has(name) && !entry.disabled.has(name);
    const needed = asked && row[name] === undefined && isRequired(column, entry);
    const value = needed
      ? simulatedAnswer({ ...column.question, required: true }, { ...respondent, missing: 0, declined: 0 })
      : row[name];
    return [name, offered(column, value, entry, respondent)] as const;
  });
  const left = Object.fromEntries(cells.filter(([, value]) => value !== undefined));
  return isBlankThroughout(left) ? undefined : left;
}

/** Forgets what comes after a page before the last; the page, or null where there is only one page. */
function breakOff(compiled: CompiledInstrument, answers: Record<string, unknown>, random: Random): number | null {
  const last = Math.max(0, ...compiled.questions.map(({ question }) => question.page));
  if (last === 0) return null;
  const page = random.integer(0, last - 1);
  for (const { question } of compiled.questions) {
    if (question.page > page) delete answers[question.name];
  }
  return page;
}

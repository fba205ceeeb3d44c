/**
 * What the answers given so far make of an instrument: which items are shown, which can be answered, what the calculated
 * values are. Runs survey-core's expression engine on plain values, in the order of dependence; no Model. The checker
 * and the coding ask here, so that what is refused and what is coded `hidden` is the same.
 */
import { isBlank } from './blank.ts';
import type { CompiledInstrument, CompiledQuestion, Condition, Members } from './compile.ts';
import { isObject, type JsonObject, own } from './json.ts';
import type { Values } from './surveyjs.ts';

/** What holds for the questions of one level: the whole response, or one row of a table. */
export interface Situation {
  /**
   * The values that conditions see: answers of items that are hidden are gone (a hidden item's answer steers nothing),
   * calculated values are there, shown or not. Only names that some condition reads, and calculated ones, are kept.
   */
  readonly values: Values;
  /** Names of questions whose conditions do not hold. */
  readonly hidden: ReadonlySet<string>;
  /** Names of shown questions that cannot be answered (`enableIf`). */
  readonly disabled: ReadonlySet<string>;
  /** Rows and choices that are not offered, by question. */
  readonly hiddenRows: ReadonlyMap<string, ReadonlySet<string>>;
  readonly hiddenChoices: ReadonlyMap<string, ReadonlySet<number>>;
  /** The rows of each table and grid that has conditions or calculations inside, in order. */
  readonly entries: ReadonlyMap<string, readonly Situation[]>;
  /** Whether a condition holds now; outcomes are remembered. */
  readonly holds: (condition: Condition) => boolean;
}

const nothing: ReadonlySet<never> = new Set<never>();

/** The members of a list whose conditions do not hold. */
function hiddenMembers<K extends number | string>(members: Members<K>, values: Values): ReadonlySet<K> {
  const hidden = new Set<K>();
  for (const key of members.all) {
    const own = members.own.get(key);
    // As in SurveyJS: a member's own condition takes the place of the one for all.
    const condition = own ?? members.each;
    if (condition && !condition.holds({ ...values, item: key })) hidden.add(key);
  }
  return hidden.size === 0 ? nothing : hidden;
}

/** An answer without the codes and rows that are not offered; undefined when nothing is left. */
function pruned(value: unknown, rows: ReadonlySet<string>, choices: ReadonlySet<number>): unknown {
  if (rows.size === 0 && choices.size === 0) return value;
  if (typeof value === 'number') return choices.has(value) ? undefined : value;
  if (Array.isArray(value)) {
    const left: unknown[] = value.filter((code) => !choices.has(code));
    return left.length === 0 ? undefined : left;
  }
  if (!isObject(value)) return value;
  const left = Object.entries(value).filter(
    ([row, code]) => !rows.has(row) && !(typeof code === 'number' && choices.has(code)),
  );
  return left.length === 0 ? undefined : Object.fromEntries(left);
}

/** A level while it is worked out. */
interface Level {
  readonly values: Record<string, unknown>;
  readonly hidden: Set<string>;
  readonly disabled: Set<string>;
  readonly hiddenRows: Map<string, ReadonlySet<string>>;
  readonly hiddenChoices: Map<string, ReadonlySet<number>>;
  readonly entries: Map<string, readonly Situation[]>;
  readonly holds: (condition: Condition) => boolean;
}

function newLevel(values: Record<string, unknown>, holds: (condition: Condition) => boolean): Level {
  return {
    values,
    hidden: new Set(),
    disabled: new Set(),
    hiddenRows: new Map(),
    hiddenChoices: new Map(),
    entries: new Map(),
    holds,
  };
}

const allHold = (conditions: readonly Condition[], level: Level): boolean => {
  for (const condition of conditions) if (!level.holds(condition)) return false;
  return true;
};

/** Works out one question; `store` holds the values of its level. */
function settle(compiled: CompiledQuestion, level: Level, store: Record<string, unknown>): void {
  const { name } = compiled.question;
  const shown = allHold(compiled.shownIf, level);
  if (!shown) level.hidden.add(name);
  if (compiled.formula) {
    // Computed whether it is shown or not, as in SurveyJS: nobody's answer is hidden by it.
    const value = compiled.formula(level.values);
    if (value === null || isBlank(value)) delete store[name];
    else store[name] = value;
    return;
  }
  if (!shown) {
    delete store[name];
    return;
  }
  const rows = compiled.rows ? hiddenMembers(compiled.rows, level.values) : nothing;
  const choices = compiled.choices ? hiddenMembers(compiled.choices, level.values) : nothing;
  if (rows.size > 0) level.hiddenRows.set(name, rows);
  if (choices.size > 0) level.hiddenChoices.set(name, choices);
  const value = pruned(store[name], rows, choices);
  if (value === undefined) delete store[name];
  else store[name] = value;
  if (compiled.lively) settleInside(compiled, level, store);
}

/** Works out the rows of a table or grid, and puts what is left of them in place of the answer. */
function settleInside(compiled: CompiledQuestion, level: Level, store: Record<string, unknown>): void {
  const { name, answer } = compiled.question;
  const given = store[name];
  const scope = answer.kind === 'table' ? answer.scope : 'row';
  const situations: Situation[] = [];
  const work = (row: unknown, index: number): Record<string, unknown> => {
    const values: Record<string, unknown> = isObject(row) ? { ...row } : {};
    // SurveyJS counts panels from nought and rows from one.
    const around = { ...level.values, [scope]: values, [`${scope}Index`]: scope === 'row' ? index + 1 : index };
    const inner = newLevel(around, (condition) => condition.holds(around));
    for (const column of compiled.columnSteps) settle(column, inner, values);
    disable(compiled.columns, inner);
    situations.push(inner);
    return values;
  };
  if (answer.kind === 'grid') {
    const grid = isObject(given) ? given : {};
    const left: Record<string, unknown> = {};
    for (const [index, { name: row }] of answer.rows.list.entries()) {
      const values = work(own(grid, row), index);
      if (!isBlank(values)) left[row] = values;
    }
    if (isBlank(left)) delete store[name];
    else store[name] = left;
  } else if (Array.isArray(given)) store[name] = given.map(work);
  level.entries.set(name, situations);
}

function disable(questions: readonly CompiledQuestion[], level: Level): void {
  for (const compiled of questions) {
    const { name } = compiled.question;
    if (compiled.enabledIf.length > 0 && !level.hidden.has(name) && !allHold(compiled.enabledIf, level))
      level.disabled.add(name);
  }
}

/**
 * Works out what holds for a set of answers. Never throws: answers that are not as they should be count as absent.
 *
 * @param skip names of answers that the checker has found to be illegal; they are treated as not given.
 */
export function situationOf(
  compiled: CompiledInstrument,
  answers: unknown,
  skip: ReadonlySet<string> = nothing,
): Situation {
  const given: JsonObject = isObject(answers) ? answers : {};
  if (compiled.unconditional) return newLevel({}, () => true);
  const values: Record<string, unknown> = {};
  for (const name of compiled.read) {
    const value = own(given, name);
    if (value !== undefined && !compiled.values.has(name) && !skip.has(name)) values[name] = value;
  }
  // Every condition is asked for the first time after all that it reads is settled, so the first outcome is the last.
  const outcomes = new Uint8Array(compiled.conditionCount);
  const level = newLevel(values, (condition) => {
    const known = outcomes[condition.id];
    if (known) return known === 2;
    const holds = condition.holds(values);
    outcomes[condition.id] = holds ? 2 : 1;
    return holds;
  });
  for (const step of compiled.steps) {
    if ('question' in step) settle(step, level, values);
    else {
      const value = step.formula(values);
      if (value === null || isBlank(value)) delete values[step.name];
      else values[step.name] = value;
    }
  }
  disable(compiled.questions, level);
  return level;
}

/** Whether an answer must be given: by its condition where it has one (as in SurveyJS), else as declared. */
export function isRequired(compiled: CompiledQuestion, situation: Situation): boolean {
  return compiled.requiredIf ? situation.holds(compiled.requiredIf) : compiled.question.required;
}

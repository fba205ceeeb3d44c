/**
 * A published version, made ready once: its codebook, its checks and its conditions as functions. The server compiles
 * each version when it first meets it and keeps the result; checking and coding then touch no survey-core Model.
 */
import { type Codebook, codebookOfForm, type Variable } from './codebook.ts';
import { mindsBlanks } from './expressions.ts';
import type { Instrument } from './instrument.ts';
import { newIssues } from './issues.ts';
import { keyOf, type Logic, logicOf } from './logic.ts';
import type { Answer, Choices, Expression, Form, Question, ResultType, Rows } from './questions.ts';
import { formOf } from './read-survey.ts';
import { shapeOf } from './shapes.ts';
import type { Shape } from './shapes-parts.ts';
import { conditionOf, runnerOf, type Values } from './surveyjs.ts';
import { type CheckValidator, compileValidator } from './validators.ts';
import { variableCount } from './variables.ts';

/** A condition with the number under which its outcome is remembered while one response is looked at. */
export interface Condition {
  readonly id: number;
  readonly holds: (values: Values) => boolean;
}

/** The conditions on the members of a list: choices by code, rows by name. */
export interface Members<K> {
  readonly each: Condition | null;
  readonly own: ReadonlyMap<K, Condition>;
  readonly all: readonly K[];
}

/** A variable that a calculated item was made from: in the main table, or in the row that it stands in. */
export interface Input {
  readonly table: string;
  readonly variable: string;
}

export interface CompiledQuestion {
  readonly question: Question;
  /** Name of the question in whose rows this one stands, or empty. */
  readonly table: string;
  readonly shownIf: readonly Condition[];
  readonly enabledIf: readonly Condition[];
  readonly requiredIf: Condition | null;
  /** Null where no choice has a condition. */
  readonly choices: Members<number> | null;
  /** Null where no row has a condition. */
  readonly rows: Members<string> | null;
  /** The computed value, for calculated items. */
  readonly formula: ((values: Values) => unknown) | null;
  /** The variables that the computed value comes from. */
  readonly inputs: readonly Input[];
  /** What the formula gives. */
  readonly result: ResultType;
  /** A number of this kind is missing when all that it was computed from is. */
  readonly fromSomething: boolean;
  readonly shape: Shape;
  readonly validators: readonly CheckValidator[];
  /** By box name, for multipletext. */
  readonly boxValidators: ReadonlyMap<string, readonly CheckValidator[]>;
  /** Columns in codebook order, for questions that hold questions. */
  readonly columns: readonly CompiledQuestion[];
  /** The same, each after the columns that its conditions read. */
  readonly columnSteps: readonly CompiledQuestion[];
  /** Its insides change with the answers, so that each row must be looked at. */
  readonly lively: boolean;
  /** Position of the question's first variable in its table, and how many there are. */
  readonly first: number;
  readonly count: number;
}

/** A value that the survey computes beside its questions. */
export interface CompiledValue {
  readonly name: string;
  readonly formula: (values: Values) => unknown;
  readonly inputs: readonly Input[];
  readonly result: ResultType;
  readonly fromSomething: boolean;
  /** Position of its variable, or null where it is not part of the data. */
  readonly position: number | null;
}

export interface CompiledInstrument {
  readonly instrument: Instrument;
  readonly codebook: Codebook;
  /** Where each variable stands in a row; and those of the linked tables, by table. */
  readonly positions: ReadonlyMap<string, number>;
  readonly tablePositions: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** In codebook order. What follows is for the other files of this room. */
  readonly questions: readonly CompiledQuestion[];
  readonly byName: ReadonlyMap<string, CompiledQuestion>;
  readonly values: ReadonlyMap<string, CompiledValue>;
  /** Questions and calculated values, each after all that it reads. */
  readonly steps: readonly (CompiledQuestion | CompiledValue)[];
  /** Names that some condition or formula reads. */
  readonly read: ReadonlySet<string>;
  readonly conditionCount: number;
  /** Keys of what each item follows from (`logic.ts`). */
  readonly dependsOn: ReadonlyMap<string, ReadonlySet<string>>;
  /** Nothing depends on an answer: every item is shown to everybody. */
  readonly unconditional: boolean;
}

/** What compiling one question needs to know. */
interface Compiling {
  readonly logic: Logic;
  readonly inputs: (key: string) => readonly Input[];
  readonly condition: (expression: Expression, table: string) => Condition;
}

function compileMembers<K extends number | string>(
  shownIf: Expression | null,
  members: readonly { readonly key: K; readonly shownIf: Expression | null }[],
  table: string,
  { condition }: Compiling,
): Members<K> | null {
  const own = new Map<K, Condition>();
  for (const member of members) if (member.shownIf) own.set(member.key, condition(member.shownIf, table));
  if (!shownIf && own.size === 0) return null;
  return { each: shownIf ? condition(shownIf, table) : null, own, all: members.map((member) => member.key) };
}

function choicesOf(answer: Answer): Choices | null {
  return answer.kind === 'matrix' ? answer.columns : 'choices' in answer ? answer.choices : null;
}

function rowsOf(answer: Answer): Rows | null {
  return answer.kind === 'matrix' || answer.kind === 'grid' ? answer.rows : null;
}

/** Whether something about a column depends on other answers. */
function changes(column: CompiledQuestion): boolean {
  const conditions = [
    ...column.shownIf,
    ...column.enabledIf,
    column.requiredIf,
    column.choices,
    column.rows,
    column.formula,
  ];
  return conditions.some((one) => one !== null);
}

function compileQuestion(question: Question, table: string, first: number, compiling: Compiling): CompiledQuestion {
  const { answer, name } = question;
  const { logic, condition } = compiling;
  const list = choicesOf(answer);
  const rows = rowsOf(answer);
  const columns: CompiledQuestion[] = [];
  let at = 0;
  for (const column of answer.kind === 'grid' || answer.kind === 'table' ? answer.columns : []) {
    columns.push(compileQuestion(column, name, at, compiling));
    at += variableCount(column.answer);
  }
  const inOrder = logic.columnOrder.get(name) ?? [];
  const columnSteps = inOrder.flatMap((one) => columns.filter((column) => column.question.name === one));
  const calculated = answer.kind === 'calculated';
  const boxes = answer.kind === 'boxes' ? answer.boxes : [];
  return {
    question,
    table,
    shownIf: question.shownIf.map((one) => condition(one, table)),
    enabledIf: question.enabledIf.map((one) => condition(one, table)),
    requiredIf: question.requiredIf ? condition(question.requiredIf, table) : null,
    choices:
      list &&
      compileMembers(
        list.shownIf,
        list.list.map(({ code, shownIf }) => ({ key: code, shownIf })),
        table,
        compiling,
      ),
    rows:
      rows &&
      compileMembers(
        rows.shownIf,
        rows.list.map(({ name: key, shownIf }) => ({ key, shownIf })),
        table,
        compiling,
      ),
    formula: calculated ? runnerOf(answer.expression.text) : null,
    inputs: calculated ? compiling.inputs(keyOf(name, table)) : [],
    result: logic.results.get(keyOf(name, table)) ?? 'number',
    fromSomething: calculated && !mindsBlanks(answer.expression.text),
    shape: shapeOf(
      answer,
      columns.map((column) => ({ name: column.question.name, shape: column.shape })),
    ),
    validators: question.validators.map((validator) => compileValidator(validator)),
    boxValidators: new Map(
      boxes.map((box) => [box.name, box.validators.map((validator) => compileValidator(validator))]),
    ),
    columns,
    columnSteps,
    lively: columns.some(changes),
    first,
    count: variableCount(answer),
  };
}

/** The asked variables behind each calculated item, through other calculated items. */
function inputsBy(logic: Logic): (key: string) => readonly Input[] {
  const known = new Map<string, readonly Input[]>();
  const inputs = (key: string): readonly Input[] => {
    const before = known.get(key);
    if (before) return before;
    known.set(key, []);
    const found = new Map<string, Input>();
    for (const read of logic.reads.get(key) ?? []) {
      const behind = logic.reads.has(read.key)
        ? inputs(read.key)
        : read.variables.map((variable) => ({ table: read.table, variable }));
      for (const input of behind) found.set(`${input.table}.${input.variable}`, input);
    }
    known.set(key, [...found.values()]);
    return [...found.values()];
  };
  return inputs;
}

function conditionMaker(): { condition: Compiling['condition']; count: () => number } {
  const known = new Map<string, Condition>();
  const condition: Compiling['condition'] = (expression, table) => {
    // The same words in another table read other neighbours.
    const key = `${table}|${expression.text}`;
    const before = known.get(key);
    if (before) return before;
    const made = { id: known.size, holds: conditionOf(expression.text) };
    known.set(key, made);
    return made;
  };
  return { condition, count: () => known.size };
}

function positionsOf(variables: readonly Variable[]): ReadonlyMap<string, number> {
  return new Map(variables.map((variable, position) => [variable.name, position]));
}

function namesRead(form: Form, logic: Logic): Set<string> {
  const names = new Set<string>();
  for (const key of logic.read) names.add(key.split('.')[0] ?? key);
  for (const { name } of form.calculated) names.add(name);
  return names;
}

/**
 * Compiles an instrument: about ten milliseconds, once per version.
 *
 * @param instrument an instrument from `parseInstrument`; a TypeError is thrown for a survey it would have refused.
 */
export function compileInstrument(instrument: Instrument): CompiledInstrument {
  const form = formOf(instrument.survey, instrument.languages);
  const logic = logicOf(form, newIssues());
  const codebook = codebookOfForm(instrument, form, logic.results);
  const maker = conditionMaker();
  const compiling: Compiling = { logic, inputs: inputsBy(logic), condition: maker.condition };
  const questions: CompiledQuestion[] = [];
  let at = 0;
  for (const question of form.questions) {
    if (question.answer.kind === 'none') continue;
    const compiled = compileQuestion(question, '', at, compiling);
    questions.push(compiled);
    at += compiled.count;
  }
  const values = new Map<string, CompiledValue>();
  for (const { name, expression, included } of form.calculated) {
    const position = included ? at++ : null;
    values.set(name, {
      name,
      formula: runnerOf(expression.text),
      inputs: compiling.inputs(name),
      result: logic.results.get(name) ?? 'number',
      fromSomething: !mindsBlanks(expression.text),
      position,
    });
  }
  const byName = new Map(questions.map((compiled) => [compiled.question.name, compiled]));
  const steps = logic.order.flatMap((name) => {
    const step = byName.get(name) ?? values.get(name);
    return step ? [step] : [];
  });
  const formulas = [...questions, ...questions.flatMap((one) => one.columns)].some((one) => one.formula !== null);
  return {
    instrument,
    codebook,
    positions: positionsOf(codebook.variables),
    tablePositions: new Map(codebook.tables.map((table) => [table.name, positionsOf(table.variables)])),
    questions,
    byName,
    values,
    steps,
    // Tables whose insides change are looked through even when no condition names them.
    read: new Set([
      ...namesRead(form, logic),
      ...questions.filter((one) => one.lively).map((one) => one.question.name),
    ]),
    conditionCount: maker.count(),
    dependsOn: logic.dependsOn,
    unconditional: maker.count() === 0 && values.size === 0 && !formulas,
  };
}

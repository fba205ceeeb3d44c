/**
 * How questions depend on each other: every expression of a form with what it may name, the order in which conditions
 * and calculated values are worked out, and cycles. Read by `checkExpressions` (at parse) and the compiler.
 */

import { checkExpression, type Read, type Resolve } from './expressions.ts';
import type { Issues } from './issues.ts';
import type { CalculatedValue, Expression, Form, Question, ResultType } from './questions.ts';
import { type Known, resolveName } from './resolve.ts';
import type { ResultTypes } from './variables.ts';

/** An expression in its place. */
interface Placed {
  readonly expression: Expression;
  /** What it decides: a condition, or the value of a calculated item. */
  readonly use: 'condition' | 'value';
  /** Key of the item that must be worked out after what this expression reads; null where nothing follows from it. */
  readonly owner: string | null;
  /** The question whose rows or panels it stands in. */
  readonly table: Question | null;
  /** What `{item}` is, where it may be used. */
  readonly item: 'number' | 'text' | null;
}

export interface Logic {
  /** What the calculated items give, by key (`question` or `table.column`). */
  readonly results: ResultTypes;
  /** Names of questions and calculated values, each after all that it reads. */
  readonly order: readonly string[];
  /** For each table, its columns in such an order. */
  readonly columnOrder: ReadonlyMap<string, readonly string[]>;
  /** What each calculated item reads directly, by its key. */
  readonly reads: ReadonlyMap<string, readonly Read[]>;
  /** Keys of all items that some expression reads. */
  readonly read: ReadonlySet<string>;
  /** What each item follows from, by its key: what its conditions and its formula read, and its columns. */
  readonly dependsOn: ReadonlyMap<string, ReadonlySet<string>>;
}

/** The key under which an item is known: its name, behind its table's where it has one. */
export function keyOf(name: string, table: string): string {
  return table === '' ? name : `${table}.${name}`;
}

/** The columns of a question that holds questions. */
export function columnsOf(question: Question): readonly Question[] {
  const { answer } = question;
  return answer.kind === 'grid' || answer.kind === 'table' ? answer.columns : [];
}

function* ofQuestion(question: Question, table: Question | null): Generator<Placed> {
  const key = keyOf(question.name, table?.name ?? '');
  const { answer } = question;
  const place = (expression: Expression | null, owner: string | null, item: Placed['item'] = null): Placed[] =>
    expression ? [{ expression, use: 'condition', owner, table, item }] : [];
  for (const condition of question.shownIf) yield* place(condition, key);
  for (const condition of question.enabledIf) yield* place(condition, null);
  yield* place(question.requiredIf, null);
  for (const validator of question.validators)
    if (validator.kind === 'expression') yield* place(validator.expression, null);
  if (answer.kind === 'calculated')
    yield { expression: answer.expression, use: 'value', owner: key, table, item: null };
  const choices = answer.kind === 'matrix' ? answer.columns : 'choices' in answer ? answer.choices : null;
  if (choices) {
    yield* place(choices.shownIf, key, 'number');
    for (const choice of choices.list) yield* place(choice.shownIf, key, 'number');
  }
  if (answer.kind === 'matrix' || answer.kind === 'grid') {
    yield* place(answer.rows.shownIf, key, 'text');
    for (const row of answer.rows.list) yield* place(row.shownIf, key, 'text');
  }
  if (answer.kind === 'boxes') {
    for (const box of answer.boxes) {
      for (const validator of box.validators)
        if (validator.kind === 'expression') yield* place(validator.expression, null);
    }
  }
  for (const column of columnsOf(question)) yield* ofQuestion(column, question);
}

function* placedOf(form: Form): Generator<Placed> {
  for (const question of form.questions) yield* ofQuestion(question, null);
  for (const { name, expression } of form.calculated)
    yield { expression, use: 'value', owner: name, table: null, item: null };
  const condition = { use: 'condition', owner: null, table: null, item: null } as const;
  for (const expression of form.conditions) yield { expression, ...condition };
}

/** Orders keys so that each comes after those it depends on; `report` is called with each cycle. */
function sorted(
  keys: readonly string[],
  edges: ReadonlyMap<string, ReadonlySet<string>>,
  report: (cycle: string[]) => void,
): string[] {
  const order: string[] = [];
  const state = new Map<string, 'open' | 'done'>();
  for (const start of keys) {
    // A path of its own rather than recursion: chains may be as long as the form.
    const path: { key: string; next: Iterator<string> }[] = [];
    const enter = (key: string): void => {
      state.set(key, 'open');
      path.push({ key, next: (edges.get(key) ?? new Set<string>()).values() });
    };
    if (!state.has(start)) enter(start);
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const { value, done } = top.next.next();
      if (done) {
        state.set(top.key, 'done');
        order.push(top.key);
        path.pop();
      } else if (!state.has(value)) enter(value);
      else if (state.get(value) === 'open') {
        const keysOnPath = path.map((entry) => entry.key);
        report([...keysOnPath.slice(keysOnPath.indexOf(value)), value]);
      }
    }
  }
  return order;
}

/** Checks every expression of a form and works out the order of evaluation. What is wrong goes into `issues`. */
export function logicOf(form: Form, issues: Issues): Logic {
  const questions = new Map<string, Question>(form.questions.map((question) => [question.name, question]));
  const values = new Map<string, CalculatedValue>(form.calculated.map((value) => [value.name, value]));
  const all = [...placedOf(form)];
  const formulas = new Map(
    all.flatMap((one) => (one.use === 'value' && one.owner !== null ? [[one.owner, one] as const] : [])),
  );
  const results = new Map<string, ResultType>();
  const edges = new Map<string, Set<string>>();
  const reads = new Map<string, readonly Read[]>();
  const read = new Set<string>();
  const checked = new Set<string>();
  const open = new Set<string>();

  const check = (one: Placed): ResultType | null => {
    const known: Known = { questions, values, table: one.table, item: one.item, resultOf };
    const resolve: Resolve = (name) => resolveName(name, known);
    const repeated = checked.has(one.expression.path);
    checked.add(one.expression.path);
    const found = checkExpression(one.expression, one.use, resolve, repeated ? null : issues);
    for (const { key } of found.reads) read.add(key);
    if (one.owner !== null) {
      const onto = edges.get(one.owner) ?? new Set<string>();
      for (const { key } of found.reads) onto.add(key);
      edges.set(one.owner, onto);
      if (one.use === 'value') reads.set(one.owner, found.reads);
    }
    return found.result;
  };
  const resultOf = (key: string): ResultType | null => {
    const done = results.get(key);
    const formula = formulas.get(key);
    if (done || !formula) return done ?? null;
    // A circle, which is reported when all is sorted; until then any type will do.
    if (open.has(key)) return 'number';
    open.add(key);
    const result = check(formula);
    open.delete(key);
    if (result) results.set(key, result);
    return result;
  };

  for (const key of formulas.keys()) resultOf(key);
  for (const one of all) if (one.use === 'condition') check(one);
  const columnOrder = new Map<string, string[]>();
  for (const question of form.questions) {
    const onto = edges.get(question.name) ?? new Set<string>();
    for (const column of columnsOf(question)) onto.add(keyOf(column.name, question.name));
    if (onto.size > 0) edges.set(question.name, onto);
  }
  const paths = new Map(all.flatMap((one) => (one.owner === null ? [] : [[one.owner, one.expression.path] as const])));
  const order = sorted([...questions.keys(), ...values.keys()], edges, (cycle) => {
    issues.add(
      'cyclic-condition',
      paths.get(cycle[0] ?? '') ?? 'survey',
      `These depend on each other: ${cycle.join(' -> ')}.`,
    );
  });
  for (const question of form.questions) {
    const prefix = `${question.name}.`;
    const columns = columnsOf(question);
    if (columns.length === 0) continue;
    const names = new Set(columns.map((column) => prefix + column.name));
    columnOrder.set(
      question.name,
      order.filter((key) => names.has(key)).map((key) => key.slice(prefix.length)),
    );
  }
  return { results, order: order.filter((key) => !key.includes('.')), columnOrder, reads, read, dependsOn: edges };
}

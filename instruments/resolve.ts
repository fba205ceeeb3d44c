/** What a name in an expression stands for: an item, a part of one, or nothing (with a hint what to write). */
import type { Answer, CalculatedValue, Question, ResultType, TextFormat } from './questions.ts';

/** What a name gives: a value of a type, and the key of the item it belongs to. */
export interface Reference {
  readonly type: ResultType | 'list';
  /** Key of the item that is read, or null for `{item}` and row numbers. */
  readonly key: string | null;
  /** The table whose variables it reads (empty: the main table), and their names there. */
  readonly table: string;
  readonly variables: readonly string[];
  /** How a text is written, where it is the answer of one question. */
  readonly format?: TextFormat;
  /** It reaches into the rows of a table where some answers count as missing. */
  readonly marked?: boolean;
}

export interface Known {
  readonly questions: ReadonlyMap<string, Question>;
  readonly values: ReadonlyMap<string, CalculatedValue>;
  /** The question in whose rows or panels the expression stands. */
  readonly table: Question | null;
  readonly item: 'number' | 'text' | null;
  readonly resultOf: (key: string) => ResultType | null;
}

const segment = /^([a-z][a-z0-9_]*)(\[-?\d{1,4}\])?$/;

/** The variables that a part of an answer is coded into. */
function partVariables(answer: Answer, name: string, rest: readonly string[]): string[] {
  const [first, second] = rest;
  switch (answer.kind) {
    case 'codes':
      return answer.choices.list.flatMap(({ code, missing }) => (missing === null ? [`${name}_${code}`] : []));
    case 'ranking':
      return answer.choices.list.map(({ code }) => `${name}_${code}`);
    case 'interval':
      return [`${name}_low`, `${name}_high`];
    case 'table':
    case 'people':
    case 'files':
      return [`${name}_n`];
    case 'matrix':
      return first === undefined ? answer.rows.list.map((row) => row.name) : [first];
    case 'boxes':
      return first === undefined ? answer.boxes.map((box) => box.name) : [first];
    case 'grid': {
      const column = answer.columns.find((one) => one.name === second);
      return column ? partVariables(column.answer, `${first}_${column.name}`, rest.slice(2)) : [];
    }
    case 'none':
      return [];
    default:
      return [name];
  }
}

/** A part of an answer, or null when it has none that is a single value or a list. */
function part(
  answer: Answer,
  key: string,
  name: string,
  rest: readonly string[],
  table: string,
  known: Known,
): Reference | null {
  const type = partType(answer, key, rest, known);
  if (type === null) return null;
  const variables = partVariables(answer, name, rest);
  return answer.kind === 'text'
    ? { type, key, table, variables, format: answer.format }
    : { type, key, table, variables };
}

/** The type of a part of an answer, or null when there is no such part. */
function partType(answer: Answer, key: string, rest: readonly string[], known: Known): Reference['type'] | null {
  const [first, second] = rest;
  const whole = rest.length === 0;
  switch (answer.kind) {
    case 'code':
    case 'number':
      return whole ? 'number' : null;
    case 'text':
      return whole ? 'text' : null;
    case 'boolean':
      return whole ? (typeof answer.valueTrue === 'boolean' ? 'boolean' : 'number') : null;
    case 'interval':
    case 'codes':
    case 'ranking':
    case 'table':
    case 'people':
    case 'files':
      if (whole) return 'list';
      return rest.length === 1 && first === 'length' ? 'number' : null;
    case 'matrix':
      if (whole) return 'list';
      return rest.length === 1 && answer.rows.list.some((row) => row.name === first) ? 'number' : null;
    case 'boxes': {
      if (whole) return 'list';
      const box = rest.length === 1 ? answer.boxes.find(({ name }) => name === first) : undefined;
      return box ? (box.answer.kind === 'number' ? 'number' : 'text') : null;
    }
    case 'grid': {
      if (whole) return 'list';
      const column =
        answer.rows.list.some((row) => row.name === first) && answer.columns.find(({ name }) => name === second);
      return column ? partType(column.answer, `${key}.${column.name}`, rest.slice(2), known) : null;
    }
    case 'calculated':
      return whole ? known.resultOf(key) : null;
    case 'none':
      return null;
  }
}

function inTable(name: string, rest: readonly string[], table: Question, known: Known): Reference | string {
  const { answer } = table;
  const scope = answer.kind === 'table' ? answer.scope : 'row';
  if (name !== scope) return `inside ${table.name}, write {${scope}.name} for a neighbour`;
  const columns = answer.kind === 'table' || answer.kind === 'grid' ? answer.columns : [];
  const column = columns.find((one) => one.name === rest[0]);
  if (!column) return `${table.name} has no ${rest[0] ?? 'such column'}`;
  const key = `${table.name}.${column.name}`;
  return (
    part(column.answer, key, column.name, rest.slice(1), table.name, known) ??
    `{${name}.${rest.join('.')}} has no single value`
  );
}

/** Resolves a name, or says in a few words why it stands for nothing. */
export function resolveName(written: string, known: Known): Reference | string {
  const { table, questions, values } = known;
  if (written === 'item' && known.item) return { type: known.item, key: null, table: '', variables: [] };
  if (table && /^(rowIndex|panelIndex)$/.test(written)) {
    const scope = table.answer.kind === 'table' ? table.answer.scope : 'row';
    return written === `${scope}Index`
      ? { type: 'number', key: null, table: '', variables: [] }
      : `write {${scope}Index} here`;
  }
  const parts = written.split('.');
  const match = segment.exec(parts[0] ?? '');
  const name = match?.[1];
  const rest = parts.slice(1);
  if (name === undefined || rest.some((part) => !/^[a-z][a-z0-9_]*$/.test(part)))
    return 'it is not a name as instruments write them';
  if (name === 'row' || name === 'panel') {
    return table && match?.[2] === undefined ? inTable(name, rest, table, known) : `{${name}.…} belongs inside a table`;
  }
  if (values.has(name)) {
    const type = rest.length === 0 && match?.[2] === undefined ? known.resultOf(name) : null;
    return type ? { type, key: name, table: '', variables: [name] } : `${name} cannot be computed, or has no parts`;
  }
  const question = questions.get(name);
  if (!question) {
    const holder = [...questions.values()].find(({ answer }) =>
      answer.kind === 'matrix' || answer.kind === 'grid'
        ? answer.rows.list.some((row) => row.name === name)
        : answer.kind === 'boxes' && answer.boxes.some((box) => box.name === name),
    );
    return holder ? `write {${holder.name}.${name}}` : 'no question has this name';
  }
  const { answer } = question;
  if (match?.[2] !== undefined) {
    // One entry of a list: {table[0].column}, {range[1]}.
    if (answer.kind === 'interval') {
      const variables = [`${name}_low`, `${name}_high`];
      return rest.length === 0 ? { type: 'number', key: name, table: '', variables } : `${name} has no parts`;
    }
    const column = answer.kind === 'table' ? answer.columns.find((one) => one.name === rest[0]) : undefined;
    const type = column ? partType(column.answer, `${name}.${column.name}`, rest.slice(1), known) : null;
    const choices = column?.answer.kind === 'code' ? column.answer.choices.list : [];
    const marked = choices.some((choice) => choice.missing !== null);
    return type ? { type, key: name, table: '', variables: [`${name}_n`], marked } : `${name} has no such entry`;
  }
  return part(answer, name, name, rest, '', known) ?? `${written} has no single value`;
}

/**
 * Which variables a question yields, in order. The codebook lists them and the coding fills them; both call
 * `variablesOf`, so a value can never stand under another variable's name.
 */
import type { MeasurementLevel, ValueLabel, Variable, VariableType } from './codebook.ts';
import type { Answer, Choices, NumberRules, Question, ResultType, TextRules } from './questions.ts';
import { mostPeople } from './read-marked.ts';
import { longestPseudonym } from './shapes-linked.ts';

/** What a question adds beside its own properties. */
type Part = Pick<Variable, 'name' | 'label' | 'type' | 'measurement' | 'values' | 'range' | 'maxLength' | 'required'>;

/** The type of a calculated item's result by question; filled by `checkExpressions`. */
export type ResultTypes = ReadonlyMap<string, ResultType>;

const yesNo: readonly ValueLabel[] = [
  { code: 0, label: 'Not chosen' },
  { code: 1, label: 'Chosen' },
];

/** "Stem: row", without a second sign after a stem that ends in one. */
export function joined(stem: string, part: string): string {
  if (stem === '') return part;
  return /[.:;,!?…–-]$/.test(stem.trim()) ? `${stem.trim()} ${part}` : `${stem.trim()}: ${part}`;
}

function labelled(choices: Choices): readonly ValueLabel[] {
  if (choices.bare) return [];
  return choices.list.map(({ code, label, missing }) => (missing ? { code, label, missing } : { code, label }));
}

/** Smallest and largest code that is an answer. */
function rangeOf(choices: Choices): Variable['range'] {
  const codes = choices.list.filter((choice) => choice.missing === null).map((choice) => choice.code);
  return codes.length === 0 ? null : { min: Math.min(...codes), max: Math.max(...codes) };
}

function codePart(
  name: string,
  label: string,
  choices: Choices,
  measurement: MeasurementLevel,
  required: boolean,
): Part {
  return {
    name,
    label,
    type: 'integer',
    measurement,
    values: labelled(choices),
    range: rangeOf(choices),
    maxLength: null,
    required,
  };
}

function numberPart(
  name: string,
  label: string,
  rules: NumberRules,
  range: Variable['range'],
  required: boolean,
): Part {
  const whole =
    rules.step !== null && Number.isInteger(rules.step) && (rules.min === null || Number.isInteger(rules.min));
  return {
    name,
    label,
    type: whole ? 'integer' : 'number',
    measurement: 'scale',
    values: [],
    range,
    maxLength: null,
    required,
  };
}

function textPart(name: string, label: string, rules: TextRules, required: boolean): Part {
  const types: Partial<Record<TextRules['format'], VariableType>> = {
    date: 'date',
    datetime: 'datetime',
    time: 'time',
  };
  const type = types[rules.format] ?? 'text';
  const measurement = type === 'text' ? 'nominal' : 'scale';
  const maxLength = type === 'text' ? rules.maxLength : null;
  return { name, label, type, measurement, values: [], range: null, maxLength, required };
}

/** The smallest and largest value of a number, from the field's own limits and from its numeric validators. */
export function limitsOf(
  { validators }: Pick<Question, 'validators'>,
  rules: NumberRules,
): { readonly min: number | null; readonly max: number | null } {
  let { min, max } = rules;
  for (const validator of validators) {
    if (validator.kind !== 'numeric') continue;
    if (validator.min !== null) min = min === null ? validator.min : Math.max(min, validator.min);
    if (validator.max !== null) max = max === null ? validator.max : Math.min(max, validator.max);
  }
  return { min, max };
}

/** The range of a number where both its ends are declared. */
export function declaredRange(question: Pick<Question, 'validators'>, rules: NumberRules): Variable['range'] {
  const { min, max } = limitsOf(question, rules);
  return min === null || max === null ? null : { min, max };
}

function calculatedPart(name: string, label: string, result: ResultType): Part {
  const common = { name, label, range: null, maxLength: null, required: false } as const;
  if (result === 'text') return { ...common, type: 'text', measurement: 'nominal', values: [] };
  if (result === 'number') return { ...common, type: 'number', measurement: 'scale', values: [] };
  const values = [
    { code: 0, label: 'No' },
    { code: 1, label: 'Yes' },
  ];
  return { ...common, type: 'integer', measurement: 'nominal', values, range: { min: 0, max: 1 } };
}

function countPart(name: string, label: string, max: number): Part {
  return {
    name: `${name}_n`,
    label,
    type: 'integer',
    measurement: 'scale',
    values: [],
    range: { min: 0, max },
    maxLength: null,
    required: false,
  };
}

function partsOf(question: Question, prefix: string, key: string, results: ResultTypes): Part[] {
  const { answer, label, required } = question;
  const name = prefix + question.name;
  switch (answer.kind) {
    case 'none':
      return [];
    case 'code':
      return [codePart(name, label, answer.choices, answer.ordered ? 'ordinal' : 'nominal', required)];
    case 'number':
      return [numberPart(name, label, answer, declaredRange(question, answer), required)];
    case 'text':
      return [textPart(name, label, answer, required)];
    case 'interval': {
      const rules = { min: answer.min, max: answer.max, step: answer.step };
      const range = { min: answer.min, max: answer.max };
      return [
        numberPart(`${name}_low`, joined(label, 'lower end'), rules, range, required),
        numberPart(`${name}_high`, joined(label, 'upper end'), rules, range, required),
      ];
    }
    case 'boolean': {
      const values = [
        { code: 0, label: answer.labelFalse },
        { code: 1, label: answer.labelTrue },
      ];
      return [
        {
          name,
          label,
          type: 'integer',
          measurement: 'nominal',
          values,
          range: { min: 0, max: 1 },
          maxLength: null,
          required,
        },
      ];
    }
    case 'codes':
      return answer.choices.list
        .filter((choice) => choice.missing === null)
        .map((choice) => ({
          name: `${name}_${choice.code}`,
          label: joined(label, choice.label),
          type: 'integer',
          measurement: 'nominal',
          values: yesNo,
          range: { min: 0, max: 1 },
          maxLength: null,
          required,
        }));
    case 'ranking':
      return answer.choices.list.map((choice) => ({
        name: `${name}_${choice.code}`,
        label: joined(label, `rank of ${choice.label}`),
        type: 'integer',
        measurement: 'ordinal',
        values: [],
        range: { min: 1, max: answer.choices.list.length },
        maxLength: null,
        required: required && !answer.selecting,
      }));
    case 'matrix':
      return answer.rows.list.map((row) => {
        const stem = question.titled ? label : '';
        const each = answer.eachRowRequired || (required && answer.rows.list.length === 1);
        return codePart(prefix + row.name, joined(stem, row.label), answer.columns, 'ordinal', each);
      });
    case 'boxes':
      return answer.boxes.map((box) => {
        const stem = joined(question.titled ? label : '', box.label);
        if (box.answer.kind === 'text') return textPart(prefix + box.name, stem, box.answer, box.required);
        return numberPart(prefix + box.name, stem, box.answer, declaredRange(box, box.answer), box.required);
      });
    case 'grid':
      return answer.rows.list.flatMap((row) =>
        answer.columns.flatMap((column) => {
          const stem = joined(question.titled ? label : '', row.label);
          const parts = partsOf(column, `${prefix}${row.name}_`, `${key}.${column.name}`, results);
          return parts.map((part) => ({ ...part, label: joined(stem, part.label) }));
        }),
      );
    case 'table':
      return [countPart(name, joined(label, 'number of entries'), answer.maxRows)];
    case 'people':
      return [countPart(name, joined(label, 'number of people'), answer.max ?? mostPeople)];
    case 'files':
      return [countPart(name, joined(label, 'number of files'), answer.most)];
    case 'calculated':
      return [calculatedPart(name, label, results.get(key) ?? 'number')];
  }
}

/** How many variables a question yields, without making them. */
export function variableCount(answer: Answer): number {
  switch (answer.kind) {
    case 'none':
      return 0;
    case 'interval':
      return 2;
    case 'codes':
      return answer.choices.list.filter((choice) => choice.missing === null).length;
    case 'ranking':
      return answer.choices.list.length;
    case 'matrix':
      return answer.rows.list.length;
    case 'boxes':
      return answer.boxes.length;
    case 'grid':
      return answer.rows.list.length * answer.columns.reduce((sum, column) => sum + variableCount(column.answer), 0);
    default:
      return 1;
  }
}

/** The variables of a question, in order. `table`: the name of the question whose rows these are, or empty. */
export function variablesOf(question: Question, table: string, results: ResultTypes, page = question.page): Variable[] {
  const key = table === '' ? question.name : `${table}.${question.name}`;
  return partsOf(question, '', key, results).map((part) => ({
    ...part,
    page,
    origin: question.answer.kind === 'calculated' ? 'calculated' : 'asked',
    question: question.name,
    questionType: question.type,
    scales: [],
  }));
}

/** The variables of a linked table of ticked people: where the list stands in a table of entries, the entry first. */
export function peopleVariables(question: Question, table: string, page = question.page): Variable[] {
  const common = {
    values: [],
    required: false,
    page,
    origin: 'asked',
    question: question.name,
    questionType: question.type,
    scales: [],
  } as const;
  const person: Variable = {
    ...common,
    name: 'person',
    label: joined(question.label, 'pseudonym'),
    type: 'text',
    measurement: 'nominal',
    range: null,
    maxLength: longestPseudonym,
    isPerson: true,
  };
  if (table === '') return [person];
  const label = `Number of the row in ${table}`;
  const range = { min: 1, max: mostPeople };
  const measurement = 'nominal';
  return [{ ...common, name: entryColumn, label, type: 'integer', measurement, range, maxLength: null }, person];
}

/** Column of a linked table of people that says to which entry of another table they belong. */
const entryColumn = 'entry';

/** The variable of a calculated value that the survey puts into its data. */
export function calculatedVariable(name: string, result: ResultType, page: number): Variable {
  return {
    ...calculatedPart(name, name, result),
    page,
    origin: 'calculated',
    question: name,
    questionType: 'calculatedvalue',
    scales: [],
  };
}

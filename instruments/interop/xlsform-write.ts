/**
 * Writes an instrument as an XLSForm (the sheets survey, choices and settings) and tells what an XLSForm has no place for.
 * Reasons for no answer stand in a column of their own, `missing_reason`, which other programs pass over. Called by the export
 * of the workshop and by `fidelis instruments export`.
 */
import type { Instrument } from '../instrument.ts';
import { isObject, type JsonObject, own } from '../json.ts';
import { ownName } from '../languages.ts';
import type { Choices, NumberRules, Question, TextFormat, Validator } from '../questions.ts';
import { limitsOf } from '../variables.ts';
import type { Words } from '../versions/words.ts';
import { ExportReader } from './export-parts.ts';
import type { Exported, Table } from './left-out.ts';

type Row = Record<string, string>;

export interface XlsformTables {
  readonly survey: Table;
  readonly choices: Table;
  readonly settings: Table;
}

const formats: Partial<Record<TextFormat, string>> = { date: 'date', datetime: 'dateTime', time: 'time' };

export function exportXlsform(instrument: Instrument): Exported<XlsformTables> {
  const writer = new XlsformWriter(instrument);
  const { pages } = instrument.survey;
  for (const [at, page] of (Array.isArray(pages) ? pages : []).entries()) {
    if (isObject(page)) writer.group(page, `survey.pages[${at}]`, `page_${at + 1}`);
  }
  writer.calculated();
  const settings: Table = [
    ['form_title', 'form_id', 'version', 'default_language'],
    [instrument.title, instrument.id, `${instrument.version}`, writer.languageName(instrument.languages[0] ?? 'en')],
  ];
  return { tables: { ...writer.tables(), settings }, leftOut: writer.reader.leftOut };
}

class XlsformWriter {
  readonly reader: ExportReader;
  readonly #survey: Row[] = [];
  readonly #choices: Row[] = [];
  readonly #lists = new Map<string, string>();
  readonly #instrument: Instrument;

  constructor(instrument: Instrument) {
    this.#instrument = instrument;
    this.reader = new ExportReader(instrument, 'xpath');
  }

  languageName(tag: string): string {
    return `${ownName(tag)} (${tag})`;
  }

  private column(name: string, tag: string): string {
    return this.#instrument.languages.length === 1 ? name : `${name}::${this.languageName(tag)}`;
  }

  /** A text in a column for each language; insertions of answers as XLSForm writes them. */
  private put(row: Row, column: string, words: Words): void {
    for (const [tag, text] of Object.entries(words)) {
      if (text !== '')
        row[this.column(column, tag)] = text.replaceAll(/\{(?:panel\.|row\.)?([a-z]\w*)\}/g, (whole, name: string) =>
          this.reader.kindOf(name) ? `\${${name}}` : whole,
        );
    }
  }

  private start(type: string, json: JsonObject, name: string, item = name): Row {
    const row: Row = { type, name };
    this.put(row, 'label', this.reader.words(json, 'title'));
    this.put(row, 'hint', this.reader.words(json, 'description'));
    const conditions = [own(json, 'visibleIf'), own(json, 'enableIf')].map((text, at) =>
      this.reader.formula(text, item, at === 0 ? 'visibleIf' : 'enableIf'),
    );
    const relevant = conditions.filter((text) => text !== '');
    if (relevant.length > 0)
      row.relevant = relevant.length === 1 ? (relevant[0] ?? '') : relevant.map((text) => `(${text})`).join(' and ');
    if (own(json, 'isRequired') === true) row.required = 'yes';
    const requiredIf = this.reader.formula(own(json, 'requiredIf'), item, 'requiredIf');
    if (requiredIf !== '') row.required = requiredIf;
    this.put(row, 'required_message', this.reader.words(json, 'requiredErrorText'));
    return row;
  }

  group(json: JsonObject, path: string, name: string): void {
    const elements = own(json, 'elements');
    const said = own(json, 'name');
    const row = this.start('begin_group', json, typeof said === 'string' && /^[a-z]\w*$/i.test(said) ? said : name);
    this.reader.rest(json, [...common, 'navigationTitle', 'navigationDescription'], row.name ?? name);
    this.#survey.push(row);
    this.elements(Array.isArray(elements) ? elements : [], `${path}.elements`);
    this.#survey.push({ type: 'end_group', name: row.name ?? name });
  }

  private elements(list: readonly unknown[], path: string): void {
    for (const [at, json] of list.entries()) {
      if (!isObject(json)) continue;
      const place = `${path}[${at}]`;
      if (own(json, 'type') === 'panel') this.group(json, place, `panel_${this.#survey.length}`);
      else {
        const question = this.reader.questions.get(place);
        if (question) this.question(question, json);
      }
    }
  }

  private list(choices: Choices, raw: unknown, item: string): string {
    const rows = this.reader.choices(choices, raw, item).map(({ code, words, missing }) => {
      const row: Row = { name: `${code}`, missing_reason: missing };
      this.put(row, 'label', words);
      return row;
    });
    const key = JSON.stringify(rows);
    const known = this.#lists.get(key);
    if (known !== undefined) return known;
    const name = `${item}_choices`;
    this.#lists.set(key, name);
    for (const row of rows) this.#choices.push({ list_name: name, ...row });
    return name;
  }

  private question(question: Question, json: JsonObject): void {
    const { answer, name, type } = question;
    switch (answer.kind) {
      case 'none':
        this.note(json, name, type);
        return;
      case 'code':
      case 'codes':
      case 'ranking': {
        const kind = answer.kind === 'code' ? 'select_one' : answer.kind === 'codes' ? 'select_multiple' : 'rank';
        const raw = own(json, 'choices') ?? own(json, 'rateValues');
        const row = this.start(`${kind} ${this.list(answer.choices, raw, name)}`, json, name);
        if (type === 'dropdown') row.appearance = 'minimal';
        if (type === 'rating' || type === 'tagbox')
          this.reader.tell(name, `type ${type}`, 'It is shown as a list of choices.');
        this.checks(row, question, name);
        this.#survey.push(row);
        this.reader.rest(
          json,
          [
            ...common,
            'choices',
            'choicesOrder',
            'rateValues',
            'rateMin',
            'rateMax',
            'rateStep',
            'rateCount',
            'minRateDescription',
            'maxRateDescription',
            'choicesMin',
            'choicesMax',
            'choicesStep',
            'choicesVisibleIf',
          ],
          name,
        );
        return;
      }
      case 'boolean': {
        const labels: Choices = {
          list: [answer.labelTrue, answer.labelFalse].map((label, at) => ({
            code: 1 - at,
            label,
            missing: null,
            exclusive: false,
            shownIf: null,
          })),
          shownIf: null,
          bare: false,
        };
        const raw = [
          { value: 1, text: own(json, 'labelTrue') ?? 'Yes' },
          { value: 0, text: own(json, 'labelFalse') ?? 'No' },
        ];
        this.reader.tell(name, 'type boolean', 'It is a choice of 1 and 0.');
        this.#survey.push(this.start(`select_one ${this.list(labels, raw, name)}`, json, name));
        this.reader.rest(json, [...common, 'labelTrue', 'labelFalse', 'valueTrue', 'valueFalse'], name);
        return;
      }
      case 'number':
      case 'text':
        this.field(question, json);
        return;
      case 'interval':
        this.reader.tell(name, 'type slider', 'A range with two ends has no counterpart.');
        return;
      case 'matrix':
        this.matrix(question, json);
        return;
      case 'boxes':
      case 'grid':
        this.reader.tell(
          name,
          `type ${type}`,
          'Several fields in one question have no counterpart; ask them one by one.',
        );
        return;
      case 'table':
        this.repeat(question, json);
        return;
      case 'calculated': {
        const calculation = this.reader.formula(answer.expression.text, name, 'expression');
        if (calculation !== '') this.#survey.push({ ...this.start('calculate', json, name), calculation });
        this.reader.rest(json, [...common, 'expression'], name);
      }
    }
  }

  private note(json: JsonObject, name: string, type: string): void {
    if (type !== 'html') {
      this.reader.tell(name || null, 'type image', 'Pictures in the instrument are not written into the file.');
      return;
    }
    const row = this.start('note', json, name || `note_${this.#survey.length}`);
    const texts = this.reader.words(json, 'html');
    if (Object.values(texts).some((text) => /<(?!\/?p>)/.test(text)))
      this.reader.tell(row.name ?? name, 'html', 'Only the words of it were taken over.');
    this.put(row, 'label', Object.fromEntries(Object.entries(texts).map(([tag, text]) => [tag, plain(text)])));
    this.#survey.push(row);
  }

  /** Limits and validators as a constraint. */
  private checks(row: Row, question: Question, item: string): void {
    const { answer } = question;
    const kept: string[] = row.constraint === undefined ? [] : [row.constraint];
    const bounded = answer.kind === 'codes' || answer.kind === 'ranking' ? answer : null;
    if (bounded && (bounded.min !== null || bounded.max !== null)) {
      if (bounded.min !== null) kept.push(`count-selected(.) >= ${bounded.min}`);
      if (bounded.max !== null) kept.push(`count-selected(.) <= ${bounded.max}`);
    }
    for (const validator of question.validators) {
      const text = constraintOf(validator);
      if (text === null) this.reader.tell(item, `validator ${validator.kind}`, 'The check has no counterpart.');
      else if (text !== '') kept.push(text);
    }
    if (kept.length > 0) row.constraint = kept.join(' and ');
    const [message] = this.messages(question);
    if (message && kept.length > 0) this.put(row, 'constraint_message', message);
  }

  private messages(question: Question): Words[] {
    const validators = own(this.reader.json(question), 'validators');
    return (Array.isArray(validators) ? validators : []).flatMap((one) =>
      isObject(one) && own(one, 'text') !== undefined ? [this.reader.words(one, 'text')] : [],
    );
  }

  private field(question: Question, json: JsonObject): void {
    const { answer, name, type } = question;
    if (answer.kind !== 'number' && answer.kind !== 'text') return;
    const numeric = answer.kind === 'number';
    const whole =
      numeric &&
      answer.step !== null &&
      Number.isInteger(answer.step) &&
      (answer.min === null || Number.isInteger(answer.min));
    const format = numeric ? '' : (formats[answer.format] ?? 'text');
    const row = this.start(
      type === 'slider' ? 'range' : numeric ? (whole ? 'integer' : 'decimal') : format,
      json,
      name,
    );
    if (type === 'comment') row.appearance = 'multiline';
    if (type === 'slider' && numeric)
      row.parameters = `start=${answer.min ?? 0} end=${answer.max ?? 100} step=${answer.step ?? 1}`;
    else if (numeric) this.bounds(row, question, answer);
    else {
      if (format === 'text' && answer.format !== 'text')
        this.reader.tell(name, `input type ${answer.format}`, 'It is a text there.');
      if (own(json, 'maxLength') !== undefined) row.constraint = `string-length(.) <= ${answer.maxLength}`;
      if (answer.min !== null || answer.max !== null)
        this.reader.tell(name, 'earliest and latest', 'The limits have no counterpart.');
      this.checks(row, question, name);
    }
    this.#survey.push(row);
    this.reader.rest(
      json,
      [
        ...common,
        'inputType',
        'min',
        'max',
        'step',
        'maxLength',
        'rows',
        'customLabels',
        'minErrorText',
        'maxErrorText',
      ],
      name,
    );
    if (own(json, 'customLabels') !== undefined)
      this.reader.tell(name, 'customLabels', 'Labels along a slider have no counterpart.');
  }

  private bounds(row: Row, question: Question, rules: NumberRules): void {
    const { min, max } = limitsOf(question, rules);
    const kept = [...(min === null ? [] : [`. >= ${min}`]), ...(max === null ? [] : [`. <= ${max}`])];
    if (kept.length > 0) row.constraint = kept.join(' and ');
    if (rules.step !== null && rules.step !== 1) this.reader.tell(question.name, 'step', 'Steps have no counterpart.');
    for (const validator of question.validators) {
      if (validator.kind !== 'numeric')
        this.reader.tell(question.name, `validator ${validator.kind}`, 'The check has no counterpart.');
    }
    const [message] = this.messages(question);
    if (message && kept.length > 0) this.put(row, 'constraint_message', message);
  }

  private matrix(question: Question, json: JsonObject): void {
    const { answer, name } = question;
    if (answer.kind !== 'matrix') return;
    const list = this.list(answer.columns, own(json, 'columns'), name);
    const group = this.start('begin_group', json, name);
    delete group.required;
    this.#survey.push({ ...group, appearance: 'table-list' });
    for (const row of answer.rows.list) {
      const line: Row = { type: `select_one ${list}`, name: row.name };
      this.put(line, 'label', this.reader.entryWords(own(json, 'rows'), row.name, row.label));
      const relevant = row.shownIf ? this.reader.formula(row.shownIf.text, row.name, 'visibleIf') : '';
      if (relevant !== '') line.relevant = relevant;
      if (answer.eachRowRequired) line.required = 'yes';
      this.#survey.push(line);
    }
    this.#survey.push({ type: 'end_group', name });
    if (own(json, 'isRequired') === true && !answer.eachRowRequired)
      this.reader.tell(name, 'isRequired', 'Only each row by itself can be required.');
    if (answer.eachRowUnique) this.reader.tell(name, 'eachRowUnique', 'A column may be chosen more than once.');
    if (answer.rows.shownIf) this.reader.tell(name, 'rowsVisibleIf', 'All rows are shown.');
    this.reader.rest(
      json,
      [...common, 'columns', 'rows', 'eachRowRequired', 'isAllRowRequired', 'eachRowUnique', 'rowsVisibleIf'],
      name,
    );
  }

  private repeat(question: Question, json: JsonObject): void {
    const { answer, name, type } = question;
    if (answer.kind !== 'table') return;
    const row = this.start('begin_repeat', json, name);
    delete row.required;
    if (answer.minRows === answer.maxRows) row.repeat_count = `${answer.maxRows}`;
    else
      this.reader.tell(
        name,
        'number of entries',
        `Between ${answer.minRows} and ${answer.maxRows} here; without limits there.`,
      );
    this.#survey.push(row);
    if (type === 'paneldynamic')
      this.elements(own(json, 'templateElements') as unknown[], `${question.path}.templateElements`);
    else {
      this.reader.tell(name, 'type matrixdynamic', 'It is a repeated group there, and comes back as one.');
      for (const column of answer.columns)
        this.question(column, { ...sharedChoices(json), ...this.reader.json(column) });
    }
    this.#survey.push({ type: 'end_repeat', name });
    this.reader.rest(
      json,
      [
        ...common,
        'templateElements',
        'columns',
        'choices',
        'cellType',
        'panelCount',
        'minPanelCount',
        'maxPanelCount',
        'rowCount',
        'minRowCount',
        'maxRowCount',
      ],
      name,
    );
  }

  calculated(): void {
    const values = own(this.#instrument.survey, 'calculatedValues');
    for (const value of Array.isArray(values) ? values : []) {
      if (!isObject(value)) continue;
      const name = String(own(value, 'name'));
      const calculation = this.reader.formula(own(value, 'expression'), name, 'expression');
      if (calculation !== '') this.#survey.push({ type: 'calculate', name, calculation });
      if (own(value, 'includeIntoResult') !== true)
        this.reader.tell(name, 'includeIntoResult', 'It stands in the data there.');
    }
  }

  tables(): Pick<XlsformTables, 'survey' | 'choices'> {
    return {
      survey: tableOf(this.#survey, ['type', 'name']),
      choices: tableOf(this.#choices, ['list_name', 'name']),
    };
  }
}

/** Written by `start`, or not at all on purpose. */
const common = [
  'title',
  'description',
  'visibleIf',
  'enableIf',
  'isRequired',
  'requiredIf',
  'requiredErrorText',
  'validators',
  'choicesOrder',
  'questionOrder',
];

const sharedChoices = (json: JsonObject): JsonObject =>
  own(json, 'choices') === undefined ? {} : { choices: own(json, 'choices') };

/** A validator as a part of a constraint; '' where limits say it already, null where it has no counterpart. */
function constraintOf(validator: Validator): string | null {
  if (validator.kind === 'regex' && !validator.ignoreCase && !validator.pattern.includes("'"))
    return `regex(., '${validator.pattern}')`;
  return null;
}

const plain = (html: string): string =>
  html
    .replace(/<(br|\/p|\/li|\/h\d)[^<>]*>/g, ' ')
    .replace(/<[^<>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ')
    .trim();

/** Rows under the columns that any of them has, these first. */
function tableOf(rows: readonly Row[], first: readonly string[]): Table {
  const columns = [...new Set([...first, ...rows.flatMap((row) => Object.keys(row))])].filter(
    (column) => first.includes(column) || rows.some((row) => (row[column] ?? '') !== ''),
  );
  return [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ''))];
}

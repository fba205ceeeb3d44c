/**
 * Rows of an XLSForm for the simple questions of an instrument: words, conditions, limits, choices. Called by `xlsform-write.ts`.
 */
import type { Instrument } from '../instrument.ts';
import { isObject, type JsonObject, own } from '../json.ts';
import { ownName } from '../languages.ts';
import type { Choices, NumberRules, Question, TextFormat, Validator } from '../questions.ts';
import { limitsOf } from '../variables.ts';
import type { Words } from '../versions/words.ts';
import { commonSettings, ExportReader } from './export-parts.ts';

export type Row = Record<string, string>;

const formats: Partial<Record<TextFormat, string>> = { date: 'date', datetime: 'dateTime', time: 'time' };

export class RowWriter {
  readonly reader: ExportReader;
  protected readonly survey: Row[] = [];
  protected readonly choiceRows: Row[] = [];
  private readonly lists = new Map<string, string>();
  protected readonly instrument: Instrument;

  constructor(instrument: Instrument) {
    this.instrument = instrument;
    this.reader = new ExportReader(instrument, 'xpath');
  }

  languageName(tag: string): string {
    return `${ownName(tag)} (${tag})`;
  }

  private column(name: string, tag: string): string {
    return this.instrument.languages.length === 1 ? name : `${name}::${this.languageName(tag)}`;
  }

  /** A text in a column for each language; insertions of answers as XLSForm writes them. */
  protected put(row: Row, column: string, words: Words): void {
    for (const [tag, text] of Object.entries(words)) {
      if (text !== '')
        row[this.column(column, tag)] = text.replaceAll(/\{(?:panel\.|row\.)?([a-z]\w*)\}/g, (whole, name: string) =>
          this.reader.kindOf(name) ? `\${${name}}` : whole,
        );
    }
  }

  protected start(type: string, json: JsonObject, name: string, item = name): Row {
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

  protected list(choices: Choices, raw: unknown, item: string): string {
    const rows = this.reader.choices(choices, raw, item).map(({ code, words, missing }) => {
      const row: Row = { name: `${code}`, missing_reason: missing };
      this.put(row, 'label', words);
      return row;
    });
    const key = JSON.stringify(rows);
    const known = this.lists.get(key);
    if (known !== undefined) return known;
    const name = `${item}_choices`;
    this.lists.set(key, name);
    for (const row of rows) this.choiceRows.push({ list_name: name, ...row });
    return name;
  }

  protected note(json: JsonObject, name: string, type: string): void {
    if (type !== 'html') {
      this.reader.tell(name || null, 'type image', 'Pictures in the instrument are not written into the file.');
      return;
    }
    const row = this.start('note', json, name || `note_${this.survey.length}`);
    const texts = this.reader.words(json, 'html');
    if (Object.values(texts).some((text) => /<(?!\/?p>)/.test(text)))
      this.reader.tell(row.name ?? name, 'html', 'Only the words of it were taken over.');
    this.put(row, 'label', Object.fromEntries(Object.entries(texts).map(([tag, text]) => [tag, plain(text)])));
    this.survey.push(row);
  }

  /** Limits and validators as a constraint. */
  protected checks(row: Row, question: Question, item: string): void {
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

  protected field(question: Question, json: JsonObject): void {
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
    this.survey.push(row);
    this.reader.rest(
      json,
      [
        ...commonSettings,
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
}

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

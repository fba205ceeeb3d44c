/**
 * Writes an instrument as a data dictionary of REDCap and tells what that has no place for. Each page becomes a form. Called by
 * the export of the workshop and by `fidelis instruments export`.
 */
import type { Instrument } from '../instrument.ts';
import { isObject, type JsonObject, own } from '../json.ts';
import type { Choices, Question } from '../questions.ts';
import { limitsOf } from '../variables.ts';
import { firstOf } from '../versions/words.ts';
import { choiceSettings, commonSettings, ExportReader } from './export-parts.ts';
import type { Exported, Table } from './left-out.ts';
import { type RedcapKey, redcapColumns } from './redcap-columns.ts';

type Row = Partial<Record<RedcapKey, string>>;

const validations: Readonly<Record<string, string>> = {
  date: 'date_ymd',
  datetime: 'datetime_ymd',
  time: 'time',
  email: 'email',
  tel: 'phone',
};

export function exportRedcap(instrument: Instrument): Exported<Table> {
  const writer = new RedcapWriter(instrument);
  const { pages } = instrument.survey;
  for (const [at, page] of (Array.isArray(pages) ? pages : []).entries()) {
    if (isObject(page)) writer.page(page, `survey.pages[${at}]`, at);
  }
  const keys = redcapColumns.map(([, key]) => key);
  const rows = writer.rows.map((row) => keys.map((key) => row[key] ?? ''));
  return { tables: [redcapColumns.map(([name]) => name), ...rows], leftOut: writer.reader.leftOut };
}

class RedcapWriter {
  readonly reader: ExportReader;
  readonly rows: Row[] = [];
  #form = '';
  #section = '';
  /** Conditions of the page and the panels around: REDCap has them at each field only. */
  #around: readonly string[] = [];

  constructor(instrument: Instrument) {
    this.reader = new ExportReader(instrument, 'redcap');
    const { languages, survey } = instrument;
    if (languages.length > 1)
      this.reader.tell(null, 'languages', `Only ${languages[0]} is written; a data dictionary has one language.`);
    if (own(survey, 'calculatedValues') !== undefined)
      this.reader.tell(
        null,
        'calculatedValues',
        'Values that are computed unseen have no counterpart; make expression questions of them.',
      );
    this.reader.tell(null, 'record_id', 'The first field of a REDCap project names the record; put one before these.');
  }

  page(json: JsonObject, path: string, at: number): void {
    const name = own(json, 'name');
    const form = typeof name === 'string' ? name.toLowerCase().replace(/[^a-z0-9_]+/g, '_') : '';
    this.#form = /^[a-z]/.test(form) ? form.slice(0, 60) : `page_${at + 1}`;
    this.#section = firstOf(this.reader.words(json, 'title'));
    if (firstOf(this.reader.words(json, 'description')) !== '')
      this.reader.tell(this.#form, 'description', 'A form has no instruction.');
    this.within(json, this.#form, () => this.elements(own(json, 'elements'), `${path}.elements`));
  }

  private within(json: JsonObject, item: string, write: () => void): void {
    const before = this.#around;
    const conditions = ['visibleIf', 'enableIf'].map((key) => this.reader.formula(own(json, key), item, key));
    this.#around = [...before, ...conditions.filter((text) => text !== '')];
    write();
    this.#around = before;
  }

  private elements(list: unknown, path: string): void {
    for (const [at, json] of (Array.isArray(list) ? list : []).entries()) {
      if (!isObject(json)) continue;
      const place = `${path}[${at}]`;
      if (own(json, 'type') === 'panel') {
        const title = firstOf(this.reader.words(json, 'title'));
        if (title !== '') this.#section = title;
        this.within(json, String(own(json, 'name') ?? this.#form), () =>
          this.elements(own(json, 'elements'), `${place}.elements`),
        );
        continue;
      }
      const question = this.reader.questions.get(place);
      if (question) this.question(question, json);
    }
  }

  private start(question: Question, json: JsonObject, type: string): Row {
    const { name } = question;
    const row: Row = { field_name: name, form_name: this.#form, field_type: type };
    if (this.#section !== '') row.section_header = this.#section;
    this.#section = '';
    row.field_label = this.text(firstOf(this.reader.words(json, 'title'))) || name;
    row.field_note = firstOf(this.reader.words(json, 'description'));
    this.logic(row, json, name);
    if (question.required) row.required_field = 'y';
    if (question.requiredIf) this.reader.tell(name, 'requiredIf', 'A field is required always or never.');
    return row;
  }

  private text(text: string): string {
    return text.replaceAll(/\{([a-z]\w*)\}/g, (whole, name: string) =>
      this.reader.kindOf(name) ? `[${name}]` : whole,
    );
  }

  private logic(row: Row, json: JsonObject, name: string, further: readonly string[] = []): void {
    const conditions = ['visibleIf', 'enableIf']
      .map((key) => this.reader.formula(own(json, key), name, key))
      .filter((text) => text !== '');
    const all = [...this.#around, ...conditions, ...further];
    if (all.length > 0)
      row.branching_logic = all.length === 1 ? (all[0] ?? '') : all.map((text) => `(${text})`).join(' and ');
  }

  private list(choices: Choices, raw: unknown, item: string): string {
    const list = this.reader.choices(choices, raw, item);
    const marked = list.filter(({ missing }) => missing !== '');
    if (marked.length > 0)
      this.reader.tell(
        item,
        'missingReason',
        `That ${marked.map(({ code }) => code).join(', ')} stands for no answer has no counterpart; it is a code like the others.`,
      );
    const texts = list.map(({ code, words }) => ({ code, text: firstOf(words) || `${code}` }));
    if (texts.some(({ text }) => text.includes('|')))
      this.reader.tell(item, 'choices', 'A bar in a choice parts two choices; it became a slash.');
    return texts.map(({ code, text }) => `${code}, ${text.replaceAll('|', '/')}`).join(' | ');
  }

  private question(question: Question, json: JsonObject): void {
    const { answer, name, type } = question;
    switch (answer.kind) {
      case 'none': {
        if (type !== 'html') {
          this.reader.tell(name || null, 'type image', 'Pictures in the instrument are not written into the file.');
          return;
        }
        const row = this.start({ ...question, name: name || `note_${this.rows.length + 1}` }, json, 'descriptive');
        row.field_label = firstOf(this.reader.words(json, 'html'));
        if (/<(?!\/?p>)/.test(row.field_label))
          this.reader.tell(row.field_name ?? null, 'html', 'On the way back only the words of it are taken over.');
        this.rows.push(row);
        return;
      }
      case 'code':
      case 'codes': {
        const row = this.start(
          question,
          json,
          answer.kind === 'codes' ? 'checkbox' : type === 'dropdown' ? 'dropdown' : 'radio',
        );
        row.select_choices_or_calculations = this.list(
          answer.choices,
          own(json, 'choices') ?? own(json, 'rateValues'),
          name,
        );
        if (type === 'rating' || type === 'tagbox')
          this.reader.tell(name, `type ${type}`, 'It is shown as a list of choices.');
        if (answer.kind === 'codes' && (answer.min !== null || answer.max !== null))
          this.reader.tell(name, 'number of choices', 'Any number may be chosen.');
        this.push(row, question, json, [...choiceSettings, 'minSelectedChoices', 'maxSelectedChoices']);
        return;
      }
      case 'boolean': {
        const row = this.start(question, json, 'radio');
        row.select_choices_or_calculations = `1, ${answer.labelTrue} | 0, ${answer.labelFalse}`;
        this.reader.tell(name, 'type boolean', 'It is a choice of 1 and 0.');
        this.push(row, question, json, ['labelTrue', 'labelFalse', 'valueTrue', 'valueFalse']);
        return;
      }
      case 'number':
      case 'text':
        this.field(question, json);
        return;
      case 'matrix':
        this.matrix(question, json);
        return;
      case 'calculated': {
        const formula = this.reader.formula(answer.expression.text, name, 'expression');
        if (formula === '') return;
        const row = this.start(question, json, 'calc');
        row.select_choices_or_calculations = formula;
        this.push(row, question, json, ['expression']);
        return;
      }
      case 'table':
        this.reader.tell(
          name,
          `type ${type}`,
          'Entries that repeat need a repeating instrument of the project; its questions are left out.',
        );
        return;
      default:
        this.reader.tell(name, `type ${type}`, 'This kind of question has no counterpart; it is left out.');
    }
  }

  private push(row: Row, question: Question, json: JsonObject, written: readonly string[]): void {
    for (const { kind } of question.validators) {
      if (kind !== 'numeric' || question.answer.kind !== 'number')
        this.reader.tell(question.name, `validator ${kind}`, 'The check has no counterpart.');
    }
    this.rows.push(row);
    this.reader.rest(json, [...commonSettings, ...written], question.name);
  }

  private field(question: Question, json: JsonObject): void {
    const { answer, name, type } = question;
    if (answer.kind === 'number') {
      const row = this.start(question, json, type === 'slider' ? 'slider' : 'text');
      const whole =
        answer.step !== null && Number.isInteger(answer.step) && (answer.min === null || Number.isInteger(answer.min));
      const { min, max } = limitsOf(question, answer);
      row.text_validation_type_or_show_slider_number = type === 'slider' ? 'number' : whole ? 'integer' : 'number';
      if (min !== null) row.text_validation_min = `${min}`;
      if (max !== null) row.text_validation_max = `${max}`;
      if (answer.step !== null && answer.step !== 1) this.reader.tell(name, 'step', 'Steps have no counterpart.');
      if (own(json, 'customLabels') !== undefined)
        this.reader.tell(name, 'customLabels', 'Labels along a slider are left out.');
      this.push(row, question, json, [
        'inputType',
        'min',
        'max',
        'step',
        'customLabels',
        'minErrorText',
        'maxErrorText',
      ]);
      return;
    }
    if (answer.kind !== 'text') return;
    const row = this.start(question, json, type === 'comment' ? 'notes' : 'text');
    const validation = validations[answer.format];
    if (validation !== undefined) row.text_validation_type_or_show_slider_number = validation;
    else if (answer.format !== 'text') this.reader.tell(name, `input type ${answer.format}`, 'It is a text there.');
    if (answer.format === 'date') {
      if (answer.min !== null) row.text_validation_min = answer.min;
      if (answer.max !== null) row.text_validation_max = answer.max;
    } else if (answer.min !== null || answer.max !== null)
      this.reader.tell(name, 'earliest and latest', 'The limits have no counterpart.');
    if (own(json, 'maxLength') !== undefined)
      this.reader.tell(name, 'maxLength', 'Texts have no longest length there.');
    this.push(row, question, json, ['inputType', 'min', 'max', 'maxLength', 'rows']);
  }

  private matrix(question: Question, json: JsonObject): void {
    const { answer, name } = question;
    if (answer.kind !== 'matrix') return;
    const choices = this.list(answer.columns, own(json, 'columns'), name);
    const above = this.#section;
    const title = question.titled ? firstOf(this.reader.words(json, 'title')) : '';
    if (above !== '' && title !== '')
      this.reader.tell(
        name,
        'section',
        `The header "${above.slice(0, 80)}" above the matrix is left out: a matrix has its title there.`,
      );
    this.#section = '';
    if (firstOf(this.reader.words(json, 'description')) !== '')
      this.reader.tell(name, 'description', 'A matrix has no instruction.');
    answer.rows.list.forEach((row, at) => {
      const line: Row = { field_name: row.name, form_name: this.#form, field_type: 'radio' };
      if (at === 0 && (title || above) !== '') line.section_header = title || above;
      line.field_label = this.text(firstOf(this.reader.entryWords(own(json, 'rows'), row.name, row.label)));
      line.select_choices_or_calculations = choices;
      line.matrix_group_name = name;
      if (answer.eachRowRequired) line.required_field = 'y';
      const further = row.shownIf ? this.reader.formula(row.shownIf.text, row.name, 'visibleIf') : '';
      this.logic(line, json, row.name, further === '' ? [] : [further]);
      this.rows.push(line);
    });
    if (question.required && !answer.eachRowRequired)
      this.reader.tell(name, 'isRequired', 'Only each row by itself can be required.');
    if (answer.eachRowUnique || answer.rows.shownIf)
      this.reader.tell(name, 'rows', 'All rows are shown, and a column may be chosen more than once.');
    this.reader.rest(
      json,
      [...commonSettings, 'columns', 'rows', 'eachRowRequired', 'isAllRowRequired', 'eachRowUnique', 'rowsVisibleIf'],
      name,
    );
  }
}

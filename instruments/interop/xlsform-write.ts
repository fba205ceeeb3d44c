/**
 * Writes an instrument as an XLSForm (the sheets survey, choices and settings) and tells what an XLSForm has no place for.
 * Reasons for no answer stand in a column of their own, `missing_reason`, which other programs pass over. Called by the export
 * of the workshop and by `fidelis instruments export`.
 */
import type { Instrument } from '../instrument.ts';
import { isObject, type JsonObject, own } from '../json.ts';
import type { Choices, Question } from '../questions.ts';
import { choiceSettings, commonSettings } from './export-parts.ts';
import type { Exported, Table } from './left-out.ts';
import { type Row, RowWriter } from './xlsform-rows.ts';

export interface XlsformTables {
  readonly survey: Table;
  readonly choices: Table;
  readonly settings: Table;
}

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

class XlsformWriter extends RowWriter {
  group(json: JsonObject, path: string, name: string): void {
    const elements = own(json, 'elements');
    const said = own(json, 'name');
    const row = this.start('begin_group', json, typeof said === 'string' && /^[a-z]\w*$/i.test(said) ? said : name);
    this.reader.rest(json, [...commonSettings, 'navigationTitle', 'navigationDescription'], row.name ?? name);
    this.survey.push(row);
    this.elements(Array.isArray(elements) ? elements : [], `${path}.elements`);
    this.survey.push({ type: 'end_group', name: row.name ?? name });
  }

  private elements(list: readonly unknown[], path: string): void {
    for (const [at, json] of list.entries()) {
      if (!isObject(json)) continue;
      const place = `${path}[${at}]`;
      if (own(json, 'type') === 'panel') this.group(json, place, `panel_${this.survey.length}`);
      else {
        const question = this.reader.questions.get(place);
        if (question) this.question(question, json);
      }
    }
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
        this.survey.push(row);
        this.reader.rest(json, [...commonSettings, ...choiceSettings], name);
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
        this.survey.push(this.start(`select_one ${this.list(labels, raw, name)}`, json, name));
        this.reader.rest(json, [...commonSettings, 'labelTrue', 'labelFalse', 'valueTrue', 'valueFalse'], name);
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
      case 'people':
      case 'files':
        this.reader.tell(name, `type ${type}`, 'People of a roster and evidence files have no counterpart.');
        return;
      case 'table':
        this.repeat(question, json);
        return;
      case 'calculated': {
        const calculation = this.reader.formula(answer.expression.text, name, 'expression');
        if (calculation !== '') this.survey.push({ ...this.start('calculate', json, name), calculation });
        this.reader.rest(json, [...commonSettings, 'expression'], name);
      }
    }
  }

  private matrix(question: Question, json: JsonObject): void {
    const { answer, name } = question;
    if (answer.kind !== 'matrix') return;
    const list = this.list(answer.columns, own(json, 'columns'), name);
    const group = this.start('begin_group', json, name);
    delete group.required;
    this.survey.push({ ...group, appearance: 'table-list' });
    for (const row of answer.rows.list) {
      const line: Row = { type: `select_one ${list}`, name: row.name };
      this.put(line, 'label', this.reader.entryWords(own(json, 'rows'), row.name, row.label));
      const relevant = row.shownIf ? this.reader.formula(row.shownIf.text, row.name, 'visibleIf') : '';
      if (relevant !== '') line.relevant = relevant;
      if (answer.eachRowRequired) line.required = 'yes';
      this.survey.push(line);
    }
    this.survey.push({ type: 'end_group', name });
    if (own(json, 'isRequired') === true && !answer.eachRowRequired)
      this.reader.tell(name, 'isRequired', 'Only each row by itself can be required.');
    if (answer.eachRowUnique) this.reader.tell(name, 'eachRowUnique', 'A column may be chosen more than once.');
    if (answer.rows.shownIf) this.reader.tell(name, 'rowsVisibleIf', 'All rows are shown.');
    this.reader.rest(
      json,
      [...commonSettings, 'columns', 'rows', 'eachRowRequired', 'isAllRowRequired', 'eachRowUnique', 'rowsVisibleIf'],
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
    this.survey.push(row);
    if (type === 'paneldynamic')
      this.elements(own(json, 'templateElements') as unknown[], `${question.path}.templateElements`);
    else {
      this.reader.tell(name, 'type matrixdynamic', 'It is a repeated group there, and comes back as one.');
      for (const column of answer.columns)
        this.question(column, { ...sharedChoices(json), ...this.reader.json(column) });
    }
    this.survey.push({ type: 'end_repeat', name });
    this.reader.rest(
      json,
      [
        ...commonSettings,
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
    const values = own(this.instrument.survey, 'calculatedValues');
    for (const value of Array.isArray(values) ? values : []) {
      if (!isObject(value)) continue;
      const name = String(own(value, 'name'));
      const calculation = this.reader.formula(own(value, 'expression'), name, 'expression');
      if (calculation !== '') this.survey.push({ type: 'calculate', name, calculation });
      if (own(value, 'includeIntoResult') !== true)
        this.reader.tell(name, 'includeIntoResult', 'It stands in the data there.');
    }
  }

  tables(): Pick<XlsformTables, 'survey' | 'choices'> {
    return {
      survey: tableOf(this.survey, ['type', 'name']),
      choices: tableOf(this.choiceRows, ['list_name', 'name']),
    };
  }
}

const sharedChoices = (json: JsonObject): JsonObject =>
  own(json, 'choices') === undefined ? {} : { choices: own(json, 'choices') };

/** Rows under the columns that any of them has, these first. */
function tableOf(rows: readonly Row[], first: readonly string[]): Table {
  const columns = [...new Set([...first, ...rows.flatMap((row) => Object.keys(row))])].filter(
    (column) => first.includes(column) || rows.some((row) => (row[column] ?? '') !== ''),
  );
  return [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ''))];
}

/**
 * Reads a data dictionary of REDCap (a table of fields) into a draft of an instrument: each form becomes a page, a section a
 * panel, a matrix group a matrix; what was changed or left out is told by item. Called by the import of the workshop and by
 * `fidelis instruments import`.
 */
import type { Issue } from '../instrument.ts';
import { draftAround, LegalNames } from './draft.ts';
import { parseFormula } from './formula.ts';
import type { ScopeItem } from './formula-to-surveyjs.ts';
import { type Imported, type LeftOut, type Table, UnreadableFile } from './left-out.ts';
import { type RedcapRow, redcapChoices, redcapRows } from './redcap-columns.ts';
import { type RedcapField, RedcapFields } from './redcap-fields.ts';

type Json = Record<string, unknown>;

/** Throws `UnreadableFile` for what is no data dictionary or names a field twice. */
export function importRedcap(table: Table): Imported {
  const rows = redcapRows(table);
  if (rows.length > 5_000)
    throw new UnreadableFile([
      { code: 'too-large', path: 'row 5002', message: 'A data dictionary has at most 5,000 fields.' },
    ]);
  const leftOut: LeftOut[] = [];
  const fields = fieldsOf(rows, leftOut);
  const reader = new RedcapFields(new Map(fields.flatMap((field) => scopeOf(field))), leftOut);
  const pages: Json[] = [];
  const forms = [...new Set(rows.map((row) => row.cell('form_name') || 'form_1'))];
  for (const form of forms) {
    const elements = sectionsOf(
      fields.filter(({ row }) => (row.cell('form_name') || 'form_1') === form),
      reader,
    );
    if (elements.length > 0) pages.push({ name: form.slice(0, 100), title: titleOf(form), elements });
  }
  if (forms.length > 1) {
    const why = `The ${forms.length} forms became pages of one instrument; make instruments of those that are filled in at other times.`;
    leftOut.push({ item: null, what: 'forms', why });
  }
  const title = forms.length === 1 ? titleOf(forms[0] ?? '') : 'Imported data dictionary';
  const survey = { pages };
  return { instrument: draftAround(survey, { title, languages: ['en'], from: 'a REDCap data dictionary' }), leftOut };
}

const titleOf = (form: string): string => {
  const words = form.replaceAll('_', ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
};

function fieldsOf(rows: readonly RedcapRow[], leftOut: LeftOut[]): RedcapField[] {
  const names = new LegalNames(leftOut);
  const issues: Issue[] = [];
  const seen = new Map<string, number>();
  const fields = rows.map((row): RedcapField => {
    const said = row.cell('field_name');
    const before = seen.get(said.toLowerCase());
    if (before !== undefined) {
      const message = `The field "${said.slice(0, 60)}" of row ${row.line} stands in row ${before} already; rename one of them.`;
      issues.push({ code: 'duplicate-name', path: `row ${row.line}`, message });
    }
    seen.set(said.toLowerCase(), row.line);
    for (const [key, words] of [['branching_logic', 'branching logic']] as const) {
      const text = row.cell(key);
      const parsed = text === '' ? null : parseFormula(text, 'redcap');
      if (parsed && 'problem' in parsed) {
        const message = `The ${words} of "${said.slice(0, 60)}" (row ${row.line}) is no formula: ${parsed.problem}.`;
        issues.push({ code: 'bad-formula', path: `row ${row.line}`, message });
      }
    }
    const type = row.cell('field_type').toLowerCase();
    const choices = ['radio', 'dropdown', 'checkbox'].includes(type)
      ? redcapChoices(row.cell('select_choices_or_calculations'))
      : [];
    const plain = choices.every(
      ({ code }) => /^-?(0|[1-9]\d{0,8})$/.test(code) && (type !== 'checkbox' || !code.startsWith('-')),
    );
    const codes = new Map(choices.map(({ code }, at) => [code, plain ? Number(code) : at + 1] as const));
    const longest = Math.max(0, ...[...codes.values()].map((code) => `${code}`.length));
    const name = names.take(said, type === 'checkbox' ? longest + 1 : 0);
    return { row, type, name, choices, codes, plain };
  });
  if (issues.length > 0) throw new UnreadableFile(issues);
  return fields;
}

/** What formulas may read, by the names of the file. */
function scopeOf({ row, type, name, codes }: RedcapField): [string, ScopeItem][] {
  const validation = row.cell('text_validation_type_or_show_slider_number');
  const truth = new Map([['1', 1] as const, ['0', 0] as const]);
  const kinds: Readonly<Record<string, ScopeItem['kind']>> = {
    ...{ radio: 'code', dropdown: 'code', checkbox: 'codes', yesno: 'code', truefalse: 'code' },
    ...{ slider: 'number', calc: 'number', notes: 'text' },
    text: /^(integer|number)/.test(validation) ? 'number' : 'text',
  };
  const kind = kinds[type];
  if (kind === undefined) return [];
  return [
    [
      row.cell('field_name'),
      { name, kind, codes: type === 'yesno' || type === 'truefalse' ? truth : codes, table: null },
    ],
  ];
}

/** Fields under one section header become a panel; those of one matrix group a matrix. */
function sectionsOf(fields: readonly RedcapField[], reader: RedcapFields): Json[] {
  const elements: Json[] = [];
  let section: Json[] = elements;
  for (let at = 0; at < fields.length; ) {
    const field = fields[at];
    if (!field) break;
    const group = field.row.cell('matrix_group_name');
    const together = group === '' ? [field] : [];
    for (const one of group === '' ? [] : fields.slice(at)) {
      if (one.row.cell('matrix_group_name') !== group) break;
      together.push(one);
    }
    at += together.length;
    const header = field.row.cell('section_header');
    const matrix = together.length > 1 || group !== '' ? reader.matrix(together, header) : null;
    if (matrix) {
      // The header of a matrix is its title; what follows belongs to no section.
      if (header !== '') section = elements;
      section.push(matrix);
      continue;
    }
    if (header !== '') {
      section = [];
      elements.push({ type: 'panel', title: header, elements: section });
    }
    for (const one of together) section.push(...reader.read(one));
  }
  return elements.filter((one) => one.type !== 'panel' || (one.elements as Json[]).length > 0);
}

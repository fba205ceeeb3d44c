/** The fields of a REDCap data dictionary as SurveyJS writes them. Called by `redcap.ts`. */
import { escaped } from './draft.ts';
import { parseFormula } from './formula.ts';
import { type ScopeItem, toSurveyjs } from './formula-to-surveyjs.ts';
import type { LeftOut } from './left-out.ts';
import type { RedcapKey, RedcapRow } from './redcap-columns.ts';

type Json = Record<string, unknown>;

export interface RedcapField {
  readonly row: RedcapRow;
  readonly type: string;
  readonly name: string;
  readonly choices: readonly { readonly code: string; readonly label: string }[];
  /** Codes by what the file calls them. */
  readonly codes: ReadonlyMap<string, number>;
  /** Its codes are whole numbers already. */
  readonly plain: boolean;
}

const dates: readonly (readonly [RegExp, string])[] = [
  [/^datetime_seconds_/, 'datetime-local'],
  [/^datetime_/, 'datetime-local'],
  [/^date_/, 'date'],
  [/^time/, 'time'],
  [/^email$/, 'email'],
  [/^phone/, 'tel'],
];
const typeless: Readonly<Record<string, string>> = {
  file: 'Files are not taken as answers: they cannot be coded.',
  sql: 'Its choices come from a database; write them out.',
  signature: 'A signature is an identity, not an answer.',
};

export class RedcapFields {
  readonly #scope: ReadonlyMap<string, ScopeItem>;
  readonly #leftOut: LeftOut[];

  constructor(scope: ReadonlyMap<string, ScopeItem>, leftOut: LeftOut[]) {
    this.#scope = scope;
    this.#leftOut = leftOut;
  }

  tell(item: string, what: string, why: string): void {
    this.#leftOut.push({ item, what, why });
  }

  condition(text: string, item: string, what: string): string | null {
    if (text === '') return null;
    const parsed = parseFormula(text, 'redcap');
    if ('problem' in parsed) {
      this.tell(item, what, `"${text.slice(0, 200)}" cannot be read: ${parsed.problem}.`);
      return null;
    }
    const found = toSurveyjs(parsed.node, { find: (name) => this.#scope.get(name), self: null, table: null });
    if ('text' in found) return found.text;
    this.tell(item, what, `"${text.slice(0, 200)}" was not carried over: ${found.problem}.`);
    return null;
  }

  /** Columns that have no counterpart. */
  private rest({ row, name }: RedcapField): void {
    const told: readonly (readonly [RedcapKey, string, string])[] = [
      [
        'identifier',
        'Identifier?',
        'It is marked as telling who somebody is; keep such questions out of instruments, or out of their exports.',
      ],
      ['custom_alignment', 'Custom Alignment', 'Where fields stand has no counterpart.'],
      ['question_number', 'Question Number', 'Questions are numbered by themselves.'],
    ];
    for (const [key, what, why] of told) if (row.cell(key) !== '') this.tell(name, what, why);
    const annotation = row.cell('field_annotation');
    for (const tag of annotation.match(/@[A-Z][A-Z0-9_-]*/g) ?? [])
      this.tell(name, tag, 'Action tags have no counterpart.');
    if (annotation !== '' && !annotation.includes('@'))
      this.tell(name, 'Field Annotation', `"${annotation.slice(0, 200)}" has no counterpart.`);
  }

  /** Name, words, condition and whether an answer is required. */
  private common(field: RedcapField): Json {
    const { row, name } = field;
    this.rest(field);
    const json: Json = { name };
    const label = row.cell('field_label');
    if (label !== '') json.title = this.plain(label, name);
    if (row.cell('field_note') !== '') json.description = row.cell('field_note');
    const visibleIf = this.condition(row.cell('branching_logic'), name, 'Branching Logic');
    if (visibleIf !== null) json.visibleIf = visibleIf;
    if (/^y/i.test(row.cell('required_field'))) json.isRequired = true;
    return json;
  }

  /** Labels may hold HTML and insertions of other fields. */
  private plain(label: string, item: string): string {
    let text = label;
    if (/<[a-z][^<>]*>/i.test(text)) {
      this.tell(item, 'Field Label', 'Its HTML was taken away; the words stand.');
      text = text
        .replace(/<br\s*\/?>/gi, ' ')
        .replace(/<[^<>]*>/g, '')
        .trim();
    }
    return text.replaceAll(/\[([\w-]+)\]/g, (whole, name: string) => {
      const found = this.#scope.get(name);
      return found ? `{${found.name}}` : whole;
    });
  }

  private choices({ name, choices, codes, plain }: RedcapField): Json[] {
    if (!plain) {
      const pairs = choices.map(({ code }) => `"${code.slice(0, 40)}" became ${codes.get(code)}`);
      const shown = pairs.length > 12 ? [...pairs.slice(0, 12), `and so on to ${pairs.length}`] : pairs;
      this.tell(name, 'choice codes', `Codes are whole numbers: ${shown.join(', ')}.`);
    }
    const seen = new Set<number>();
    return choices.flatMap(({ code, label }) => {
      const value = codes.get(code) ?? 0;
      if (seen.has(value)) {
        this.tell(name, 'choices', `The code ${code.slice(0, 40)} stands twice; the first one is kept.`);
        return [];
      }
      seen.add(value);
      return [{ value, text: label === '' ? code : label }];
    });
  }

  read(field: RedcapField): Json[] {
    const { row, type, name } = field;
    const lost = typeless[type];
    if (lost !== undefined) {
      this.tell(name, `type ${type}`, lost);
      return [];
    }
    switch (type) {
      case 'radio':
      case 'dropdown':
      case 'checkbox': {
        if (field.choices.length === 0) {
          this.tell(name, `type ${type}`, 'It has no choices.');
          return [];
        }
        const shape = type === 'radio' ? 'radiogroup' : type;
        return [{ type: shape, ...this.common(field), choices: this.choices(field) }];
      }
      case 'yesno':
      case 'truefalse': {
        const [yes, no] = type === 'yesno' ? ['Yes', 'No'] : ['True', 'False'];
        const choices = [
          { value: 1, text: yes },
          { value: 0, text: no },
        ];
        return [{ type: 'radiogroup', ...this.common(field), choices }];
      }
      case 'text':
        return [{ type: 'text', ...this.common(field), ...this.format(field) }];
      case 'notes':
        return [{ type: 'comment', ...this.common(field) }];
      case 'slider': {
        const labels = row
          .cell('select_choices_or_calculations')
          .split('|')
          .map((label) => label.trim())
          .filter((label) => label !== '');
        const [min, max] = [
          this.number(row, 'text_validation_min') ?? 0,
          this.number(row, 'text_validation_max') ?? 100,
        ];
        const places = labels.length === 3 ? [min, (min + max) / 2, max] : [min, max];
        const customLabels =
          labels.length === 2 || labels.length === 3
            ? { customLabels: labels.map((text, at) => ({ value: places[at] ?? max, text })) }
            : {};
        return [{ type: 'slider', ...this.common(field), min, max, step: 1, ...customLabels }];
      }
      case 'calc': {
        const expression = this.condition(row.cell('select_choices_or_calculations'), name, 'Calculations');
        const { isRequired: _, ...common } = this.common(field);
        return expression === null ? [] : [{ type: 'expression', ...common, expression }];
      }
      case 'descriptive': {
        const { title, visibleIf } = this.common(field);
        const html = `<p>${escaped(typeof title === 'string' ? title : name)}</p>`;
        return [{ type: 'html', name, html, ...(visibleIf === undefined ? {} : { visibleIf }) }];
      }
      default:
        this.tell(name, `type ${type.slice(0, 40) || '(empty)'}`, 'The field type is not known.');
        return [];
    }
  }

  private number(row: RedcapRow, key: RedcapKey): number | null {
    const text = row.cell(key);
    const value = Number(text);
    return text === '' || !Number.isFinite(value) ? null : value;
  }

  /** What a text may hold, from its validation. */
  private format({ row, name }: RedcapField): Json {
    const validation = row.cell('text_validation_type_or_show_slider_number').toLowerCase();
    const limits = (allowed: (text: string) => unknown): Json => {
      const found: Json = {};
      for (const [key, end] of [
        ['text_validation_min', 'min'],
        ['text_validation_max', 'max'],
      ] as const) {
        const text = row.cell(key);
        if (text === '') continue;
        const value = allowed(text);
        if (value === null)
          this.tell(
            name,
            `Text Validation ${end}`,
            `"${text.slice(0, 60)}" is computed or of another kind; there is no limit.`,
          );
        else found[end] = value;
      }
      return found;
    };
    const number = (text: string) => (Number.isFinite(Number(text)) ? Number(text) : null);
    if (validation === '') return {};
    if (validation === 'integer') return { inputType: 'number', step: 1, ...limits(number) };
    if (/^number/.test(validation)) return { inputType: 'number', ...limits(number) };
    const format = dates.find(([pattern]) => pattern.test(validation));
    if (format) {
      const [, inputType] = format;
      if (!/_ymd$|^time$|^email$|^phone$/.test(validation)) {
        this.tell(
          name,
          `validation ${validation}`,
          `It is asked as ${inputType}; how it is written follows the respondent's device.`,
        );
      }
      const written = (text: string) => (/^\d{4}-\d{2}-\d{2}$/.test(text) && inputType === 'date' ? text : null);
      return { inputType, ...limits(written) };
    }
    this.tell(name, `validation ${validation.slice(0, 40)}`, 'The check has no counterpart; any text is taken.');
    return {};
  }

  /** Fields of one matrix group as a matrix; null where they do not share their choices. */
  matrix(fields: readonly RedcapField[], header: string): Json | null {
    const [first] = fields;
    if (!first || first.choices.length === 0) return null;
    const group = first.row.cell('matrix_group_name');
    const alike = fields.every(
      (one) => one.type === 'radio' && JSON.stringify(one.choices) === JSON.stringify(first.choices),
    );
    const required = new Set(fields.map(({ row }) => /^y/i.test(row.cell('required_field'))));
    const noted = fields.some(({ row }) => row.cell('field_note') !== '');
    if (!alike || required.size > 1 || noted) {
      for (const { name } of fields)
        this.tell(
          name,
          'Matrix Group Name',
          `The rows of ${group} stand one below the other: a matrix takes one answer a row, with the same choices.`,
        );
      return null;
    }
    const rows = fields.map((field) => {
      const { title, visibleIf } = this.common(field);
      if (field.row.cell('matrix_ranking') !== '')
        this.tell(field.name, 'Matrix Ranking?', 'Each column may be chosen more than once.');
      return { value: field.name, text: title ?? field.name, ...(visibleIf === undefined ? {} : { visibleIf }) };
    });
    const taken = new Set([...this.#scope.values()].map(({ name }) => name));
    let name =
      group
        .toLowerCase()
        .replace(/[^a-z0-9_]/g, '_')
        .replace(/^[^a-z]+/, '')
        .slice(0, 28) || 'matrix';
    while (taken.has(name)) name = `${name}_m`;
    return {
      type: 'matrix',
      name,
      ...(header === '' ? {} : { title: header }),
      columns: this.choices(first),
      rows,
      ...(required.has(true) ? { eachRowRequired: true } : {}),
    };
  }
}

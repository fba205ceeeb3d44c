/** Makes the names and codes of foreign SurveyJS JSON those of an instrument, and expressions with them. */

import { isObject, type JsonObject, own } from '../json.ts';
import { languageTag } from '../languages.ts';
import { LegalNames } from './draft.ts';
import type { LeftOut } from './left-out.ts';

type Json = Record<string, unknown>;

/** Properties that hold expressions. */
const expressions = ['visibleIf', 'enableIf', 'requiredIf', 'choicesVisibleIf', 'rowsVisibleIf', 'expression'];
/** Lists that hold questions. */
const lists = ['elements', 'questions', 'templateElements'];
const textKeys = new Set([
  'title',
  'text',
  'description',
  'html',
  'placeholder',
  'completedHtml',
  'minRateDescription',
  'maxRateDescription',
  'labelTrue',
  'labelFalse',
]);

const isCode = (value: unknown): boolean =>
  typeof value === 'number' && Number.isSafeInteger(value) && (value > -990 || value < -999);

export class SurveyCleaner {
  readonly #survey: JsonObject;
  readonly #leftOut: LeftOut[];
  readonly #names: LegalNames;
  /** Codes by question and the text that stood for them. */
  readonly #codes = new Map<string, Map<string, number>>();
  readonly #languages = new Set<string>();

  constructor(survey: JsonObject, leftOut: LeftOut[]) {
    this.#survey = survey;
    this.#leftOut = leftOut;
    this.#names = new LegalNames(leftOut);
  }

  clean(): { survey: Json; languages: string[]; title: string } {
    const copy = structuredClone(this.#survey) as Json;
    const { elements, questions, ...rest } = copy;
    const survey: Json = Array.isArray(rest.pages)
      ? rest
      : { ...rest, pages: [{ name: 'page1', elements: elements ?? questions ?? [] }] };
    const locale = typeof survey.locale === 'string' && languageTag.test(survey.locale) ? survey.locale : 'en';
    this.findLanguages(survey);
    const languages = [
      locale,
      ...[...this.#languages].filter((language) => language !== locale && language !== 'default'),
    ];
    for (const page of Array.isArray(survey.pages) ? survey.pages : [])
      if (isObject(page)) this.container(page as Json);
    for (const value of Array.isArray(survey.calculatedValues) ? survey.calculatedValues : []) {
      if (isObject(value) && typeof own(value, 'name') === 'string')
        (value as Json).name = this.#names.take(String(own(value, 'name')));
    }
    this.rewrite(survey);
    if (languages.length > 1) this.fill(survey, languages);
    const title = survey.title;
    const text =
      typeof title === 'string'
        ? title
        : isObject(title)
          ? String(own(title, locale) ?? own(title, 'default') ?? '')
          : '';
    return { survey, languages, title: text || 'Imported survey' };
  }

  private container(json: Json): void {
    for (const list of lists) {
      if (list === 'questions' && Array.isArray(json.questions)) {
        json.elements = json.questions;
        delete json.questions;
      }
      const entries = json[list];
      for (const entry of Array.isArray(entries) ? entries : []) {
        if (!isObject(entry)) continue;
        if (own(entry, 'type') === 'panel') this.container(entry as Json);
        else this.question(entry as Json);
      }
    }
  }

  private question(json: Json): void {
    const said = typeof json.name === 'string' ? json.name : '';
    const several = ['checkbox', 'tagbox', 'ranking'].includes(String(json.type));
    const room = several ? 4 : json.type === 'paneldynamic' || json.type === 'matrixdynamic' ? 2 : 0;
    if (said !== '') json.name = this.#names.take(said, room);
    const name = String(json.name ?? '');
    for (const list of ['choices', 'rateValues'])
      if (Array.isArray(json[list])) json[list] = this.codes(json[list], name, said);
    if (json.type === 'matrix') {
      if (Array.isArray(json.columns)) json.columns = this.codes(json.columns, name, said);
    } else if (Array.isArray(json.columns)) {
      for (const column of json.columns) if (isObject(column)) this.column(column as Json, name);
    }
    if (Array.isArray(json.rows)) json.rows = json.rows.map((row: unknown) => this.row(row));
    if (Array.isArray(json.items)) {
      for (const item of json.items)
        if (isObject(item) && typeof own(item, 'name') === 'string')
          (item as Json).name = this.#names.take(String(own(item, 'name')));
    }
    this.special(json, name);
    this.container(json);
  }

  private column(json: Json, table: string): void {
    const said = typeof json.name === 'string' ? json.name : '';
    if (said !== '') json.name = this.#names.take(said);
    if (Array.isArray(json.choices)) json.choices = this.codes(json.choices, `${table}.${String(json.name)}`, said);
  }

  private row(row: unknown): unknown {
    const said = isObject(row) ? own(row, 'value') : row;
    if (typeof said !== 'string' && typeof said !== 'number') return row;
    const value = this.#names.take(String(said));
    return { text: String(said), ...(isObject(row) ? row : {}), value };
  }

  /** Choices with whole numbers for codes; texts keep their words. */
  private codes(list: readonly unknown[], item: string, said: string): unknown[] {
    const values = list.map((entry) => (isObject(entry) ? own(entry, 'value') : entry));
    if (values.every(isCode)) return [...list];
    const digits = values.every(
      (value) => isCode(value) || (typeof value === 'string' && /^(0|[1-9]\d{0,8})$/.test(value)),
    );
    const codes = new Map(values.map((value, at) => [String(value), digits ? Number(value) : at + 1]));
    const pairs = [...codes].map(([value, code]) => `"${value.slice(0, 40)}" became ${code}`);
    const why = digits
      ? 'Codes that were written as texts became numbers.'
      : `Codes are whole numbers: ${pairs.slice(0, 12).join(', ')}${pairs.length > 12 ? ' and so on' : ''}.`;
    this.#leftOut.push({ item, what: 'choice codes', why });
    if (said !== '') this.#codes.set(said, codes);
    return list.map((entry, at) => {
      const value = values[at];
      return { text: String(value), ...(isObject(entry) ? entry : {}), value: codes.get(String(value)) ?? at + 1 };
    });
  }

  /** "Other", "none" and their kin become choices with codes; words for them are asked in a question of the file. */
  private special(json: Json, item: string): void {
    const kinds = [
      [['showNoneItem', 'hasNone'], 'noneText', 'None', undefined],
      [['showOtherItem', 'hasOther'], 'otherText', 'Other', undefined],
      [['showRefuseItem'], 'refuseText', 'Prefer not to say', 'declined'],
      [['showDontKnowItem'], 'dontKnowText', "Don't know", 'not-applicable'],
    ] as const;
    for (const [flags, words, text, missingReason] of kinds) {
      const asked = flags.some((flag) => json[flag] === true);
      const said = json[words];
      for (const flag of [...flags, words]) delete json[flag];
      if (!asked || !Array.isArray(json.choices)) continue;
      const codes = json.choices.map((entry: unknown) => Number(isObject(entry) ? own(entry, 'value') : entry));
      const value = Math.max(0, ...codes.filter(Number.isFinite)) + 1;
      const exclusive = text === 'None' && json.type === 'checkbox' ? { isExclusive: true } : {};
      json.choices = [
        ...json.choices,
        { value, text: said ?? text, ...(missingReason ? { missingReason } : {}), ...exclusive },
      ];
      const why = `"${text}" became the choice ${value}${text === 'Other' ? '; ask in a text question with a condition what it is' : ''}.`;
      this.#leftOut.push({ item, what: flags[0], why });
    }
  }

  /** Expressions and insertions with the new names and codes. */
  private rewrite(value: unknown): void {
    if (Array.isArray(value)) {
      for (const one of value) this.rewrite(one);
      return;
    }
    if (!isObject(value)) return;
    const json = value as Json;
    for (const [key, inner] of Object.entries(json)) {
      if (typeof inner === 'string' && expressions.includes(key)) json[key] = this.expression(inner);
      else if (typeof inner === 'string' && (textKeys.has(key) || languageTag.test(key) || key === 'default'))
        json[key] = this.renamed(inner);
      else this.rewrite(inner);
    }
  }

  private renamed(text: string): string {
    return text.replaceAll(
      /\{(#?)((?:panel|row)\.)?([^{}.[\]]+)/g,
      (whole, mark: string, prefix: string | undefined, name: string) => {
        const found = this.#names.find(name.trim());
        return found === undefined ? whole : `{${mark}${prefix ?? ''}${found}`;
      },
    );
  }

  /** `{colour} = 'red'` with the code that red has become. */
  private expression(text: string): string {
    const coded = text.replaceAll(
      /\{(#?(?:panel\.|row\.)?)([^{}]+)\}\s*(=|==|<>|!=|equal|notequal|contains|notcontains|anyof|allof)\s*(\[[^\]]*\]|'[^']*'|"[^"]*")/g,
      (whole, prefix: string, name: string, operator: string, value: string) => {
        const codes = this.#codes.get(name.trim());
        if (!codes) return whole;
        const coded = value.replaceAll(/'([^']*)'|"([^"]*)"/g, (quoted: string, one?: string, other?: string) => {
          const code = codes.get(one ?? other ?? '');
          return code === undefined ? quoted : String(code);
        });
        return `{${prefix}${name}} ${operator} ${coded}`;
      },
    );
    return this.renamed(coded);
  }

  private findLanguages(value: unknown): void {
    if (Array.isArray(value)) for (const one of value) this.findLanguages(one);
    else if (isObject(value)) {
      for (const [key, inner] of Object.entries(value)) {
        if (textKeys.has(key) && isObject(inner)) {
          for (const language of Object.keys(inner)) if (languageTag.test(language)) this.#languages.add(language);
        } else this.findLanguages(inner);
      }
    }
  }

  /** Texts in all languages; one that a language is without is given in another, and told. */
  private fill(survey: Json, languages: readonly string[]): void {
    const gaps = new Map<string, number>();
    const visit = (value: unknown): void => {
      if (Array.isArray(value)) {
        for (const one of value) visit(one);
        return;
      }
      if (!isObject(value)) return;
      const json = value as Json;
      for (const [key, inner] of Object.entries(json)) {
        if (!textKeys.has(key) || (typeof inner !== 'string' && !isObject(inner))) {
          visit(inner);
          continue;
        }
        if (typeof inner === 'string' && inner.trim() === '') continue;
        const by: Json = typeof inner === 'string' ? { default: inner } : { ...inner };
        const first = by[languages[0] ?? 'en'] ?? by.default ?? Object.values(by)[0];
        json[key] = Object.fromEntries(
          languages.map((language, at) => {
            const text = by[language] ?? (at === 0 ? by.default : undefined);
            if (text === undefined) gaps.set(language, (gaps.get(language) ?? 0) + 1);
            return [language, text ?? first];
          }),
        );
      }
    };
    visit(survey);
    for (const [language, count] of gaps) {
      const why = `${count} texts are not in the file in ${language}; those of another language stand in their place and need translating.`;
      this.#leftOut.push({ item: null, what: 'translation', why });
    }
  }
}

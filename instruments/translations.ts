/**
 * The texts of an instrument's form by language: what a translator sees side by side, and how complete each language is. Reads
 * drafts too, which may be wrong elsewhere. Called by the workshop's panel of languages and where a language is signed off.
 */
import type { Kind, Properties } from './check-properties.ts';
import { isObject, type JsonObject } from './json.ts';
import { pageProperties, panelProperties, surveyProperties } from './layout-properties.ts';
import { choiceProperties, columnProperties, itemProperties, propertiesOf } from './question-properties.ts';
import { supportedTypes } from './questions.ts';

export interface FormText {
  /** Like `survey.pages[0].title`. */
  readonly path: string;
  /** By language; a plain text is in the first. */
  readonly texts: Readonly<Record<string, string>>;
}

const isWords = (kind: Kind | undefined): boolean => kind === 'text' || kind === 'html';
const tables: readonly Properties[] = [
  ...[surveyProperties, pageProperties, panelProperties, choiceProperties, itemProperties],
  ...supportedTypes.flatMap((type) => [propertiesOf(type), columnProperties(type)]),
];
/** Every property that holds words for respondents. */
const wordy: ReadonlySet<string> = new Set(
  tables.flatMap((table) => Object.keys(table).filter((key) => isWords(table[key]))),
);

/**
 * @param survey SurveyJS JSON, right or wrong
 * @param languages of the instrument, the first one leading
 */
export function formTexts(survey: unknown, languages: readonly string[]): FormText[] {
  const found: FormText[] = [];
  const [first = 'en'] = languages;
  const walk = (value: unknown, path: string, depth: number): void => {
    if (depth > 40) return;
    if (Array.isArray(value)) for (const [at, one] of value.entries()) walk(one, `${path}[${at}]`, depth + 1);
    if (!isObject(value)) return;
    for (const [key, inner] of Object.entries(value)) {
      const place = `${path}.${key}`;
      if (!wordy.has(key)) walk(inner, place, depth + 1);
      else if (typeof inner === 'string' && inner.trim() !== '') found.push({ path: place, texts: { [first]: inner } });
      else if (isObject(inner)) found.push({ path: place, texts: spoken(inner, first) });
    }
  };
  walk(survey, 'survey', 0);
  return found.filter(({ texts }) => Object.values(texts).some((text) => text.trim() !== ''));
}

/** `default` is the first language. */
function spoken(texts: JsonObject, first: string): Record<string, string> {
  const entries = Object.entries(texts).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  const { default: plain, ...rest } = Object.fromEntries(entries);
  return plain === undefined ? rest : { [first]: plain, ...rest };
}

/** How many of the texts a language has. */
export function completeness(
  texts: readonly FormText[],
  language: string,
): { readonly done: number; readonly all: number } {
  const done = texts.filter((one) => (one.texts[language] ?? '').trim() !== '').length;
  return { done, all: texts.length };
}

/**
 * What somebody who reads a language reads, in the order of the form: its texts, each beside the one in the first language that it
 * is to say the same as. A sign-off is about exactly this.
 */
export function readTexts(
  survey: unknown,
  languages: readonly string[],
  language: string,
): readonly (readonly [string, string])[] {
  const [first = 'en'] = languages;
  return formTexts(survey, languages).map(({ texts }) => [texts[first] ?? '', texts[language] ?? '']);
}

/** The survey with one text in one language; what is empty is taken away. The given survey stays as it is. */
export function withFormText(
  survey: JsonObject,
  { path, texts }: FormText,
  language: string,
  text: string,
  languages: readonly string[],
): JsonObject {
  const next = { ...texts, [language]: text };
  const kept = Object.fromEntries(
    languages.flatMap((one) => (next[one] !== undefined && next[one] !== '' ? [[one, next[one]]] : [])),
  );
  const [first = 'en'] = languages;
  const value = Object.keys(kept).length === 1 && kept[first] !== undefined ? kept[first] : kept;
  const steps = [...path.replace(/^survey/, '').matchAll(/\.([^.[\]]+)|\[(\d+)\]/g)].map(
    ([, key, at]) => key ?? Number(at),
  );
  return put(survey, steps, value) as JsonObject;
}

function put(target: unknown, [step, ...rest]: readonly (string | number)[], value: unknown): unknown {
  if (step === undefined) return value;
  if (Array.isArray(target)) return target.map((one, at) => (at === step ? put(one, rest, value) : one));
  return isObject(target) ? { ...target, [step]: put(target[step], rest, value) } : target;
}

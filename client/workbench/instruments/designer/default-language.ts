/**
 * Texts of a form as SurveyJS Creator edits them. The Creator writes what somebody types under `default`; an instrument keeps
 * the texts of its first language under the tag. Called by the designer on the way into the Creator and back. Pure.
 */
import { isObject, type JsonObject } from '../../../../instruments/json.ts';
import { valueKeys } from '../../../../instruments/languages.ts';

type Texts = Readonly<Record<string, string>>;

/** With each text of the first language as the default one. */
export function toDefault(survey: JsonObject, languages: readonly string[]): JsonObject {
  const [first = 'en'] = languages;
  const { locale, ...rest } = withTexts(survey, languages, (texts) => {
    const { [first]: tagged, default: plain, ...others } = texts;
    const text = tagged ?? plain;
    return text === undefined ? texts : { default: text, ...others };
  });
  // With its tag for a locale, the Creator would write beside the default text again.
  return locale === undefined || locale === first ? rest : { ...rest, locale };
}

/** With each default text under the tag of the first language; one that stands alone is a plain text. */
export const fromDefault = (survey: JsonObject, languages: readonly string[]): JsonObject =>
  withTexts(survey, languages, (texts) => {
    const [first = 'en'] = languages;
    const { default: edited, [first]: tagged, ...rest } = texts;
    const text = edited ?? tagged;
    if (text === undefined) return texts;
    return Object.keys(rest).length === 0 ? text : { [first]: text, ...rest };
  });

/** Every text that is written by language, changed; everything else stays. */
function withTexts(
  survey: JsonObject,
  languages: readonly string[],
  change: (texts: Texts) => Texts | string,
): JsonObject {
  const known = new Set([...languages, 'default']);
  const isTexts = (value: JsonObject): value is Texts => {
    const entries = Object.entries(value);
    return entries.length > 0 && entries.every(([key, text]) => known.has(key) && typeof text === 'string');
  };
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk);
    if (!isObject(value)) return value;
    return isTexts(value) ? change(value) : members(value);
  };
  const members = (value: JsonObject): JsonObject =>
    Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, valueKeys.has(key) ? inner : walk(inner)]));
  return members(survey);
}

/**
 * Languages by their BCP 47 tags: which one somebody gets, how it is called in itself, which way it is written, and a
 * survey's texts in one of them. Pure; used by the server, the respondent's page and the workbench.
 */

import type { SurveyJson } from './instrument.ts';
import { isObject } from './json.ts';

export const defaultLanguage = 'en-GB';

/** A tag as instruments write it: `de`, `en-GB`, `pt-br`. */
export const languageTag = /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$/;

const rightToLeft = new Set(['ar', 'dv', 'fa', 'he', 'ku', 'ps', 'sd', 'ug', 'ur', 'yi']);
const rightToLeftScripts = new Set(['Arab', 'Hebr', 'Syrc', 'Thaa']);

/** The language without region and script: `en` of `en-GB`. */
export const baseOf = (tag: string): string => tag.split('-')[0]?.toLowerCase() ?? '';

/**
 * Which way a language is written.
 *
 * @example
 * directionOf('ur') // => 'rtl'
 */
export function directionOf(tag: string): 'ltr' | 'rtl' {
  const script = tag.split('-').find((part) => part.length === 4);
  if (script) return rightToLeftScripts.has(script) ? 'rtl' : 'ltr';
  return rightToLeft.has(baseOf(tag)) ? 'rtl' : 'ltr';
}

/**
 * How a language writes its dates: English without a region is British, as everything here.
 *
 * @example
 * dateLocale('en') // => 'en-GB'
 */
export const dateLocale = (tag: string): string => (tag === 'en' ? defaultLanguage : tag);

/**
 * The first wish that is offered, by the whole tag or else by its language; null when none is.
 *
 * @example
 * bestOf(['fr', 'de-AT'], ['en-GB', 'de']) // => 'de'
 */
export function bestOf(wishes: readonly string[], offered: readonly string[]): string | null {
  for (const wish of wishes) {
    const whole = offered.find((tag) => tag.toLowerCase() === wish.toLowerCase());
    const near = whole ?? offered.find((tag) => baseOf(tag) === baseOf(wish));
    if (near) return near;
  }
  return null;
}

/**
 * The languages of an `Accept-Language` header, the most wanted first.
 *
 * @example
 * wishesOf('en;q=0.5, de-AT, *;q=0.1') // => ['de-AT', 'en']
 */
export function wishesOf(header: string): string[] {
  return header
    .split(',')
    .map((part, at) => {
      const [tag = '', ...parameters] = part.split(';').map((piece) => piece.trim());
      const quality = parameters.find((parameter) => parameter.startsWith('q='));
      return { tag, at, weight: quality ? Number(quality.slice(2)) : 1 };
    })
    .filter(({ tag, weight }) => /^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i.test(tag) && weight > 0)
    .sort((a, b) => b.weight - a.weight || a.at - b.at)
    .map(({ tag }) => tag);
}

/**
 * How a language is called in itself.
 *
 * @example
 * ownName('de') // => 'Deutsch'
 */
export function ownName(tag: string): string {
  const name = new Intl.DisplayNames([tag], { type: 'language' }).of(tag) ?? tag;
  return name.charAt(0).toLocaleUpperCase(tag) + name.slice(1);
}

/** Values of answers, not texts, whatever their keys look like. */
export const valueKeys: ReadonlySet<string> = new Set([
  ...['defaultValue', 'defaultRowValue', 'correctAnswer', 'value', 'valueTrue', 'valueFalse'],
]);

/**
 * A survey whose texts by language are plain texts in one of them: what a page in that language needs, and no more.
 * @param languages the instrument's; the first is also that of `default`
 */
export function surveyIn(survey: SurveyJson, languages: readonly string[], language: string): SurveyJson {
  const known = new Set([...languages, 'default']);
  const isText = (value: Readonly<Record<string, unknown>>): boolean => {
    const entries = Object.entries(value);
    return entries.length > 0 && entries.every(([key, text]) => known.has(key) && typeof text === 'string');
  };
  const settled = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(settled);
    if (!isObject(value)) return value;
    if (isText(value)) return value[language] ?? value[languages[0] ?? ''] ?? value.default;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, valueKeys.has(key) ? inner : settled(inner)]),
    );
  };
  // Its own locale would speak for the texts that are gone now.
  const { locale: _, ...rest } = settled(survey) as SurveyJson;
  return rest;
}

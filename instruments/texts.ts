/** Texts that respondents read: a string, or an object with one string per language. */
import { htmlProblem } from './html.ts';
import type { Issues } from './issues.ts';
import { isObject, type JsonObject, own, shown } from './json.ts';
import type { Expression } from './questions.ts';

/** What the readers of an instrument share: where issues go and which languages every text must speak. */
export interface Reading {
  readonly issues: Issues;
  /** The first is the language of plain strings and of `default`. */
  readonly languages: readonly string[];
  /** Conditions of pages and panels, gathered for checking. */
  readonly conditions: Expression[];
}

const longest = 20_000;
const imageData = /^data:image\/(png|jpeg|gif|webp|svg\+xml);base64,[A-Za-z0-9+/]+={0,2}$/;

/** The text in the first language, or null when there is none. */
export function textOf(value: unknown, languages: readonly string[]): string | null {
  if (typeof value === 'string') return value === '' ? null : value;
  if (!isObject(value)) return null;
  const found = own(value, languages[0] ?? 'en') ?? own(value, 'default');
  return typeof found === 'string' && found !== '' ? found : null;
}

/** `textOf` of a property, with what to say when it has none. */
export function labelOf(json: JsonObject, key: string, languages: readonly string[], otherwise: string): string {
  return textOf(own(json, key), languages) ?? otherwise;
}

function checkEach(value: unknown, path: string, reading: Reading, check: (text: string, path: string) => void): void {
  const { issues, languages } = reading;
  if (typeof value === 'string') {
    check(value, path);
    const others = languages.slice(1);
    if (others.length > 0 && value.trim() !== '') {
      issues.add(
        'language-missing',
        path,
        `This text has no ${others.join(', ')}: write an object with a text per language.`,
      );
    }
    return;
  }
  if (!isObject(value)) {
    issues.add('bad-text', path, `Expected a text or an object of texts by language, found ${shown(value)}.`);
    return;
  }
  for (const [language, text] of Object.entries(value)) {
    if (language !== 'default' && !languages.includes(language)) {
      issues.add(
        'language-not-declared',
        `${path}.${language}`,
        `"${language}" is not one of this instrument's languages.`,
      );
    } else if (typeof text !== 'string') {
      issues.add('bad-text', `${path}.${language}`, `Expected a text, found ${shown(text)}.`);
    } else check(text, `${path}.${language}`);
  }
  for (const [position, language] of languages.entries()) {
    const covered = Object.hasOwn(value, language) || (position === 0 && Object.hasOwn(value, 'default'));
    if (!covered) issues.add('language-missing', path, `This text has no ${language}.`);
  }
}

/** A text that is shown as text. */
export function checkText(value: unknown, path: string, reading: Reading): void {
  checkEach(value, path, reading, (text, place) => {
    if (text.length > longest)
      reading.issues.add('text-too-long', place, `A text may have at most ${longest} characters.`);
  });
}

/** A text that SurveyJS writes into the page as HTML. */
export function checkHtml(value: unknown, path: string, reading: Reading): void {
  checkEach(value, path, reading, (text, place) => {
    if (text.length > longest)
      reading.issues.add('text-too-long', place, `A text may have at most ${longest} characters.`);
    const problem = htmlProblem(text);
    if (problem) reading.issues.add('html-not-allowed', place, `HTML outside the allow-list: ${problem}.`);
    // SurveyJS would put an answer there as HTML.
    if (/[{}]/.test(text))
      reading.issues.add('html-piping', place, 'Answers cannot be inserted into HTML: remove the braces.');
  });
}

/** An image that travels inside the instrument: nothing is loaded from another host. */
export function checkImage(value: unknown, path: string, reading: Reading): void {
  const check = (text: string, place: string): void => {
    if (text.length > 400_000)
      reading.issues.add('image-too-large', place, 'An image may have at most 400,000 characters of data.');
    else if (!imageData.test(text)) {
      reading.issues.add(
        'remote-resource',
        place,
        'An image must be a data:image/…;base64 address; nothing is loaded from elsewhere.',
      );
    }
  };
  if (typeof value === 'string') check(value, path);
  else checkEach(value, path, reading, check);
}

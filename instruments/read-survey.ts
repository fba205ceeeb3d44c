/**
 * Reads SurveyJS JSON into a `Form`: walks pages and panels, and reports everything that an instrument may not have.
 * `parseInstrument` reads foreign JSON with it, the codebook and the compiler read again what has passed.
 */

import { checkProperties } from './check-properties.ts';
import { type Issues, newIssues } from './issues.ts';
import { isObject, isWithin, type JsonObject, own, shown } from './json.ts';
import { calculatedValueProperties, pageProperties, surveyProperties } from './layout-properties.ts';
import { readName } from './names.ts';
import type { CalculatedValue, Expression, Form } from './questions.ts';
import { expressionOf } from './read-choices.ts';
import { type Gathered, gather, readContainerName, readElements } from './read-elements.ts';
import { defaultCommentLength, defaultTextLength, readCount } from './read-fields.ts';
import { readTable } from './read-tables.ts';
import { labelOf, type Reading } from './texts.ts';

/** Most questions, rows and choices of a survey; more is refused before anything is read. */
export const mostItems = 2_000;
const mostValues = 200_000;
const deepest = 40;

/** Questions, rows and choices: counted on the raw JSON, so that a giant is refused before it is read. */
function countItems(survey: JsonObject): number {
  const lists = ['elements', 'templateElements', 'rows', 'columns', 'items'];
  let count = 0;
  let level: unknown[] = [own(survey, 'pages')];
  while (level.length > 0) {
    const next: unknown[] = [];
    for (const value of level) {
      for (const entry of Array.isArray(value) ? value : []) {
        count += 1;
        if (isObject(entry)) for (const list of lists) next.push(own(entry, list));
      }
    }
    level = next;
  }
  return count;
}

function readCalculated(survey: JsonObject, reading: Reading): CalculatedValue[] {
  const values = own(survey, 'calculatedValues');
  if (values === undefined) return [];
  if (!Array.isArray(values)) {
    reading.issues.add('bad-property', 'survey.calculatedValues', `Expected a list, found ${shown(values)}.`);
    return [];
  }
  const calculated: CalculatedValue[] = [];
  for (const [position, value] of values.entries()) {
    const at = `survey.calculatedValues[${position}]`;
    if (!checkProperties(value, calculatedValueProperties, at, reading)) continue;
    const name = readName(own(value, 'name'), `${at}.name`, reading.issues);
    const expression = expressionOf(value, 'expression', at);
    if (!expression) reading.issues.add('empty-expression', `${at}.expression`, 'An expression is needed.');
    else calculated.push({ name, expression, included: own(value, 'includeIntoResult') === true });
  }
  return calculated;
}

function checkNames(form: Form, pagePaths: readonly string[], issues: Issues): void {
  const seen = new Map<string, string>();
  const take = (name: string, path: string): void => {
    if (name === '') return;
    const before = seen.get(name);
    if (before !== undefined) issues.add('duplicate-name', path, `The name ${name} is already used at ${before}.`);
    else seen.set(name, path);
  };
  for (const question of form.questions) take(question.name, question.path);
  for (const value of form.calculated) take(value.name, value.expression.path.replace(/\.expression$/, ''));
  const pages = new Set<string>();
  for (const [position, page] of form.pages.entries()) {
    if (page.name !== '' && pages.has(page.name)) {
      issues.add('duplicate-name', pagePaths[position] ?? '', `The page name ${page.name} is used twice.`);
    }
    pages.add(page.name);
  }
}

/** Reads a survey; what is wrong goes into `issues`, what could be read comes back. */
export function readSurvey(survey: unknown, languages: readonly string[], issues: Issues): Form {
  const empty: Form = { pages: [], questions: [], conditions: [], calculated: [] };
  if (!isWithin(survey, mostValues, deepest)) {
    issues.add('too-large', 'survey', `A survey has at most ${mostValues} values, nested at most ${deepest} deep.`);
    return empty;
  }
  if (!isObject(survey)) {
    issues.add('bad-property', 'survey', `Expected SurveyJS JSON, found ${shown(survey)}.`);
    return empty;
  }
  if (countItems(survey) > mostItems) {
    issues.add('too-many-items', 'survey', `A survey has at most ${mostItems} questions, rows and columns together.`);
    return empty;
  }
  const conditions: Expression[] = [];
  const reading: Reading = { issues, languages, conditions };
  checkProperties(survey, surveyProperties, 'survey', reading);
  const locale = own(survey, 'locale');
  if (locale !== undefined && locale !== '' && !languages.includes(String(locale))) {
    issues.add('language-not-declared', 'survey.locale', `${shown(locale)} is not one of this instrument's languages.`);
  }
  const lengths = {
    text: readCount(survey, 'maxTextLength', 'survey', reading) || defaultTextLength,
    comment: readCount(survey, 'maxCommentLength', 'survey', reading) || defaultCommentLength,
  };
  const gathered: Gathered = { questions: [], conditions };
  const pages: { name: string; title: string }[] = [];
  const pagePaths: string[] = [];
  const list = own(survey, 'pages');
  if (!Array.isArray(list) || list.length === 0) {
    issues.add('no-pages', 'survey.pages', 'A list of at least one page is needed.');
  }
  for (const [page, json] of (Array.isArray(list) ? list : []).entries()) {
    const at = `survey.pages[${page}]`;
    if (!checkProperties(json, pageProperties, at, reading)) continue;
    const name = readContainerName(json, at, issues);
    pages.push({ name, title: labelOf(json, 'title', languages, name) });
    pagePaths.push(at);
    const place = gather(json, at, { page, shownIf: [], enabledIf: [], lengths }, gathered);
    readElements(own(json, 'elements') ?? [], `${at}.elements`, place, reading, readTable, gathered);
  }
  const form: Form = { pages, questions: gathered.questions, conditions, calculated: readCalculated(survey, reading) };
  checkNames(form, pagePaths, issues);
  if (issues.list.length === 0 && !form.questions.some((question) => question.answer.kind !== 'none')) {
    issues.add('no-questions', 'survey.pages', 'An instrument asks at least one question.');
  }
  return form;
}

/** The form of a survey that has passed `parseInstrument`; throws a TypeError for any other. */
export function formOf(survey: unknown, languages: readonly string[]): Form {
  const issues = newIssues();
  const form = readSurvey(survey, languages, issues);
  const first = issues.list[0];
  if (first)
    throw new TypeError(`formOf requires a survey that parseInstrument accepted; ${first.path}: ${first.message}`);
  return form;
}

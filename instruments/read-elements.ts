/** Walks through the elements of pages, panels and the template of a dynamic panel. */

import { checkProperties } from './check-properties.ts';
import type { Issues } from './issues.ts';
import { isObject, type JsonObject, own, shown } from './json.ts';
import { panelProperties } from './layout-properties.ts';
import type { Expression, Question } from './questions.ts';
import { expressionOf } from './read-choices.ts';
import { type Place, readQuestion, type TableReader } from './read-question.ts';
import type { Reading } from './texts.ts';

/** What a walk through elements gathers. */
export interface Gathered {
  readonly questions: Question[];
  readonly conditions: Expression[];
}

/** What stands inside a page or panel inherits its conditions. */
export function gather(json: JsonObject, path: string, place: Place, gathered: Gathered): Place {
  const visibleIf = expressionOf(json, 'visibleIf', path);
  const enableIf = expressionOf(json, 'enableIf', path);
  for (const condition of [visibleIf, enableIf]) if (condition) gathered.conditions.push(condition);
  return {
    ...place,
    shownIf: visibleIf ? [...place.shownIf, visibleIf] : place.shownIf,
    enabledIf: enableIf ? [...place.enabledIf, enableIf] : place.enabledIf,
  };
}

/** Names of pages and panels are free: nothing is coded under them. */
export function readContainerName(json: JsonObject, path: string, issues: Issues): string {
  const name = own(json, 'name');
  if (name === undefined || (typeof name === 'string' && name !== '' && name.length <= 100)) return name ?? '';
  issues.add('bad-name', `${path}.name`, 'A page or panel has no name, or one of at most 100 characters.');
  return '';
}

/** Reads a list of questions and panels into `gathered`. */
export function readElements(
  elements: unknown,
  path: string,
  place: Place,
  reading: Reading,
  tables: TableReader,
  gathered: Gathered,
): void {
  if (!Array.isArray(elements)) {
    reading.issues.add('bad-property', path, `Expected a list of questions, found ${shown(elements)}.`);
    return;
  }
  for (const [position, element] of elements.entries()) {
    const at = `${path}[${position}]`;
    if (!isObject(element)) {
      reading.issues.add('bad-property', at, `Expected a question, found ${shown(element)}.`);
      continue;
    }
    const type = own(element, 'type');
    if (type === 'panel') {
      checkProperties(element, panelProperties, at, reading);
      readContainerName(element, at, reading.issues);
      readElements(
        own(element, 'elements') ?? [],
        `${at}.elements`,
        gather(element, at, place, gathered),
        reading,
        tables,
        gathered,
      );
      continue;
    }
    const question = readQuestion(element, type, at, place, reading, tables);
    if (question) gathered.questions.push(question);
  }
}

/**
 * Reads the two kinds of question whose answers lead out of the instrument: people ticked from the roster, and evidence that is
 * uploaded beside the answers. Both carry a mark of ours in the SurveyJS JSON. Called by `read-question.ts`.
 */
import { type JsonObject, own, shown } from './json.ts';
import type { Answer } from './questions.ts';
import type { Reading } from './texts.ts';

/** Most people that one list may tick, and most files that one question may take. */
export const mostPeople = 1_000;
const mostFiles = 10;
const usualFiles = 5;

/** Not every link may be shown people, so nobody can be made to tick one. */
function checkOptional(json: JsonObject, path: string, what: string, reading: Reading): void {
  for (const key of ['isRequired', 'requiredIf']) {
    const value = own(json, key);
    if (value === undefined || value === false || value === '') continue;
    reading.issues.add(
      'cannot-be-required',
      `${path}.${key}`,
      `${what} cannot be required: a shared link is not shown it. Ask for a number beside it, and require that.`,
    );
  }
}

/** A checkbox or tagbox with `"fidelisChoices": "people"`. */
export function readPeople(
  json: JsonObject,
  path: string,
  limitOf: (json: JsonObject, key: string) => number | null,
  reading: Reading,
): Answer {
  const mark = own(json, 'fidelisChoices');
  if (mark !== 'people')
    reading.issues.add('bad-property', `${path}.fidelisChoices`, `Expected "people", found ${shown(mark)}.`);
  for (const key of ['choices', 'choicesVisibleIf']) {
    const value = own(json, key);
    if (value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) continue;
    reading.issues.add('bad-property', `${path}.${key}`, `The choices are the people of the roster: remove ${key}.`);
  }
  checkOptional(json, path, 'A list of people', reading);
  const [min, max] = [limitOf(json, 'minSelectedChoices'), limitOf(json, 'maxSelectedChoices')];
  if ((min ?? 0) > mostPeople || (min !== null && max !== null && min > max)) {
    const message = `minSelectedChoices cannot be larger than maxSelectedChoices or ${mostPeople}.`;
    reading.issues.add('bad-range', path, message);
  }
  return { kind: 'people', min, max };
}

/** A file question with `"fidelisEvidence": true`. */
export function readEvidence(json: JsonObject, path: string, reading: Reading): Answer {
  if (own(json, 'fidelisEvidence') !== true) {
    reading.issues.add(
      'unsupported-type',
      `${path}.type`,
      'Files cannot be coded and could carry anything; one that proves what a log tells is marked "fidelisEvidence": true.',
    );
  }
  checkOptional(json, path, 'Evidence', reading);
  const several = own(json, 'allowMultiple') === true;
  const most = own(json, 'maxFiles');
  if (most === undefined) return { kind: 'files', most: several ? usualFiles : 1 };
  const fits = typeof most === 'number' && Number.isInteger(most) && most >= 1 && most <= mostFiles;
  if (!fits || (!several && most !== 1)) {
    const message = `maxFiles is a whole number from 1 to ${mostFiles}, more than 1 with allowMultiple alone.`;
    reading.issues.add('bad-range', `${path}.maxFiles`, message);
    return { kind: 'files', most: 1 };
  }
  return { kind: 'files', most };
}

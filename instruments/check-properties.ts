/**
 * Checks the properties of one SurveyJS element against the list of those it may have. Everything that is not listed is
 * refused by name: it has not been thought through for coding, for privacy or for the strict checker.
 */
import { isObject, type JsonObject, own, shown } from './json.ts';
import { refusedProperties } from './refused.ts';
import { checkHtml, checkImage, checkText, type Reading } from './texts.ts';

/** What a property holds; `own` is read by the reader of that element, a list names the values it may have. */
export type Kind =
  | 'text'
  | 'html'
  | 'image'
  | 'flag'
  | 'count'
  | 'number'
  | 'size'
  | 'word'
  | 'expression'
  | 'own'
  | readonly unknown[];
export type Properties = Readonly<Record<string, Kind>>;

function checkKind(kind: Kind, value: unknown, path: string, reading: Reading): void {
  const wrong = (expected: string): void =>
    reading.issues.add('bad-property', path, `Expected ${expected}, found ${shown(value)}.`);
  if (kind === 'own') return;
  if (kind === 'text') checkText(value, path, reading);
  else if (kind === 'html') checkHtml(value, path, reading);
  else if (kind === 'image') checkImage(value, path, reading);
  else if (kind === 'flag') {
    if (typeof value !== 'boolean') wrong('true or false');
  } else if (kind === 'count') {
    if (!Number.isInteger(value) || Number(value) < 0 || Number(value) > 100_000)
      wrong('a whole number from 0 to 100,000');
  } else if (kind === 'number') {
    if (typeof value !== 'number' || !Number.isFinite(value)) wrong('a number');
  } else if (kind === 'size') {
    const fits =
      typeof value === 'number' ||
      (typeof value === 'string' && /^(auto|[\d.]{1,8}(px|%|em|rem|vw|vh|ch)?)$/.test(value));
    if (!fits) wrong('a size like "300px" or "50%"');
  } else if (kind === 'word') {
    if (typeof value !== 'string' || value.length > 200) wrong('a short text');
  } else if (kind === 'expression') {
    if (typeof value !== 'string') wrong('an expression');
  } else if (!kind.includes(value)) wrong(`one of ${kind.map(String).join(', ')}`);
}

/** Reports every property that is not in the list or not of its kind; false when `json` is no object at all. */
export function checkProperties(
  json: unknown,
  allowed: Properties,
  path: string,
  reading: Reading,
): json is JsonObject {
  if (!isObject(json)) {
    reading.issues.add('bad-property', path, `Expected an object, found ${shown(json)}.`);
    return false;
  }
  for (const key of Object.keys(json)) {
    const kind = Object.hasOwn(allowed, key) ? allowed[key] : undefined;
    if (kind !== undefined) {
      checkKind(kind, own(json, key), `${path}.${key}`, reading);
      continue;
    }
    const refused = Object.hasOwn(refusedProperties, key) ? refusedProperties[key] : undefined;
    reading.issues.add(
      refused?.code ?? 'unknown-property',
      `${path}.${key}`,
      refused?.message ?? `The property ${shown(key)} is not supported here; remove it.`,
    );
  }
  return true;
}

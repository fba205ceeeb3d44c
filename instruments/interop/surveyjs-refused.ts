/**
 * Takes out of a draft, one after another, what `parseInstrument` refuses: first properties, then whole questions. So the one
 * parser decides what an instrument may hold, and nothing is lost without a word.
 */
import { parseInstrument } from '../parse.ts';
import type { LeftOut } from './left-out.ts';

type Json = Record<string, unknown>;

/** Issues that end with the question in which they stand, since nothing smaller can be taken out. */
const wholeQuestion =
  /^(unsupported-type|empty-question|no-choices|no-rows|no-columns|no-items|nested-table|empty-expression|duplicate-name|bad-name|reserved-name)$/;
/** Taking a part out of these would make another question of it. */
const rounds = 40;

const steps = (path: string): (string | number)[] =>
  [...path.matchAll(/([^.[\]]+)|\[(\d+)\]/g)].map(([, key, index]) =>
    index === undefined ? (key ?? '') : Number(index),
  );

function holderOf(root: unknown, path: readonly (string | number)[]): unknown {
  let part = root;
  for (const step of path) part = typeof part === 'object' && part !== null ? Reflect.get(part, step) : undefined;
  return part;
}

/** The path of the question, column or page element that a path leads into. */
function questionIn(path: readonly (string | number)[]): readonly (string | number)[] | null {
  for (let end = path.length; end > 1; end -= 1) {
    const list = path[end - 2];
    if (typeof path[end - 1] === 'number' && (list === 'elements' || list === 'templateElements' || list === 'columns'))
      return path.slice(0, end);
  }
  return null;
}

function remove(root: unknown, path: readonly (string | number)[]): boolean {
  const last = path.at(-1);
  const holder = holderOf(root, path.slice(0, -1));
  if (typeof holder !== 'object' || holder === null || last === undefined || !Object.hasOwn(holder, last)) return false;
  if (Array.isArray(holder)) holder.splice(Number(last), 1);
  else Reflect.deleteProperty(holder, last);
  return true;
}

const shown = (part: unknown): string => {
  const name: unknown = typeof part === 'object' && part !== null ? Reflect.get(part, 'name') : undefined;
  return typeof name === 'string' ? name.slice(0, 64) : '';
};

export function dropRefused(draft: Readonly<Json>, leftOut: LeftOut[]): Json {
  const copy = structuredClone(draft) as Json;
  for (let round = 0; round < rounds; round += 1) {
    const parsed = parseInstrument(copy);
    if (parsed.ok) break;
    let changed = false;
    // From the end, so that places further on stay as they are told.
    const seen = new Set<string>();
    const issues = parsed.issues.filter(({ path }) => path.startsWith('survey') && !seen.has(path) && seen.add(path));
    for (const { code, path, message } of issues.reverse()) {
      const whole = steps(path);
      const question = questionIn(whole);
      const target = wholeQuestion.test(code) && question ? question : whole;
      if (target.length < 2 || target.join('.') === 'survey.pages') continue;
      const item = shown(holderOf(copy, question ?? [])) || null;
      const last = target.at(-1);
      const what = target === question ? `question${typeof last === 'number' ? '' : ` ${last}`}` : String(last);
      if (!remove(copy, target) && !(question && remove(copy, question))) continue;
      leftOut.push({ item, what, why: message });
      changed = true;
    }
    if (!changed) break;
  }
  return copy;
}

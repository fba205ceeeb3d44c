/** The strict check of answers that lead out of a response: people who are ticked, files that came beside it. Called by `shapes.ts`. */
import { isBlank } from './blank.ts';
import { isObject } from './json.ts';
import type { Answer } from './questions.ts';
import { mostPeople } from './read-marked.ts';
import { checkParts, checkString, type Shape, wrongType } from './shapes-parts.ts';

/** As rosters write it. */
export const longestPseudonym = 60;

/** Only that they are pseudonyms, each once: whose, the server knows. */
export function peopleShape({ min, max }: Extract<Answer, { kind: 'people' }>): Shape {
  return (value, path, whole, issues) => {
    if (!Array.isArray(value)) return wrongType(issues, path, 'a list of people', value);
    const most = max ?? mostPeople;
    if (value.length > most) return issues.add('too-many', path, `At most ${most} people, found ${value.length}.`);
    const seen = new Set<unknown>();
    for (const [position, person] of value.entries()) {
      const place = `${path}[${position}]`;
      if (!checkString(person, place, longestPseudonym, issues)) continue;
      if (isBlank(person)) wrongType(issues, place, 'the id of a person', person);
      else if (seen.has(person)) issues.add('repeated-code', place, 'This person is ticked twice.');
      seen.add(person);
    }
    if (whole && min !== null && value.length > 0 && value.length < min)
      issues.add('too-few', path, `At least ${min} people, found ${value.length}.`);
  };
}

const fileKey = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What SurveyJS keeps of a file: its name, its type, and in place of its content the key under which it was uploaded. */
export function filesShape({ most }: Extract<Answer, { kind: 'files' }>): Shape {
  const text = (longest: number): Shape => {
    return (value, path, _whole, issues) => void checkString(value, path, longest, issues);
  };
  const key: Shape = (value, path, _whole, issues) => {
    if (typeof value !== 'string' || !fileKey.test(value)) wrongType(issues, path, 'the key of a file', value);
  };
  const parts = new Map<string, Shape>([
    ['name', text(200)],
    ['type', text(200)],
    ['content', key],
  ]);
  return (value, path, whole, issues) => {
    if (!Array.isArray(value)) return wrongType(issues, path, 'a list of files', value);
    if (value.length > most) return issues.add('too-many', path, `At most ${most} files, found ${value.length}.`);
    const seen = new Set<unknown>();
    for (const [position, file] of value.entries()) {
      const place = `${path}[${position}]`;
      if (!checkParts(file, place, whole, issues, (part) => parts.get(part), 'part') || !isObject(file)) continue;
      if (file.content === undefined) wrongType(issues, `${place}.content`, 'the key of a file', undefined);
      else if (seen.has(file.content)) issues.add('repeated-value', place, 'This file is attached twice.');
      seen.add(file.content);
    }
  };
}

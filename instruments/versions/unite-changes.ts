/**
 * Changes as an evaluator decides about them: one for each item and kind. Several of one kind, like the words of three answer
 * options, become one with the worst grade, all reasons and all texts, so that a decision is about all of it. Called by diff.ts.
 */
import { type Grade, grades, type InstrumentChange } from './change.ts';

export const worst = (list: readonly Grade[]): Grade =>
  list.reduce<Grade>((one, other) => (grades.indexOf(other) > grades.indexOf(one) ? other : one), 'safe');

export function unitedChanges(changes: readonly InstrumentChange[]): InstrumentChange[] {
  const groups = new Map<string, InstrumentChange[]>();
  for (const change of changes) {
    const key = JSON.stringify([change.item, change.what]);
    groups.set(key, [...(groups.get(key) ?? []), change]);
  }
  return [...groups.values()].map(united);
}

function united(group: readonly InstrumentChange[]): InstrumentChange {
  const [first] = group;
  if (!first) throw new RangeError('no change to unite');
  if (group.length === 1) return first;
  const { item, what } = first;
  const grade = worst(group.map((one) => one.grade));
  // What weighs most comes first: a reason that is too long loses its end.
  const weighty = [...group].sort((one, other) => grades.indexOf(other.grade) - grades.indexOf(one.grade));
  const reason = [...new Set(weighty.map((one) => one.reason))].join(' ');
  return {
    ...{ item, what, grade, reason },
    before: joined(group.map(({ before }) => before)),
    after: joined(group.map(({ after }) => after)),
  };
}

/** A text for each change, so that the first before belongs to the first after; null where none has any. */
function joined(texts: readonly (string | null)[]): string | null {
  return texts.every((text) => text === null) ? null : texts.map((text) => text ?? '–').join('; ');
}

/** A version against the one before it: its number, and changes under which a name means something else. */
import type { Instrument } from '../instrument.ts';
import type { InstrumentChange } from '../versions/change.ts';
import type { Facts } from '../versions/facts.ts';
import { fault, hint, type InstrumentFinding } from './finding.ts';

/** A change by which an item is another one under the same name; what is dropped has no name any more. */
export const splitsItem = ({ item, what, grade }: InstrumentChange): boolean =>
  grade === 'breaking' && item !== null && what !== 'dropped';

/** @param changes since the version before */
export function checkVersion(
  facts: Facts,
  previous: Instrument,
  changes: readonly InstrumentChange[],
): InstrumentFinding[] {
  const { instrument, items } = facts;
  if (instrument.id !== previous.id) {
    const message = `The version before is of the instrument "${previous.id}"; give this one the same id.`;
    return [fault('other-instrument', 'id', null, message)];
  }
  const findings: InstrumentFinding[] = [];
  if (instrument.version !== previous.version + 1) {
    const message = `The version before is ${previous.version}; number this one ${previous.version + 1}.`;
    findings.push(fault('version-number', 'version', null, message));
  }
  const paths = new Map(
    items.flatMap(({ name, question, path }) => [[name, path] as const, [question, path] as const]),
  );
  for (const { item, reason } of changes.filter(splitsItem)) {
    if (item === null) continue;
    const message = `${item} is not the same item any more. ${reason} Give it a new name, or say on publishing why answers still compare.`;
    findings.push(hint('breaking-change', paths.get(item) ?? 'survey', item, message));
  }
  return findings;
}

/** A version against the one before it: its number, and changes under which a name means something else. */
import type { Instrument } from '../instrument.ts';
import { diffFacts } from '../versions/diff.ts';
import { type Facts, factsOf } from '../versions/facts.ts';
import { fault, hint, type InstrumentFinding } from './finding.ts';

export function checkVersion(facts: Facts, previous: Instrument): InstrumentFinding[] {
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
  for (const { item, what, grade, reason } of diffFacts(factsOf(previous), facts)) {
    if (grade !== 'breaking' || item === null || what === 'dropped') continue;
    const message = `${item} is not the same item any more. ${reason} Give it a new name, or say on publishing why answers still compare.`;
    findings.push(hint('breaking-change', paths.get(item) ?? 'survey', item, message));
  }
  return findings;
}

/** What has changed about the scales of an instrument: which items count, how they are keyed and how a score is made. */
import type { Instrument, Scale } from '../instrument.ts';
import type { InstrumentChange } from './change.ts';

const ruleOf = ({ score, minimumAnswered, aggregation, range }: Scale): string =>
  `${score} of ${range.min} to ${range.max}, at least ${minimumAnswered} answered, ${aggregation}`;
const keyed = (reversed: boolean): string => (reversed ? 'reversed' : 'as it is');
const rescore =
  'Scores computed before and after do not compare; raw answers are kept, so both can be scored by one rule.';

function diffScale(older: Scale, newer: Scale): InstrumentChange[] {
  const changes: InstrumentChange[] = [];
  const before = new Map(older.items.map(({ name, reversed }) => [name, reversed]));
  const after = new Map(newer.items.map(({ name, reversed }) => [name, reversed]));
  for (const [item, reversed] of after) {
    const was = before.get(item);
    if (was === undefined) {
      const reason = `It counts in ${newer.id} now. ${rescore}`;
      changes.push({ item, what: 'scale-membership', grade: 'linkable', reason, before: null, after: newer.id });
    } else if (was !== reversed) {
      const reason = `It is keyed the other way in ${newer.id}. ${rescore}`;
      changes.push({ item, what: 'keying', grade: 'linkable', reason, before: keyed(was), after: keyed(reversed) });
    }
  }
  for (const item of before.keys()) {
    if (after.has(item)) continue;
    const reason = `It does not count in ${newer.id} any more. ${rescore}`;
    changes.push({ item, what: 'scale-membership', grade: 'linkable', reason, before: newer.id, after: null });
  }
  if (ruleOf(older) !== ruleOf(newer)) {
    const reason = `The score of ${newer.id} is made by another rule. ${rescore}`;
    changes.push({
      item: null,
      what: 'score-rule',
      grade: 'linkable',
      reason,
      before: ruleOf(older),
      after: ruleOf(newer),
    });
  }
  if (older.title !== newer.title || older.construct !== newer.construct) {
    const reason = `Only what the scale ${newer.id} is called has changed.`;
    changes.push({ item: null, what: 'title', grade: 'safe', reason, before: older.title, after: newer.title });
  }
  return changes;
}

export function diffScales(older: Instrument, newer: Instrument): InstrumentChange[] {
  const before = new Map(older.scales.map((scale) => [scale.id, scale]));
  const changes = newer.scales.flatMap((scale): InstrumentChange[] => {
    const was = before.get(scale.id);
    before.delete(scale.id);
    if (was) return diffScale(was, scale);
    const reason = `The scale ${scale.id} is new; older answers to its items can be scored by it.`;
    return [{ item: null, what: 'score-rule', grade: 'safe', reason, before: null, after: ruleOf(scale) }];
  });
  for (const scale of before.values()) {
    const reason = `The scale ${scale.id} is not scored any more; its rule stands in the older version.`;
    changes.push({ item: null, what: 'score-rule', grade: 'linkable', reason, before: ruleOf(scale), after: null });
  }
  return changes;
}

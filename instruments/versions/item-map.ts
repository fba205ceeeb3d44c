/**
 * The item map of a version: for each item, by which rule answers to the version before become answers to this one. Made
 * when a version is published, from the changes and what the evaluator decided about them; stored with the version and read
 * by every pooled export. Nothing is rewritten: the map is applied to coded rows whenever they are read.
 */
import { z } from 'zod';
import type { Instrument } from '../instrument.ts';
import { alignedTo } from './align-languages.ts';
import { changeKinds, type Decision, type Grade, grades, type InstrumentChange } from './change.ts';
import { type Facts, factsOf, type ItemFact } from './facts.ts';
import { type ItemPair, matchItems } from './match-items.ts';
import { worst } from './unite-changes.ts';
import { type ValueRule, valueRuleOf } from './value-rule.ts';

export const itemRules = ['same', 'reworded', 'recoded', 'rescaled', 'dropped', 'new'] as const;

const itemName = z.string().min(1).max(65);
const range = z.strictObject({ min: z.number(), max: z.number() });

const longestReason = 20_000;
const longestNote = 10_000;

const itemRuleSchema = z.strictObject({
  /** Name in the newer version; null for an item that it has not. */
  item: itemName.nullable(),
  /** Name in the older version; null for a new item. */
  from: itemName.nullable(),
  rule: z.enum(itemRules),
  /** Of a recoded item: older codes and what they become; null has no counterpart. Codes that are not named stay. */
  codes: z.record(z.string().regex(/^-?\d+$/), z.number().int().nullable()),
  /** Of a rescaled item: the two ranges whose ends lie on each other. */
  rescale: z.strictObject({ from: range, to: range }).nullable(),
  /** Values that the newer version allows, where it allows fewer. */
  within: range.nullable(),
  grade: z.enum(grades),
  /** Why this rule, in a sentence or two. */
  reason: z.string().max(longestReason),
  /** What the evaluator noted. */
  note: z.string().max(longestNote).nullable(),
});
export type ItemRule = z.output<typeof itemRuleSchema>;

export const decisionSchema = z.strictObject({
  item: itemName.nullable(),
  what: z.enum(changeKinds),
  grade: z.enum(grades),
  note: z.string().trim().min(1).max(2_000),
});

export const itemMapSchema = z.strictObject({
  instrument: z.string().min(1).max(64),
  /** The version whose answers it reads, and the one whose items it speaks of. */
  from: z.number().int().min(1),
  to: z.number().int().min(1),
  items: z.array(itemRuleSchema).max(10_000),
  decisions: z.array(decisionSchema).max(2_000),
});
export type ItemMap = z.output<typeof itemMapSchema>;

/** Changes of what a value means. Others (who is asked, what is turned back) leave values as they are. */
const ofValues: ReadonlySet<string> = new Set([
  ...['wording', 'instruction', 'option-text', 'option-added', 'option-dropped', 'codes', 'missing-mark'],
  ...['range', 'type', 'calculation', 'renamed'],
]);
/** Changes after which people read the item otherwise. */
const ofWords: ReadonlySet<string> = new Set([
  'wording',
  'instruction',
  'option-text',
  'option-added',
  'option-dropped',
]);

/** A change with the grade that counts: the evaluator's where there is one. */
export function graded(
  change: InstrumentChange,
  decisions: readonly Decision[],
): { grade: Grade; note: string | null } {
  const decision = decisions.find(({ item, what }) => item === change.item && what === change.what);
  return decision ? { grade: decision.grade, note: decision.note } : { grade: change.grade, note: null };
}

/**
 * @param changes from `diffInstruments` of the same two versions
 * @param decisions what the evaluator decided otherwise, each with a note
 */
export function itemMapOf(
  older: Instrument,
  newer: Instrument,
  changes: readonly InstrumentChange[],
  decisions: readonly Decision[] = [],
): ItemMap {
  const facts = factsOf(newer);
  return itemMapOfFacts(alignedTo(factsOf(older), facts), facts, changes, decisions);
}

function itemMapOfFacts(
  older: Facts,
  newer: Facts,
  changes: readonly InstrumentChange[],
  decisions: readonly Decision[],
): ItemMap {
  const match = matchItems(older, newer);
  const [language = 'en'] = match.shared;
  const told = new Map<string, InstrumentChange[]>();
  for (const change of changes) {
    if (change.item === null || !ofValues.has(change.what)) continue;
    told.set(change.item, [...(told.get(change.item) ?? []), change]);
  }
  const paired = new Map(match.pairs.map((pair) => [pair.newer, pair]));
  const items = newer.items.flatMap((item): ItemRule[] => {
    const pair = paired.get(item);
    if (!pair) return [apart(item, 'new', 'safe', 'The older version does not ask it.', null)];
    // What is told of a question holds for all its items.
    const own = [
      ...(told.get(item.name) ?? []),
      ...(item.question === item.name ? [] : (told.get(item.question) ?? [])),
    ];
    return rulesOf(pair, own, decisions, valueRuleOf(pair, language));
  });
  const dropped = match.dropped.map((item) =>
    apart(item, 'dropped', 'breaking', 'The newer version does not ask it.', null),
  );
  return {
    instrument: newer.instrument.id,
    from: older.instrument.version,
    to: newer.instrument.version,
    items: [...items, ...dropped],
    decisions: [...decisions],
  };
}

/** A text that is too long to be kept ends with a sign of it. */
export const shortened = (text: string, longest: number): string =>
  text.length <= longest ? text : `${text.slice(0, longest - 1).trimEnd()}…`;

function apart(item: ItemFact, rule: 'new' | 'dropped', grade: Grade, reason: string, note: string | null): ItemRule {
  const [name, from] = rule === 'new' ? [item.name, null] : [null, item.name];
  return { item: name, from, rule, codes: {}, rescale: null, within: null, grade, reason, note };
}

function rulesOf(
  { older, newer }: ItemPair,
  changes: readonly InstrumentChange[],
  decisions: readonly Decision[],
  rule: ValueRule,
): ItemRule[] {
  const counted = changes.map((change) => ({ ...change, ...graded(change, decisions) }));
  const grade = worst(counted.map((change) => change.grade));
  const notes = [...new Set(counted.flatMap(({ note }) => (note === null ? [] : [note])))];
  const note = notes.length > 0 ? shortened(notes.join(' '), longestNote) : null;
  const weighty = counted.filter((change) => change.grade === grade);
  const reasons = [...new Set(weighty.map((change) => change.reason))].join(' ');
  const reason = shortened(reasons, longestReason) || 'Nothing that bears on its values changed.';
  // No table makes a text of a number, whatever is decided.
  if (grade === 'breaking' || rule.kind === 'apart') {
    return [apart(newer, 'new', 'breaking', reason, note), apart(older, 'dropped', 'breaking', reason, note)];
  }
  const common = { item: newer.name, from: older.name, grade, reason, note };
  const plain = { codes: {}, rescale: null, within: null };
  if (rule.kind === 'rescaled') {
    return [{ ...common, ...plain, rule: 'rescaled', rescale: { from: rule.from, to: rule.to } }];
  }
  if (rule.kind === 'recoded') {
    return [{ ...common, ...plain, rule: 'recoded', codes: Object.fromEntries(rule.codes) }];
  }
  const reworded = counted.some((change) => change.grade !== 'safe' && ofWords.has(change.what));
  return [{ ...common, ...plain, rule: reworded ? 'reworded' : 'same', within: rule.within }];
}

/**
 * How the stored values of an item become values of the newer version: as they are, by a table of codes, on the line between
 * the ends of two ranges, or not at all. The grades of changes and the item map are both made from it.
 */
import type { ItemFact, OptionFact } from './facts.ts';
import type { ItemPair } from './match-items.ts';
import { matchOptions, type OptionMatch } from './match-options.ts';
import { plainText } from './words.ts';

export interface Range {
  readonly min: number;
  readonly max: number;
}

export type ValueRule =
  /** `within`: values outside are not allowed any more. */
  | { readonly kind: 'same'; readonly within: Range | null }
  /** A code that has no counterpart becomes null. */
  | { readonly kind: 'recoded'; readonly codes: ReadonlyMap<number, number | null> }
  /** `anchored`: the words at both ends stand. */
  | { readonly kind: 'rescaled'; readonly from: Range; readonly to: Range; readonly anchored: boolean }
  | { readonly kind: 'apart' };

const numeric = ({ variable }: ItemFact) => variable.type === 'integer' || variable.type === 'number';
const isOrdered = ({ variable }: ItemFact) => variable.measurement === 'ordinal';
const isAnswer = ({ missing }: OptionFact) => missing === null;
const sameRange = (one: Range | null, other: Range | null) => one?.min === other?.min && one?.max === other?.max;

/** The options of both, matched; null where one of them has none. */
export function optionsOf({ older, newer }: ItemPair, language: string): OptionMatch | null {
  if (older.options.length === 0 || newer.options.length === 0) return null;
  return matchOptions(older.options, newer.options, language);
}

/** Whether the words at both ends of the answers stand. */
function endsStand({ older, newer }: ItemPair, language: string): boolean {
  const ends = ({ options }: ItemFact): string[] => {
    const answers = options.filter(isAnswer).sort((one, other) => one.code - other.code);
    return [answers.at(0), answers.at(-1)].map((option) => plainText(option?.words[language] ?? ''));
  };
  if (older.bare || newer.bare) return false;
  const [before, after] = [ends(older), ends(newer)];
  return before.every((words, at) => words !== '' && words === after[at]);
}

function ruleOfOptions(pair: ItemPair, { pairs, added }: OptionMatch, language: string): ValueRule {
  const [from, to] = [pair.older.variable.range, pair.newer.variable.range];
  const answers = pairs.filter(({ older }) => isAnswer(older));
  const standing = answers.filter(
    ({ older, newer }) =>
      newer !== null && plainText(older.words[language] ?? '') === plainText(newer.words[language] ?? ''),
  );
  const oneToOne = standing.length === answers.length && !added.some(isAnswer) && !pair.older.bare;
  const ordered = isOrdered(pair.older) || isOrdered(pair.newer);
  if (ordered && !oneToOne && from && to && !sameRange(from, to)) {
    return { kind: 'rescaled', from, to, anchored: endsStand(pair, language) };
  }
  const codes = new Map<number, number | null>();
  for (const { older, newer } of answers) {
    const code = newer && isAnswer(newer) ? newer.code : null;
    if (code !== older.code) codes.set(older.code, code);
  }
  return codes.size === 0 ? { kind: 'same', within: null } : { kind: 'recoded', codes };
}

/** @param language the first that both versions speak */
export function valueRuleOf(pair: ItemPair, language: string): ValueRule {
  const { older, newer } = pair;
  const [before, after] = [older.variable, newer.variable];
  if (!numeric(older) || !numeric(newer)) {
    return before.type === after.type ? { kind: 'same', within: null } : { kind: 'apart' };
  }
  const match = optionsOf(pair, language);
  if (match) return ruleOfOptions(pair, match, language);
  if (older.options.length + newer.options.length > 0) return { kind: 'apart' };
  if (before.type === 'number' && after.type === 'integer') return { kind: 'apart' };
  const ranked = older.questionType === 'ranking' || newer.questionType === 'ranking';
  if (ranked && !sameRange(before.range, after.range)) return { kind: 'apart' };
  if (sameRange(before.range, after.range)) return { kind: 'same', within: null };
  const scaled = before.scales.length + after.scales.length > 0;
  if (scaled && before.range && after.range) {
    return { kind: 'rescaled', from: before.range, to: after.range, anchored: false };
  }
  return { kind: 'same', within: after.range };
}

/**
 * Scales whose items do not go together: other ranges, keying that does not fit the words. The words are looked up in short
 * English lists, so these are hints for a person who reads the items.
 */
import type { Scale } from '../instrument.ts';
import type { Facts, ItemFact } from '../versions/facts.ts';
import { negationsIn } from '../versions/words.ts';
import { englishOf } from './english.ts';
import { fault, hint, type InstrumentFinding, listed } from './finding.ts';

/** Words by which a statement speaks against what a scale of something good measures. */
const against =
  /\b(fail\w*|lack\w*|limit\w*|difficult\w*|hard|problem\w*|worr\w+|afraid|fear\w*|suspicio\w+|doubt\w*|waste\w*|unfair\w*|un[a-z]{4,}|dis[a-z]{5,}|mis[a-z]{5,}|little|few|less|rather than|instead of|only|too|even if|however hard|despite|beyond|against|avoid\w*|ignor\w+|blame\w*|hide\w*|hidden|reluctan\w+|weak\w*|poor\w*|bad\w*|worse|stress\w*|burden\w*|alone|cynic\w*|obstacle\w*|prevent\w*|hinder\w*|out of reach|give up|gives up)\b/i;

const speaksAgainst = (text: string): boolean => negationsIn(text) % 2 === 1 || against.test(text);

function checkRanges(scale: Scale, items: readonly ItemFact[], path: string): InstrumentFinding[] {
  return items.flatMap(({ name, variable: { range } }): InstrumentFinding[] => {
    const { min, max } = scale.range;
    if (!range || (range.min === min && range.max === max)) return [];
    const reversed = scale.items.some((item) => item.name === name && item.reversed);
    const can = `${name} can be ${range.min} to ${range.max}, the scale ${scale.id} is ${min} to ${max}`;
    if (reversed) {
      const message = `${can}: reversed with the range of the scale it would leave its own. Give it the same answers.`;
      return [fault('scale-item-range', path, name, message)];
    }
    return [
      hint('scale-item-range', path, name, `${can}: it counts less or more than the others. Give it the same answers.`),
    ];
  });
}

function checkKeying(scale: Scale, items: readonly ItemFact[], english: string, path: string): InstrumentFinding[] {
  const reversed = new Set(scale.items.filter((item) => item.reversed).map(({ name }) => name));
  const read = items.map((item) => ({ name: item.name, against: speaksAgainst(item.wording[english] ?? '') }));
  const plain = read.filter(({ name }) => !reversed.has(name));
  return read.flatMap(({ name, against: turned }): InstrumentFinding[] => {
    if (reversed.has(name) && !turned && plain.some((one) => !one.against)) {
      const message = `${name} is reversed in ${scale.id} but reads like the items that are not. Look whether a high answer means little of what the scale measures; if not, take the mark away.`;
      return [hint('reversed-reads-alike', path, name, message)];
    }
    const fewTurned = plain.filter((one) => one.against).length * 2 < plain.length;
    const negated = negationsIn(items.find((item) => item.name === name)?.wording[english] ?? '') % 2 === 1;
    if (!reversed.has(name) && negated && fewTurned) {
      const message = `${name} is worded negatively but not reversed in ${scale.id}. Mark it as reversed if a high answer means little of what the scale measures.`;
      return [hint('negative-not-reversed', path, name, message)];
    }
    return [];
  });
}

export function checkScaleItems({ items, instrument }: Facts): InstrumentFinding[] {
  const byName = new Map(items.map((item) => [item.name, item]));
  const english = englishOf(instrument.languages);
  const findings: InstrumentFinding[] = [];
  const keyed = new Map<string, Map<boolean, string>>();
  for (const [at, scale] of instrument.scales.entries()) {
    const path = `scales[${at}]`;
    const members = scale.items.flatMap(({ name }) => byName.get(name) ?? []);
    findings.push(...checkRanges(scale, members, path));
    if (english !== null) findings.push(...checkKeying(scale, members, english, path));
    if (scale.items.length === 1) {
      const message = `The scale ${scale.id} has one item: its reliability cannot be told. Add items, or report the item by itself.`;
      findings.push(hint('scale-of-one', path, scale.items[0]?.name ?? null, message));
    }
    for (const { name, reversed } of scale.items) {
      const known = keyed.get(name) ?? new Map<boolean, string>();
      keyed.set(name, known.set(reversed, scale.id));
    }
  }
  for (const [name, scales] of keyed) {
    if (scales.size < 2) continue;
    const message = `${name} is reversed in ${scales.get(true)} and not in ${scales.get(false)}; look which of the two is meant.`;
    findings.push(hint('keyed-both-ways', 'scales', name, message));
  }
  const types = new Map<string, string[]>();
  for (const { name, questionType, variable } of items) {
    for (const { scale } of variable.scales) types.set(scale, [...(types.get(scale) ?? []), `${questionType} ${name}`]);
  }
  for (const [scale, list] of types) {
    const kinds = new Set(
      list.map((one) => (one.startsWith('slider') || one.startsWith('text') ? 'number' : 'choice')),
    );
    if (kinds.size < 2) continue;
    const message = `The scale ${scale} mixes choices and typed or slid numbers (${listed(list)}); answers on the two do not compare.`;
    findings.push(hint('scale-of-mixed-answers', 'scales', null, message));
  }
  return findings;
}

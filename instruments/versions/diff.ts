/**
 * Compares two versions of an instrument as an analyst reads them: what has changed for each item, how freely answers from
 * before and after may be compared, and why. Called when a version is published, by the comparison page and by
 * `fidelis instruments diff`.
 */
import type { Instrument } from '../instrument.ts';
import { alignedTo } from './align-languages.ts';
import type { ChangeKind, Grade, InstrumentChange } from './change.ts';
import { diffItem } from './diff-item.ts';
import { diffOrder } from './diff-order.ts';
import { diffScales } from './diff-scales.ts';
import { type Facts, factsOf, type ItemFact, partAt } from './facts.ts';
import { type ItemMatch, matchItems } from './match-items.ts';
import { unitedChanges } from './unite-changes.ts';
import { compareWords, firstOf, joinedWords, wordsOf } from './words.ts';

export type { InstrumentChange } from './change.ts';

/**
 * The changes from an older to a newer version, in the order of the newer one, one for each item and kind; none between a
 * version and itself.
 */
export function diffInstruments(older: Instrument, newer: Instrument): InstrumentChange[] {
  return diffFacts(factsOf(older), factsOf(newer));
}

/** `diffInstruments` of versions whose facts have been read. */
export function diffFacts(before: Facts, newer: Facts): InstrumentChange[] {
  const older = alignedTo(before, newer);
  const match = matchItems(older, newer);
  const changes = [
    ...diffEnvelope(older.instrument, newer.instrument),
    ...diffPages(older, newer, match.shared),
    ...folded(
      match.pairs.flatMap((pair) => diffItem(pair, match.shared).map((change) => ({ change, item: pair.newer }))),
      newer.items,
    ),
    ...diffOrder(match),
    ...addedAndDropped(match),
    ...diffScales(older.instrument, newer.instrument),
  ];
  return unitedChanges(changes);
}

function diffEnvelope(older: Instrument, newer: Instrument): InstrumentChange[] {
  const changes: InstrumentChange[] = [];
  const tell = (what: ChangeKind, grade: Grade, reason: string, before: string, after: string): void => {
    if (before !== after) changes.push({ item: null, what, grade, reason, before, after });
  };
  tell('instrument', 'breaking', 'These are two different instruments.', older.id, newer.id);
  tell('subject', 'breaking', 'A response speaks for somebody else.', older.subject, newer.subject);
  tell(
    'kind',
    'breaking',
    'Another kind of instrument is filled in by other people in other situations.',
    older.kind,
    newer.kind,
  );
  tell('title', 'safe', 'Only the title of the instrument changed.', older.title, newer.title);
  const languages = 'Codes do not depend on the language; who answers may.';
  tell('languages', 'safe', languages, older.languages.join(', '), newer.languages.join(', '));
  return changes;
}

/** Titles and instructions of pages and of the survey: they stand above items and may change what these mean. */
function diffPages(older: Facts, newer: Facts, shared: readonly string[]): InstrumentChange[] {
  const wordsAt = ({ instrument, tags }: Facts, path: string) => {
    const json = partAt(instrument, path);
    const of = (key: string) => {
      const words = wordsOf(json[key], instrument.languages);
      return Object.fromEntries(Object.entries(words).map(([tag, text]) => [tags?.get(tag) ?? tag, text]));
    };
    return joinedWords(of('title'), of('description'), ' / ');
  };
  const changes: InstrumentChange[] = [];
  const compare = (before: string, after: string, place: string): void => {
    const words = compareWords(wordsAt(older, before), wordsAt(newer, after), shared);
    if (words.difference === 'none') return;
    const signs = words.difference === 'signs';
    const reason = signs
      ? `Only punctuation, spaces or capitals above ${place} changed.`
      : `The words above ${place} changed; look whether its items mean the same under them.`;
    const { before: was, after: is } = words;
    changes.push({
      item: null,
      what: 'instruction',
      grade: signs ? 'safe' : 'linkable',
      reason,
      before: was,
      after: is,
    });
  };
  compare('survey', 'survey', 'the survey');
  const pages = new Map(older.form.pages.map(({ name }, at) => [name || `${at}`, at]));
  newer.form.pages.forEach(({ name }, at) => {
    const was = pages.get(name || `${at}`);
    if (was !== undefined) compare(`survey.pages[${was}]`, `survey.pages[${at}]`, `the page ${name || at + 1}`);
  });
  return changes;
}

interface OfItem {
  readonly change: InstrumentChange;
  readonly item: ItemFact;
}

/** What has changed alike for all items of a question is told once, under the question's name. */
function folded(list: readonly OfItem[], items: readonly ItemFact[]): InstrumentChange[] {
  const names = new Set(items.map(({ name }) => name));
  const sizes = new Map<string, number>();
  for (const { question } of items) sizes.set(question, (sizes.get(question) ?? 0) + 1);
  const keyOf = ({ change, item }: OfItem) =>
    JSON.stringify([item.question, change.what, change.grade, change.reason, change.before, change.after]);
  const counts = new Map<string, number>();
  for (const one of list) counts.set(keyOf(one), (counts.get(keyOf(one)) ?? 0) + 1);
  const told = new Set<string>();
  return list.flatMap((one) => {
    const { question } = one.item;
    const size = sizes.get(question) ?? 0;
    const key = keyOf(one);
    if (size < 2 || counts.get(key) !== size || names.has(question)) return [one.change];
    if (told.has(key)) return [];
    told.add(key);
    return [{ ...one.change, item: question }];
  });
}

function addedAndDropped({ added, dropped }: ItemMatch): InstrumentChange[] {
  const shown = ({ stem, wording }: ItemFact) => firstOf(joinedWords(stem, wording));
  return [
    ...added.map((item): InstrumentChange => {
      const reason = 'The item is new: older responses have no value, and the reason not-asked.';
      return { item: item.name, what: 'added', grade: 'safe', reason, before: null, after: shown(item) };
    }),
    ...dropped.map((item): InstrumentChange => {
      const reason = 'The item is not asked any more: it cannot be followed any further.';
      return { item: item.name, what: 'dropped', grade: 'breaking', reason, before: shown(item), after: null };
    }),
  ];
}

/** Items in the words of a note: by their places where only these are known, then by their names. Used by all notes on items. */
import type { Estimate, Note } from './result.ts';

/**
 * The places of items, counted from 1.
 *
 * @example
 * itemsAt([2]) // => 'item 2'
 * itemsAt([1, 3, 4]) // => 'items 1, 3 and 4'
 */
export function itemsAt(places: readonly number[], noun = 'item'): string {
  const last = places.at(-1) ?? '';
  return places.length < 2 ? `${noun} ${last}` : `${noun}s ${places.slice(0, -1).join(', ')} and ${last}`;
}

/**
 * A sentence about items: the verb for one and for several, then the rest.
 *
 * @example
 * itemsDo([2], ['does', 'do'], 'not vary.') // => 'Item 2 does not vary.'
 * itemsDo([1, 3], ['does', 'do'], 'not vary.') // => 'Items 1 and 3 do not vary.'
 */
export function itemsDo(
  places: readonly number[],
  [one, several]: readonly [string, string],
  rest: string,
  noun = 'Item',
): string {
  return `${itemsAt(places, noun)} ${places.length < 2 ? one : several} ${rest}`;
}

const places = /\b(?:items?|columns?) (\d+(?:, \d+)*(?: and \d+)?)(?!\d)/gi;

/**
 * The notes with a name wherever they tell the place of an item.
 *
 * @example
 * withNames([{ code: 'c', text: 'Items 1 and 3 do not vary.' }], ['a', 'b', 'd'])[0].text // => 'a and d do not vary.'
 * withNames([{ code: 'c', text: 'The answer to item 2.' }], ['a', 'b'])[0].text // => 'The answer to b.'
 */
export function withNames(notes: readonly Note[], items: readonly string[]): Note[] {
  const nameOf = (number: string) => items[Number(number) - 1] ?? number;
  return notes.map(({ code, text }) => {
    return { code, text: text.replace(places, (_, told: string) => told.replace(/\d+/g, nameOf)) };
  });
}

/** An estimate whose notes tell items by their names. */
export function namingItems(estimate: Estimate, items: readonly string[]): Estimate {
  return { ...estimate, notes: withNames(estimate.notes, items) };
}

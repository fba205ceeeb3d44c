/**
 * Which names are probably one name written twice: the same but for case, accents and punctuation, or but for one letter
 * that is missing, too many, wrong or swapped. Pure; called by `near-duplicates.ts`.
 */

/**
 * A name as it is compared.
 *
 * @example
 * nameKey("St. Mary's  Primary") // => 'st marys primary'
 */
export function nameKey(name: string): string {
  return name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/['’`]/g, '')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/**
 * A name of a person as it sounds: umlauts and their two letters, th and t, ph and f, ck and k, doubled letters are one.
 * For people of one staffroom, where names that sound alike are rarely two people.
 *
 * @example
 * soundKey('Thomas Müller') === soundKey('Tomas Mueller') // => true
 */
export function soundKey(name: string): string {
  return nameKey(name.replaceAll('ß', 'ss').replaceAll(/[øØ]/g, 'o').replaceAll(/[æÆ]/g, 'a'))
    .replaceAll(/([aou])e/g, '$1')
    .replaceAll(/([ts])h/g, '$1')
    .replaceAll('ph', 'f')
    .replaceAll('ck', 'k')
    .replaceAll('y', 'i')
    .replaceAll(/(\p{L})\1+/gu, '$1');
}

export interface Named {
  readonly name: string;
}

/** Above this many names only those that are the same but for case and punctuation are found. */
const mostForTypos = 5000;
/** In shorter names one letter makes another name: Ann and Ian. */
const shortest = 6;

/**
 * Pairs of names that are alike, each later one with the first that it is like.
 * @param compared how a name is written for comparing
 *
 * @example
 * alikePairs([{ name: 'Elm Primary' }, { name: 'Elm Prmary' }, { name: 'Elm Primary 2' }]).length // => 1
 */
export function alikePairs<N extends Named>(
  names: readonly N[],
  compared: (name: string) => string = nameKey,
): [earlier: N, later: N][] {
  const pairs: [N, N][] = [];
  const byKey = new Map<string, N>();
  const byShortened = new Map<string, { key: string; one: N }[]>();
  for (const one of names) {
    const key = compared(one.name);
    if (key === '') continue;
    const same = byKey.get(key);
    const like = same ?? (names.length <= mostForTypos ? typoOf(key, byShortened) : undefined);
    if (like) pairs.push([like, one]);
    if (same) continue;
    byKey.set(key, one);
    if (names.length > mostForTypos || key.length < shortest) continue;
    for (const short of shortenings(key)) {
      const list = byShortened.get(short) ?? [];
      byShortened.set(short, list);
      list.push({ key, one });
    }
  }
  return pairs;
}

/** Two names within one slip of each other share the rest once a letter is left out of each, or of one. */
function typoOf<N>(key: string, byShortened: ReadonlyMap<string, readonly { key: string; one: N }[]>): N | undefined {
  if (key.length < shortest) return undefined;
  for (const short of shortenings(key)) {
    const found = byShortened.get(short)?.find((other) => isOneSlip(key, other.key));
    if (found) return found.one;
  }
  return undefined;
}

/** The name itself and what is left when one letter is left out. */
function shortenings(key: string): Set<string> {
  const list = new Set([key]);
  for (let at = 0; at < key.length; at += 1) list.add(key.slice(0, at) + key.slice(at + 1));
  return list;
}

/**
 * Whether one slip of the pen turns one key into the other. Figures make other names, and so does a single letter that
 * stands alone: Elm 1 is not Elm 2, Class A not Class B.
 *
 * @example
 * isOneSlip('elm primary 1', 'elm primary 2') // => false
 */
export function isOneSlip(one: string, other: string): boolean {
  const marks = (key: string) => key.split(' ').filter((word) => /\p{N}/u.test(word) || word.length === 1);
  if (marks(one).join(' ') !== marks(other).join(' ')) return false;
  if (one === other) return true;
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  let start = 0;
  while (start < short.length && short[start] === long[start]) start += 1;
  const rest = (text: string, skip: number) => text.slice(start + skip);
  if (long.length === short.length + 1) return rest(short, 0) === rest(long, 1);
  if (long.length !== short.length) return false;
  if (rest(short, 1) === rest(long, 1)) return true;
  return short[start] === long[start + 1] && short[start + 1] === long[start] && rest(short, 2) === rest(long, 2);
}

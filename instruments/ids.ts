/** Ids from what people call things. Used by forms that offer an id, and by the readers of other programs' files. Pure. */

/**
 * An id from a title: small letters, digits and hyphens, at most 40, a letter first; empty where the title has no such letter.
 *
 * @example
 * idFrom('Schools Partnership 2026') // => 'schools-partnership-2026'
 * idFrom('2. Café – survey!') // => 'cafe-survey'
 */
export function idFrom(title: string): string {
  return title
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, 40)
    .replace(/-+$/, '');
}

/** Ids that forms offer for what people name. */
import { fileName } from '../../shared/download.ts';

/**
 * An id from a title: small letters, digits and hyphens.
 *
 * @example
 * idFrom('Schools Partnership 2026') // => 'schools-partnership-2026'
 */
export function idFrom(title: string): string {
  return fileName([title], 'x')
    .slice(0, -2)
    .replace(/^[^a-z]+/, '')
    .slice(0, 40)
    .replace(/-+$/, '');
}

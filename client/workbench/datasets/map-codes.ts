/** Codes of a rule as people write them. Used by `map-fields.tsx`. */

/**
 * Null where a part is none.
 *
 * @example
 * codesFrom('1=5, 2 = 4') // => { '1': 5, '2': 4 }
 * codesFrom('1=5, two') // => null
 */
export function codesFrom(text: string): Record<string, number> | null {
  const parts = text
    .split(/[,;\n]+/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const pairs = parts.map((part) => /^(-?\d+)\s*=\s*(-?\d+)$/.exec(part));
  if (pairs.includes(null)) return null;
  return Object.fromEntries(pairs.map((pair) => [pair?.[1] ?? '', Number(pair?.[2])]));
}

/**
 * @example
 * codesInWords({ '1': 5, '2': 4 }) // => '1=5, 2=4'
 */
export function codesInWords(codes: Readonly<Record<string, number>>): string {
  return Object.entries(codes)
    .map(([code, to]) => `${code}=${to}`)
    .join(', ');
}

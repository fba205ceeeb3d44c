/** Keys for the rows of a list whose things have no name of their own. Used by forms in which rows are added and removed. */
import { useState } from 'react';

/**
 * A key for each of `length` rows. What is typed into a row stays with it when another is removed: `drop` is called with the
 * place of the row that goes, at the moment at which it is taken out of the list.
 */
export function useRowKeys(length: number): { readonly keys: readonly number[]; drop(at: number): void } {
  const [known, setKnown] = useState<readonly number[]>([]);
  const keys = known.length === length ? known : asMany(known, length);
  // Rows that came or went otherwise (added, undone) do so at the end.
  if (keys !== known) setKnown(keys);
  return { keys, drop: (at) => setKnown(keys.filter((_, index) => index !== at)) };
}

function asMany(known: readonly number[], length: number): readonly number[] {
  const next = Math.max(-1, ...known) + 1;
  return Array.from({ length }, (_, at) => known[at] ?? next + at);
}

/** A reader who adds and subtracts what a table with hidden cells shows; used by the tests of suppression. */

/** A sum that the reader knows to hold: the cells with +1 less the cells with -1 are zero. */
export type Equation = readonly { readonly cell: string; readonly sign: 1 | -1 }[];
export interface Published {
  readonly truth: ReadonlyMap<string, number>;
  readonly shown: ReadonlyMap<string, number | null>;
  readonly equations: readonly Equation[];
}

/** Cells that the reader can compute exactly: what linear algebra says about the hidden ones. */
export function exactlyKnown({ shown, equations }: Published): string[] {
  const hidden = [...shown].filter(([, value]) => value === null).map(([cell]) => cell);
  const matrix = equations.map((equation) =>
    hidden.map((cell) => equation.reduce((sum, term) => sum + (term.cell === cell ? term.sign : 0), 0)),
  );
  // Reduced row echelon form: a hidden cell is known exactly when its row has no other entry.
  let rank = 0;
  for (let column = 0; column < hidden.length; column += 1) {
    const pivot = matrix.findIndex((row, i) => i >= rank && Math.abs(row[column] ?? 0) > 1e-9);
    if (pivot < 0) continue;
    const [first = [], second = []] = [matrix[pivot], matrix[rank]];
    matrix[pivot] = second;
    matrix[rank] = first.map((value) => value / (first[column] ?? 1));
    const lead = matrix[rank] ?? [];
    matrix.forEach((row, i) => {
      const factor = row[column] ?? 0;
      if (i !== rank) matrix[i] = row.map((value, j) => value - factor * (lead[j] ?? 0));
    });
    rank += 1;
  }
  return matrix.flatMap((row) => {
    const entries = row.flatMap((value, j) => (Math.abs(value) > 1e-9 ? [j] : []));
    return entries.length === 1 ? [hidden[entries[0] ?? 0] ?? ''] : [];
  });
}

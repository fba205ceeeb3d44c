/** A general factor above group factors: the Schmid-Leiman transformation, for omega hierarchical in omega.ts. */
import type { SquareMatrix } from '../numeric/cholesky.ts';
import { multiplyVector } from '../numeric/matrix.ts';
import type { Note } from '../result.ts';
import { type ExtractionOptions, minimumResidual } from './extraction.ts';
import type { RotationOptions } from './loadings.ts';
import { arranged, oblimin } from './rotation.ts';
import { varimax } from './varimax.ts';

export interface SchmidLeiman {
  /** Of each item on the general factor. */
  readonly general: readonly number[];
  /** Of each item on what is left of each group factor. */
  readonly groups: readonly (readonly number[])[];
  readonly communalities: readonly number[];
  readonly uniquenesses: readonly number[];
  /** Of the group factors, and their loadings on the general one. */
  readonly groupCorrelations: readonly (readonly number[])[];
  readonly groupsOnGeneral: readonly number[];
  readonly notes: readonly Note[];
}

export interface SchmidLeimanOptions {
  /** When the factors are found, see extraction.ts, and when the rotations stop, see rotation.ts. */
  readonly extraction?: ExtractionOptions;
  readonly rotation?: RotationOptions;
}

/**
 * Minres factors are turned by varimax and then oblimin; a general factor is found in the correlations of these group
 * factors by minres again, and each loading is divided into the part through the general factor and the rest:
 *
 *     general = pattern · group loadings on the general factor
 *     group   = pattern · sqrt(1 - (its loading on the general factor)²)
 *
 * With two groups their two loadings on the general factor are set equal (note `two-groups`); with one group there is
 * nothing above it and its loadings are the general ones (note `one-group`). Other notes as in `minimumResidual`.
 *
 * Reference: Schmid and Leiman (1957), Psychometrika 22, 53-61. Agrees with R's psych::schmid to 1e-6 when all searches stop
 * where R's stop.
 *
 * @throws RangeError for a matrix that is not square, holds NaN or has fewer items than groups
 * @example
 * schmidLeiman([[1, 0.56, 0.48], [0.56, 1, 0.42], [0.48, 0.42, 1]], 1).general.map((value) => value.toFixed(6)) // => ['0.800000', '0.700000', '0.600000']
 */
export function schmidLeiman(
  correlations: SquareMatrix,
  groups: number,
  options: SchmidLeimanOptions = {},
): SchmidLeiman {
  const extracted = minimumResidual(correlations, groups, options.extraction);
  const notes: Note[] = [...extracted.notes];
  const orthogonal = arranged(varimax(extracted.loadings, options.rotation));
  const oblique = oblimin(orthogonal.loadings, options.rotation);
  notes.push(...orthogonal.notes, ...oblique.notes);
  const groupsOnGeneral = loadingsOfGroups(oblique.correlations, options.extraction, notes);
  const general = multiplyVector(oblique.loadings, groupsOnGeneral);
  const rest = groupsOnGeneral.map((value) => Math.sqrt(Math.max(1 - value * value, 0)));
  const communalities = orthogonal.loadings.map((line) => line.reduce((total, value) => total + value * value, 0));
  return {
    general,
    groups: oblique.loadings.map((line) => line.map((value, k) => value * (rest[k] ?? 0))),
    communalities,
    uniquenesses: communalities.map((value) => 1 - value),
    groupCorrelations: oblique.correlations,
    groupsOnGeneral,
    notes,
  };
}

function loadingsOfGroups(
  correlations: SquareMatrix,
  extraction: ExtractionOptions | undefined,
  notes: Note[],
): number[] {
  if (correlations.length === 1) {
    notes.push({ code: 'one-group', text: 'One factor is the general one and leaves no groups.' });
    return [1];
  }
  if (correlations.length === 2) {
    const text = 'Two groups cannot tell their loadings on a general factor apart; they are taken to be equal.';
    notes.push({ code: 'two-groups', text });
    const between = correlations[0]?.[1] ?? 0;
    const size = Math.sqrt(Math.abs(between));
    return [size, Math.sign(between) * size];
  }
  const above = minimumResidual(correlations, 1, extraction);
  for (const note of above.notes)
    notes.push({ code: note.code, text: `Of the group factors: ${note.text.replace(/\bitem(?=s? \d)/g, 'factor')}` });
  return above.loadings.map((line) => line[0] ?? 0);
}

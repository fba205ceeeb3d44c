/**
 * Which responses of two waves come from one person, by their self-generated codes. Pure: called by `report.ts`.
 *
 * Within a school only, for three short answers recur across schools. A code that occurs once in each wave is an exact
 * match; one that occurs more often in either cannot be told apart and is ambiguous. What is left is compared with one
 * error allowed (two of three answers alike): two responses match when each is the only candidate of the other.
 */
import type { CodeDigests } from './digest.ts';

export interface CodedOne {
  readonly id: string;
  readonly school: string | null;
  /** Null: the person gave no code. */
  readonly code: CodeDigests | null;
}

export interface CodePair {
  readonly first: string;
  readonly second: string;
  readonly kind: 'exact' | 'one-error';
}

/** Counts of one school; responses of the first and second wave where they differ. */
export interface SchoolMatches {
  readonly school: string | null;
  readonly responses: readonly [number, number];
  readonly withoutCode: readonly [number, number];
  readonly exact: number;
  readonly oneError: number;
  readonly ambiguous: readonly [number, number];
  readonly unmatched: readonly [number, number];
}

export interface Matches {
  readonly schools: readonly SchoolMatches[];
  readonly pairs: readonly CodePair[];
}

type WithCode = CodedOne & { readonly code: CodeDigests };

export function matchCodes(first: readonly CodedOne[], second: readonly CodedOne[]): Matches {
  const schools = [...new Set([...first, ...second].map(({ school }) => school))];
  schools.sort((a, b) => (a ?? '').localeCompare(b ?? '', 'en', { numeric: true }));
  const pairs: CodePair[] = [];
  const rows = schools.map((school) => {
    const here = (wave: readonly CodedOne[]) => wave.filter((one) => one.school === school);
    return matchSchool(school, here(first), here(second), pairs);
  });
  return { schools: rows, pairs };
}

function matchSchool(
  school: string | null,
  first: readonly CodedOne[],
  second: readonly CodedOne[],
  pairs: CodePair[],
): SchoolMatches {
  const [one, other] = [first.filter(hasCode), second.filter(hasCode)];
  const [inFirst, inSecond] = [byWhole(one), byWhole(other)];
  const exact: CodePair[] = [];
  const [twice, left] = [[0, 0] as [number, number], [[] as WithCode[], [] as WithCode[]] as const];
  for (const whole of new Set([...inFirst.keys(), ...inSecond.keys()])) {
    const [a, b] = [inFirst.get(whole) ?? [], inSecond.get(whole) ?? []];
    if (a[0] && b[0] && a.length === 1 && b.length === 1) {
      exact.push({ first: a[0].id, second: b[0].id, kind: 'exact' });
    } else if (a.length > 0 && b.length > 0) {
      twice[0] += a.length;
      twice[1] += b.length;
    } else {
      left[0].push(...a);
      left[1].push(...b);
    }
  }
  const near = oneErrorPairs(left[0], left[1]);
  pairs.push(...exact, ...near.pairs);
  const ambiguous = [twice[0] + near.ambiguous[0], twice[1] + near.ambiguous[1]] as const;
  const found = exact.length + near.pairs.length;
  return {
    school,
    responses: [first.length, second.length],
    withoutCode: [first.length - one.length, second.length - other.length],
    exact: exact.length,
    oneError: near.pairs.length,
    ambiguous,
    unmatched: [one.length - found - ambiguous[0], other.length - found - ambiguous[1]],
  };
}

/** Each the only candidate of the other; whoever has candidates and no such pair is ambiguous. */
function oneErrorPairs(first: readonly WithCode[], second: readonly WithCode[]) {
  const candidates = new Map(first.map((one) => [one, second.filter((other) => alike(one, other))]));
  const reverse = new Map(second.map((other) => [other, first.filter((one) => alike(one, other))]));
  const pairs: CodePair[] = [];
  const ambiguous: [number, number] = [0, 0];
  for (const [one, found] of candidates) {
    const [only] = found;
    if (only && found.length === 1 && reverse.get(only)?.length === 1) {
      pairs.push({ first: one.id, second: only.id, kind: 'one-error' });
    } else if (only) ambiguous[0] += 1;
  }
  const taken = new Set(pairs.map((pair) => pair.second));
  for (const [other, found] of reverse) if (found.length > 0 && !taken.has(other.id)) ambiguous[1] += 1;
  return { pairs, ambiguous };
}

function alike(one: WithCode, other: WithCode): boolean {
  return one.code.pairs.some((pair, at) => pair === other.code.pairs[at]);
}

function hasCode(one: CodedOne): one is WithCode {
  return one.code !== null;
}

function byWhole(wave: readonly WithCode[]): Map<string, WithCode[]> {
  const groups = new Map<string, WithCode[]>();
  for (const one of wave) groups.set(one.code.whole, [...(groups.get(one.code.whole) ?? []), one]);
  return groups;
}

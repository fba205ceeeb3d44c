/**
 * Which regular expressions an instrument may bring along. JavaScript's engine backtracks, so a pattern like (a+)+$
 * could stop the server; this accepts a small language whose worst case can be counted, and refuses the rest.
 * Called by the reader of validators.
 *
 * Accepted: literals, escapes \d \w \s and their opposites, escaped signs, [classes], the dot, groups, alternatives,
 * ^ at the beginning and $ at the end, and the quantifiers ? {n} {n,m} * + on single characters, ? {n} {n,m} on groups.
 * Refused: look-around, back-references, named groups, lazy or possessive quantifiers, * or + on a group, and patterns
 * whose number of ways to match exceeds a million for the longest text.
 */

const longestPattern = 200;
const mostWays = 1_000_000;
/** What `*` and `+` count as: the longest text that a validator can meet. */
const longestText = 10_000;

/** A pattern's possible ways through a text, or a sentence about why it is refused. */
type Ways = { readonly ways: number } | { readonly problem: string };

const quantifier = /^(?:[*+?]|\{(\d{1,3})(?:,(\d{1,3}))?\})/;
const atom = /^(?:\\[dDwWsS]|\\[^\w\s]|\[(?:\\[dDwWsS]|\\[^\w\s]|[^\\\]])+\]|\.|[^\\^$.|?*+()[\]{}])/;

function times(ways: number, sign: string, match: RegExpExecArray): number {
  if (sign === '?') return ways + 1;
  const least = Number(match[1]);
  const most = match[2] === undefined ? least : Number(match[2]);
  let total = 0;
  for (let count = least; count <= most && total <= mostWays; count++) total += ways ** count;
  return total;
}

function sequence(pattern: string, start: number, depth: number): Ways & { readonly end: number } {
  let at = start;
  let alternatives = 0;
  let ways = 1;
  while (at < pattern.length) {
    const rest = pattern.slice(at);
    if (rest[0] === ')') break;
    if (rest[0] === '|') {
      alternatives += ways;
      ways = 1;
      at += 1;
      continue;
    }
    let each = 1;
    let group = false;
    if (rest[0] === '(') {
      const opening = rest.startsWith('(?:') ? 3 : 1;
      if (rest[1] === '?' && opening === 1)
        return { problem: 'look-around and named groups are not accepted', end: at };
      if (depth >= 5) return { problem: 'groups are nested too deeply', end: at };
      const inner = sequence(pattern, at + opening, depth + 1);
      if ('problem' in inner) return inner;
      if (pattern[inner.end] !== ')') return { problem: 'a group is not closed', end: at };
      each = inner.ways;
      group = true;
      at = inner.end + 1;
    } else {
      const single = atom.exec(rest);
      if (!single) return { problem: `"${rest.slice(0, 10)}" is not part of the accepted language`, end: at };
      at += single[0].length;
    }
    const quantified = quantifier.exec(pattern.slice(at));
    if (quantified) {
      const sign = quantified[0];
      if (sign === '*' || sign === '+') {
        if (group) return { problem: `${sign} on a group is not accepted; write {0,20}`, end: at };
        each = longestText;
      } else if (group || sign !== quantified[1])
        each = group ? times(each, sign, quantified) : spread(sign, quantified);
      at += sign.length;
      if (/^[*+?{]/.test(pattern.slice(at))) return { problem: 'two quantifiers in a row are not accepted', end: at };
    }
    ways *= each;
    if (ways + alternatives > mostWays) return { problem: 'it could match in too many ways', end: at };
  }
  return { ways: ways + alternatives, end: at };
}

/** Ways in which a quantified single character can match: one for each count. */
function spread(sign: string, match: RegExpExecArray): number {
  if (sign === '?') return 2;
  return match[2] === undefined ? 1 : Number(match[2]) - Number(match[1]) + 1;
}

/**
 * Why a regular expression is not accepted, or null when it is.
 *
 * @example
 * regexProblem('^[A-Z]{2}\\d{4,6}$') // => null
 * regexProblem('^(a+)+$') // => '+ on a group is not accepted; write {0,20}'
 */
export function regexProblem(pattern: string): string | null {
  if (pattern.length > longestPattern) return `it is longer than ${longestPattern} characters`;
  const anchored = pattern.startsWith('^');
  let body = anchored ? pattern.slice(1) : pattern;
  if (body.endsWith('$') && !body.endsWith('\\$')) body = body.slice(0, -1);
  const result = sequence(body, 0, 0);
  if ('problem' in result) return result.problem;
  if (result.end < body.length) return 'a group is closed that was not opened';
  // With alternatives at the top, ^ binds to the first of them alone; without it, each position is tried.
  const everywhere = anchored && !/(^|[^\\])\|/.test(body) ? 1 : longestText;
  if (result.ways * everywhere > mostWays)
    return 'it could match in too many ways; begin it with ^ and limit the repeats';
  try {
    new RegExp(pattern);
    return null;
  } catch {
    return 'it is not a regular expression';
  }
}

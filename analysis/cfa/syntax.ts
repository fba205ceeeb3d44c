/** The text of a factor model, in the notation of lavaan: `f =~ x1 + x2`, `x1 ~~ x2`, `x1 ~ 1`. Read by model.ts. */

export type Operator = '=~' | '~~' | '~1';

/** One parameter that the text names. */
export interface Statement {
  readonly left: string;
  readonly operator: Operator;
  /** Empty for an intercept. */
  readonly right: string;
  /** A number that the parameter is fixed to; null when the text does not fix it. */
  readonly fixed: number | null;
  /** Whether the text frees it by `NA*`. */
  readonly freed: boolean;
  /** Parameters with the same label are equal. */
  readonly label: string | null;
}

/** Anything but spaces and the signs of the notation; a number is a value, not a name. */
const namePattern = /^(?!-?[\d.]+(e-?\d+)?$)[^\s+*~=;#!(),"]+$/i;

/**
 * The statements of a model text, one per term, repeated terms merged. Lines end at a line break or `;`, go on after a
 * `+`, and `#` or `!` begins a comment. A term may carry `NA*` (free), a number (fixed) or a label (equal to its
 * namesakes).
 *
 * @throws RangeError that names the line and what to do, for anything else
 * @example
 * parseModel('f =~ a + 0.5*b')[1].fixed // => 0.5
 * parseModel('a ~ 1')[0].operator // => '~1'
 */
export function parseModel(text: string): Statement[] {
  const statements = new Map<string, Statement>();
  for (const { line, number } of linesOf(text)) {
    const parts = /^(.*?)(=~|~~|~)(.*)$/s.exec(line);
    const [, left = '', sign = '', terms = ''] = parts ?? [];
    if (!parts)
      throw wrong(number, `"${line}" has no operator; write =~ for loadings, ~~ for covariances, ~ 1 for means`);
    const name = nameOf(left, number);
    for (const term of terms.split('+')) {
      const pieces = term.split('*').map((piece) => piece.trim());
      const target = pieces.pop() ?? '';
      const operator: Operator = sign === '~' ? '~1' : sign === '~~' ? '~~' : '=~';
      if (sign === '~' && target !== '1') {
        throw wrong(number, `"${line}" is a regression; a factor model has =~, ~~ and ~ 1 only`);
      }
      const right = operator === '~1' ? '' : nameOf(target, number);
      const key = keyOf(operator, name, right);
      const known = statements.get(key);
      statements.set(
        key,
        merged(known ?? { left: name, operator, right, fixed: null, freed: false, label: null }, pieces, number),
      );
    }
  }
  if (statements.size === 0)
    throw new RangeError('the model text is empty; write at least one line like "f =~ x1 + x2 + x3"');
  return [...statements.values()];
}

/**
 * The same text for the same parameter, whichever way round a covariance is written.
 *
 * @example
 * keyOf('~~', 'b', 'a') // => 'a ~~ b'
 */
export function keyOf(operator: Operator, left: string, right: string): string {
  if (operator === '~~' && right < left) return `${right} ~~ ${left}`;
  return operator === '~1' ? `${left} ~1` : `${left} ${operator} ${right}`;
}

function linesOf(text: string): { line: string; number: number }[] {
  const lines: { line: string; number: number }[] = [];
  let open = false;
  text.split('\n').forEach((raw, index) => {
    for (const piece of raw.replace(/[#!].*$/, '').split(';')) {
      const line = piece.trim();
      if (line === '') continue;
      const last = lines.at(-1);
      if (last && (open || line.startsWith('+'))) last.line += ` ${line}`;
      else lines.push({ line, number: index + 1 });
      open = /[+~]$/.test(line);
    }
  });
  return lines;
}

function merged(statement: Statement, modifiers: readonly string[], line: number): Statement {
  let { fixed, freed, label } = statement;
  for (const modifier of modifiers) {
    if (modifier === 'NA') freed = true;
    else if (modifier !== '' && Number.isFinite(Number(modifier))) fixed = Number(modifier);
    else if (namePattern.test(modifier)) label = modifier;
    else throw wrong(line, `"${modifier}*" is not understood; use NA*, a number or a label`);
  }
  if (freed && fixed !== null) throw wrong(line, `a parameter cannot be both free (NA*) and fixed to ${fixed}`);
  return { ...statement, fixed, freed, label };
}

function nameOf(text: string, line: number): string {
  const name = text.trim();
  if (!namePattern.test(name))
    throw wrong(
      line,
      `"${name}" is not a name; names have no spaces, brackets, quotes or signs of the notation, and are no numbers`,
    );
  return name;
}

function wrong(line: number, what: string): RangeError {
  return new RangeError(`line ${line} of the model: ${what}`);
}

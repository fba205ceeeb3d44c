/** Constraints of an XLSForm that are limits: of a number, of letters, of choices. Called by `xlsform-questions.ts`. */
import type { FormulaNode } from './formula.ts';

export interface Ends {
  readonly min?: number;
  readonly max?: number;
}

function numberOf(node: FormulaNode | undefined): number | null {
  if (node?.kind === 'number') return node.value;
  if (node?.kind !== 'operation' || node.operator !== 'minus') return null;
  const inner = numberOf(node.operands[0]);
  return inner === null ? null : -inner;
}

/**
 * `. >= 1 and . <= 5` as limits; null for anything else.
 * @param measure the function that is limited, of the answer: `count-selected` or `string-length`; null for the answer itself
 */
export function endsOf(node: FormulaNode, measure: string | null): Ends | null {
  if (node.kind !== 'operation') return null;
  const [left, right] = node.operands;
  if (node.operator === 'and' && left && right) {
    const [one, other] = [endsOf(left, measure), endsOf(right, measure)];
    return one && other ? { ...one, ...other } : null;
  }
  const value = numberOf(right);
  const measured =
    measure === null
      ? left?.kind === 'self'
      : left?.kind === 'call' && left.name === measure && left.parameters[0]?.kind === 'self';
  if (!measured || value === null) return null;
  if (node.operator === '>=') return { min: value };
  return node.operator === '<=' ? { max: value } : null;
}

/** Limits of how many choices are taken, as SurveyJS writes them. */
export const countsOf = ({ min, max }: Ends): Record<string, number> => ({
  ...(min === undefined ? {} : { minSelectedChoices: min }),
  ...(max === undefined ? {} : { maxSelectedChoices: max }),
});

/** A regular expression that must fit the whole answer, as those of XLSForm do. */
export const wholeOf = (pattern: string): string => {
  const inner = pattern.replace(/^\^/, '').replace(/(?<!\\)\$$/, '');
  return /^\([^()]*\)$/.test(inner) ? `^${inner}$` : `^(${inner})$`;
};

/** Whether two expressions say the same, however they are spaced and bracketed. Called by the comparison of items. */
import { type ExpressionNode, parseExpression } from '../surveyjs.ts';

/** One text for one meaning: what is joined by the same and (or or) stands in one list. */
function canonical(node: ExpressionNode): string {
  switch (node.kind) {
    case 'constant':
      // Yes and no are coded as 1 and 0.
      return JSON.stringify(typeof node.value === 'boolean' ? Number(node.value) : (node.value ?? null));
    case 'name':
      return `{${node.name}}`;
    case 'list':
      return `[${node.items.map(canonical).join(',')}]`;
    case 'call':
      return `${node.function}(${node.parameters.map(canonical).join(',')})`;
    case 'operation': {
      const { operator } = node;
      const [item, codes] = node.operands;
      if (operator === 'anyof' && item && codes?.kind === 'list') {
        const tests = codes.items.map((code) =>
          canonical({ kind: 'operation', operator: 'contains', operands: [item, code] }),
        );
        return tests.length === 1 ? (tests[0] ?? '') : `(or ${tests.join(' ')})`;
      }
      // Of one answer, that it is a code and that it has it are the same.
      if ((operator === 'equal' || operator === 'contains') && item && codes?.kind === 'constant') {
        return `(is ${canonical(item)} ${canonical(codes)})`;
      }
      const joined = operator === 'and' || operator === 'or';
      const operands = joined ? node.operands.flatMap((operand) => joinedBy(operand, operator)) : node.operands;
      return `(${operator} ${operands.map(canonical).join(' ')})`;
    }
  }
}

function joinedBy(node: ExpressionNode, operator: string): readonly ExpressionNode[] {
  if (node.kind !== 'operation' || node.operator !== operator) return [node];
  return node.operands.flatMap((operand) => joinedBy(operand, operator));
}

/**
 * @example
 * isSameFormula('{a} > 1 and {b} = 2', '({a}>1) and ({b}=2)') // => true
 * isSameFormula('{a} > 1', '{a} >= 1') // => false
 */
export function isSameFormula(one: string, other: string): boolean {
  if (one === other) return true;
  if (one === '' || other === '') return false;
  const [first, second] = [parseExpression(one), parseExpression(other)];
  return 'node' in first && 'node' in second && canonical(first.node) === canonical(second.node);
}

import ts from 'typescript';
import type { TypeFacts } from '../type-facts.js';
import type { Edit, Kind } from '../mutant.js';
import type { FindEdits } from './edits.js';
import { replace } from './edits.js';
import { isCondition } from './conditions.js';

const SWAPS: Readonly<Record<string, readonly [Kind, string]>> = {
  '<': ['boundary', '<='],
  '<=': ['boundary', '<'],
  '>': ['boundary', '>='],
  '>=': ['boundary', '>'],
  '===': ['equality', '!=='],
  '!==': ['equality', '==='],
  '&&': ['logic', '||'],
  '||': ['logic', '&&'],
  '??': ['default', '||'],
  '??=': ['default', '||='],
  '+': ['arithmetic', '-'],
  '-': ['arithmetic', '+'],
  '*': ['arithmetic', '/'],
  '/': ['arithmetic', '*'],
  '%': ['arithmetic', '*'],
  '+=': ['arithmetic', '-='],
  '-=': ['arithmetic', '+='],
};

/** Operators between two operands, and `!`, `++` and `--`. */
export const operators: FindEdits = (node, facts) => {
  if (ts.isBinaryExpression(node)) return binary(node, facts);
  if (ts.isPrefixUnaryExpression(node)) return prefix(node);
  if (ts.isPostfixUnaryExpression(node)) return [step(node)];
  return [];
};

function binary(node: ts.BinaryExpression, facts: TypeFacts): readonly Edit[] {
  const swap = SWAPS[node.operatorToken.getText()];
  if (swap === undefined) return [];
  const [kind, other] = swap;
  if (kind === 'default' && (!facts.canBeFalsy(node.left) || isItsOwnDefault(node, facts))) return [];
  if (kind === 'arithmetic' && !(facts.isNumber(node.left) && facts.isNumber(node.right))) return [];
  // The negated condition is the same change.
  if (kind === 'equality' && isCondition(node)) return [];
  // `??` may not stand beside `&&` and `||` without parentheses.
  return isLogical(node) && [node.left, node.right, node.parent].some(isLogical)
    ? [replace(kind, node, `(${node.left.getText()} ${other} ${node.right.getText()})`)]
    : [replace(kind, node.operatorToken, other)];
}

/** `count ?? 0` is what `count || 0` is, whatever the count. */
function isItsOwnDefault({ left, right }: ts.BinaryExpression, facts: TypeFacts): boolean {
  const only = right.getText();
  return (
    (only === '0' && facts.isNumber(left)) ||
    (only === "''" && facts.isString(left)) ||
    (only === 'false' && facts.isBoolean(left))
  );
}

const LOGICAL: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.QuestionQuestionToken,
]);

function isLogical(node: ts.Node): boolean {
  return ts.isBinaryExpression(node) && LOGICAL.has(node.operatorToken.kind);
}

function prefix(node: ts.PrefixUnaryExpression): readonly Edit[] {
  if (node.operator === ts.SyntaxKind.ExclamationToken) {
    return isCondition(node) ? [] : [replace('negation', node, node.operand.getText())];
  }
  const steps =
    node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken;
  return steps ? [step(node)] : [];
}

function step(node: ts.PrefixUnaryExpression | ts.PostfixUnaryExpression): Edit {
  const up = node.operator === ts.SyntaxKind.PlusPlusToken;
  return replace('arithmetic', node, node.getText().replace(up ? '++' : '--', up ? '--' : '++'));
}

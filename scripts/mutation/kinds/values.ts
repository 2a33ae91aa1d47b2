import ts from 'typescript';
import type { FindEdits } from './edits.js';
import { replace } from './edits.js';

/** Numbers become the next one, true becomes false, Math.max becomes Math.min, and the other way round. */
export const values: FindEdits = (node, facts) => {
  if (ts.isLiteralExpression(node) || isSwitch(node)) {
    if (facts.isOnlyValue(node)) return [];
  }
  if (ts.isNumericLiteral(node) && !isName(node)) {
    return [replace('constant', node, String(Number(node.text) + 1))];
  }
  if (ts.isBigIntLiteral(node)) {
    return [replace('constant', node, `${BigInt(node.text.slice(0, -1)) + 1n}n`)];
  }
  if (node.kind === ts.SyntaxKind.TrueKeyword && !isEndless(node)) {
    return [replace('constant', node, 'false')];
  }
  if (node.kind === ts.SyntaxKind.FalseKeyword) return [replace('constant', node, 'true')];
  if (ts.isPropertyAccessExpression(node) && node.expression.getText() === 'Math') {
    if (node.name.text === 'max') return [replace('minmax', node.name, 'min')];
    if (node.name.text === 'min') return [replace('minmax', node.name, 'max')];
  }
  return [];
};

/** The name of a property may be a number. */
function isName(node: ts.NumericLiteral): boolean {
  const { parent } = node;
  return (ts.isPropertyAssignment(parent) && parent.name === node) || ts.isVoidExpression(parent);
}

function isSwitch(node: ts.Node): node is ts.BooleanLiteral {
  return node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword;
}

function isEndless({ parent }: ts.Node): boolean {
  return ts.isWhileStatement(parent) || ts.isForStatement(parent);
}

import ts from 'typescript';
import type { FindEdits } from './edits.js';
import { replace } from './edits.js';

/** Whether the node decides an `if`, a `while` or a `?:`. */
export function isCondition(node: ts.Node): boolean {
  const { parent } = node;
  return (
    ((ts.isIfStatement(parent) || ts.isWhileStatement(parent) || ts.isDoStatement(parent)) &&
      parent.expression === node) ||
    (ts.isConditionalExpression(parent) && parent.condition === node)
  );
}

/** A condition becomes its opposite. */
export const conditions: FindEdits = (node) =>
  isCondition(node) && node.kind !== ts.SyntaxKind.TrueKeyword
    ? [replace('condition', node, `!(${node.getText()})`)]
    : [];

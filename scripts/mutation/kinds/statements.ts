import ts from 'typescript';
import type { TypeFacts } from '../type-facts.js';
import type { Edit } from '../mutant.js';
import type { FindEdits } from './edits.js';
import { replace } from './edits.js';

const LOG = /\b(log|logger)\b.*\.(debug|info|warn|error)$/i;

/** Statements that are left out, promises that are not awaited, and results that are constant. */
export const statements: FindEdits = (node, facts) => {
  if (ts.isExpressionStatement(node)) return leftOut(node);
  if (ts.isThrowStatement(node)) return [replace('throw', node, ';')];
  if (ts.isReturnStatement(node) && node.expression !== undefined) return constants(node.expression, facts);
  if (ts.isArrowFunction(node) && !ts.isBlock(node.body) && facts.isBoolean(node.body)) {
    return constants(node.body, facts);
  }
  return [];
};

function leftOut(node: ts.ExpressionStatement): readonly Edit[] {
  const { expression } = node;
  if (ts.isBinaryExpression(expression)) {
    const assigns = expression.operatorToken.kind === ts.SyntaxKind.EqualsToken;
    return assigns && !inConstructor(node) ? [replace('assignment', node, ';')] : [];
  }
  if (ts.isDeleteExpression(expression)) return [replace('call', node, ';')];
  const call = calledBy(expression);
  if (call === undefined || call.expression.kind === ts.SyntaxKind.SuperKeyword) return [];
  if (LOG.test(call.expression.getText())) return [];
  return [
    replace('call', node, ';'),
    ...(ts.isAwaitExpression(expression)
      ? [replace('await', expression, `void ${expression.expression.getText()}`)]
      : []),
  ];
}

/** The call that a statement consists of, awaited or not. */
export function calledBy(expression: ts.Expression): ts.CallExpression | undefined {
  if (ts.isAwaitExpression(expression) || ts.isVoidExpression(expression)) {
    return calledBy(expression.expression);
  }
  return ts.isCallExpression(expression) ? expression : undefined;
}

/** A constructor's assignments are seen by whoever looks at all. */
function inConstructor(node: ts.Node): boolean {
  return ts.isBlock(node.parent) && ts.isConstructorDeclaration(node.parent.parent);
}

function constants(result: ts.Expression, facts: TypeFacts): readonly Edit[] {
  const text = result.getText();
  const candidates = facts.isBoolean(result)
    ? ['true', 'false']
    : facts.isNumber(result)
      ? ['0']
      : facts.isString(result)
        ? ["''"]
        : facts.isArray(result)
          ? ['[]']
          : ['undefined'];
  return literal(result)
    ? []
    : candidates.filter((one) => one !== text).map((one) => replace('result', result, one));
}

/** Literals have mutants of their own. */
function literal(node: ts.Expression): boolean {
  return (
    ts.isLiteralExpression(node) ||
    node.kind === ts.SyntaxKind.TrueKeyword ||
    node.kind === ts.SyntaxKind.FalseKeyword ||
    node.getText() === 'undefined'
  );
}

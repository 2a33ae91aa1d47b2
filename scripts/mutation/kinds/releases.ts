import ts from 'typescript';
import type { TypeFacts } from '../type-facts.js';
import type { Edit } from '../mutant.js';
import type { FindEdits } from './edits.js';
import { replace } from './edits.js';
import { calledBy } from './statements.js';

/** What gives something back, by its name. */
const GIVES_BACK =
  /^#?(close|unsubscribe|off|remove(All)?Listeners?|removeEventListener|clear(Timeout|Interval|Immediate)?|delete|abort|destroy|return|release|stop\w*|cancel|dispose|unref|unlink|end|endJoin|endCatchUp|endSubscriptions|endTogether|terminate|forget\w*|drop\w*|leave|detach|disconnect)(Sync)?$/;

/** Of these `delete` and `clear` give nothing back: they are the work. */
const DATA =
  /Hono|Transport|Store|Repository|Manager|Batch|Tree|Storage|Database|Client|Operations|Commands|Response|Http/;

/** A method of these ends what the object holds. */
const ENDS = /^#?(close|reset|stop|end|destroy|dispose|abort|cancel|leave|lost|clear|release|disconnect)/i;

/** Statements that give something back are left out, and so is what a `finally` does. */
export const releases: FindEdits = (node, facts) => {
  if (ts.isExpressionStatement(node)) return statement(node, facts);
  if (ts.isCallExpression(node) && isRelease(node, facts)) return inExpression(node);
  return [];
};

function statement(node: ts.ExpressionStatement, facts: TypeFacts): readonly Edit[] {
  const call = calledBy(node.expression);
  const gives =
    (call !== undefined && isRelease(call, facts)) || isInFinally(node) || forgets(node.expression, node);
  return gives ? [replace('release', node, ';')] : [];
}

function isRelease({ expression: callee }: ts.CallExpression, facts: TypeFacts): boolean {
  if (ts.isIdentifier(callee)) return GIVES_BACK.test(callee.text);
  if (!ts.isPropertyAccessExpression(callee)) return false;
  if (!GIVES_BACK.test(callee.name.text)) return false;
  const works = callee.name.text === 'delete' || callee.name.text === 'clear';
  return !works || !DATA.test(facts.nameOfType(callee.expression));
}

/** A call that is a part of an expression: an arrow function's body, a result, one of several. */
function inExpression(node: ts.CallExpression): readonly Edit[] {
  const { parent, expression: callee } = node;
  if (statementOf(node) !== undefined) return [];
  if (ts.isPropertyAccessExpression(parent)) {
    const promise = /^(then|catch|finally)$/.test(parent.name.text);
    return promise ? [replace('release', node, 'Promise.resolve()')] : [];
  }
  // `if (set.delete(key))` goes on asking whether it is there.
  if (ts.isPropertyAccessExpression(callee) && callee.name.text === 'delete') {
    return [replace('release', callee.name, 'has')];
  }
  const unused =
    ts.isArrowFunction(parent) || ts.isReturnStatement(parent) || ts.isArrayLiteralExpression(parent);
  return unused || ts.isAwaitExpression(parent) ? [replace('release', node, 'undefined')] : [];
}

/** The statement that is nothing but this call. */
function statementOf({ parent }: ts.Node): ts.ExpressionStatement | undefined {
  if (ts.isAwaitExpression(parent) || ts.isVoidExpression(parent)) return statementOf(parent);
  return ts.isExpressionStatement(parent) ? parent : undefined;
}

function isInFinally({ parent }: ts.Node): boolean {
  return ts.isBlock(parent) && ts.isTryStatement(parent.parent) && parent.parent.finallyBlock === parent;
}

/** `this.#held = undefined` and `this.#held.length = 0` where the object ends. */
function forgets(expression: ts.Expression, node: ts.Node): boolean {
  if (!ts.isBinaryExpression(expression) || expression.operatorToken.kind !== ts.SyntaxKind.EqualsToken) {
    return false;
  }
  const { left, right } = expression;
  const empties =
    right.getText() === 'undefined' || (left.getText().endsWith('.length') && right.getText() === '0');
  return empties && ENDS.test(methodOf(node));
}

function methodOf(node: ts.Node): string {
  const method = ts.findAncestor(node, (one) => ts.isMethodDeclaration(one) || ts.isFunctionDeclaration(one));
  return method?.name?.getText() ?? '';
}

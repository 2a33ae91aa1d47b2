import ts from 'typescript';
import { saidOfErrors } from './doc-comments.js';

/** Types whose failures come later: a call that returns one does not throw. */
const LATER = new Set([
  'Promise',
  'PromiseLike',
  'AsyncIterable',
  'AsyncIterableIterator',
  'AsyncIterator',
  'AsyncGenerator',
  'Observable',
]);

/** How callables can fail, as far as their types and statements tell: what packages and the language throw is not seen. */
export class WaysToFail {
  readonly #checker: ts.TypeChecker;
  readonly #isOurs: (file: ts.SourceFile) => boolean;

  constructor(checker: ts.TypeChecker, isOurs: (file: ts.SourceFile) => boolean) {
    this.#checker = checker;
    this.#isOurs = isOurs;
  }

  /** Why a callable can fail, as the end of a sentence that begins with its name; undefined when it cannot. */
  of(callable: ts.SignatureDeclaration): string | undefined {
    const later = this.#laterType(callable);
    return later === undefined
      ? this.#throwsIn(callable)
      : `returns ${/^[AO]/.test(later) ? 'an' : 'a'} ${later}`;
  }

  #laterType(callable: ts.SignatureDeclaration): string | undefined {
    const signature = this.#checker.getSignatureFromDeclaration(callable);
    if (signature === undefined) return undefined;
    const type = this.#checker.getReturnTypeOfSignature(signature);
    const parts = type.isUnion() ? type.types : [type];
    return parts.map((part) => part.getSymbol()?.name).find((name) => name !== undefined && LATER.has(name));
  }

  /** The first `throw` that the callable reaches, by way of our own functions; those that it makes count as itself. */
  #throwsIn(callable: ts.SignatureDeclaration, seen = new Set<ts.Node>()): string | undefined {
    if (seen.has(callable)) return undefined;
    seen.add(callable);
    return ts.forEachChild(callable, (part) => this.#firstThrow(part, seen));
  }

  #firstThrow(node: ts.Node, seen: Set<ts.Node>): string | undefined {
    if (ts.isThrowStatement(node)) return `throws at ${placeOf(node)}`;
    // What a `catch` is for does not leave; what it throws itself does.
    if (ts.isTryStatement(node) && node.catchClause !== undefined) {
      const { catchClause, finallyBlock } = node;
      return this.#firstThrow(catchClause, seen) ?? (finallyBlock && this.#firstThrow(finallyBlock, seen));
    }
    const called = this.#calledBy(node);
    const throughCall = called && this.#throwsByCalling(called, seen);
    return throughCall ?? ts.forEachChild(node, (child) => this.#firstThrow(child, seen));
  }

  #throwsByCalling(called: ts.SignatureDeclaration, seen: Set<ts.Node>): string | undefined {
    if (!this.#isOurs(called.getSourceFile()) || this.#laterType(called) !== undefined) return undefined;
    const said = saidOfErrors(called, this.#checker);
    if (said === 'never') return undefined;
    if (said === 'throws') return `calls what throws, ${placeOf(called)}`;
    return this.#throwsIn(called, seen);
  }

  /** The function or getter that a node runs, as far as it is known without running it. */
  #calledBy(node: ts.Node): ts.SignatureDeclaration | undefined {
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      const { declaration } = this.#checker.getResolvedSignature(node) ?? {};
      return declaration === undefined || ts.isJSDocSignature(declaration)
        ? undefined
        : withBody(declaration);
    }
    if (ts.isPropertyAccessExpression(node)) return getterOf(this.#checker.getSymbolAtLocation(node.name));
    if (ts.isBindingElement(node) && ts.isIdentifier(node.propertyName ?? node.name)) {
      const name = (node.propertyName ?? node.name).getText();
      return getterOf(this.#checker.getTypeAtLocation(node.parent).getProperty(name));
    }
    return undefined;
  }
}

/** `path/of/file.ts:12`, from the folder the program runs in. */
export function placeOf(node: ts.Node): string {
  const file = node.getSourceFile();
  const { line } = file.getLineAndCharacterOfPosition(node.getStart());
  return `${ts.sys.resolvePath(file.fileName).replace(`${ts.sys.getCurrentDirectory()}/`, '')}:${line + 1}`;
}

/** A call resolves to an overload; its statements are in another declaration. */
function withBody(declaration: ts.SignatureDeclaration): ts.SignatureDeclaration {
  if ('body' in declaration && declaration.body !== undefined) return declaration;
  const { parent } = declaration;
  const name = declaration.name?.getText();
  const siblings: readonly ts.Node[] = ts.isClassLike(parent)
    ? parent.members
    : ts.isSourceFile(parent)
      ? parent.statements
      : [];
  const implementation = siblings
    .filter(
      (node) =>
        ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node) || ts.isConstructorDeclaration(node),
    )
    .find(
      (node) => node.name?.getText() === name && node.kind === declaration.kind && node.body !== undefined,
    );
  return implementation ?? declaration;
}

function getterOf(symbol: ts.Symbol | undefined): ts.SignatureDeclaration | undefined {
  return symbol?.declarations?.find(ts.isGetAccessor);
}

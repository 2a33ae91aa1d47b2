import ts from 'typescript';

/** Says that a callable does not fail: "Never throws.", "Never rejects." of a promise, "Never errors." of an Observable. */
const NEVER_FAILS = /\bnever (throws|rejects|errors)\b/i;

/** How a comment begins that says what another says: "See {@link find}.", "As {@link find}, …", "The same as {@link find}". */
const REFERENCE = /^(see|as|the same as) $/i;

/** What a doc comment says about errors: that there are some, that there are none, or nothing. */
export type Said = 'throws' | 'never' | 'nothing';

/**
 * What the doc comment of a callable says about errors. That of any overload counts for all of them. A comment that
 * begins by referring to another callable says what that one's does, and a member of a class without a comment of its
 * own has that of the member it overrides or implements, as in an editor.
 */
export function saidOfErrors(
  declaration: ts.Node,
  checker: ts.TypeChecker,
  asked: ReadonlySet<ts.Node> = new Set(),
): Said {
  // Comments that refer to each other say nothing.
  if (asked.has(declaration)) return 'nothing';
  const comments = overloadsOf(declaration, checker).flatMap(commentsOf);
  const own = readComments(comments);
  if (own !== 'nothing') return own;
  const others =
    comments.length === 0
      ? inheritedFrom(declaration, checker)
      : comments.flatMap((comment) => referredTo(comment, checker));
  const before = new Set([...asked, declaration]);
  const said = others.map((other) => saidOfErrors(other, checker, before));
  return said.find((what) => what !== 'nothing') ?? 'nothing';
}

/** Whether a declaration is marked `@internal`, which keeps it out of the reference. */
export function isInternal(declaration: ts.Node): boolean {
  return ts.getJSDocTags(declaration).some((tag) => tag.tagName.text === 'internal');
}

function commentsOf(declaration: ts.Node): readonly ts.JSDoc[] {
  return ts.getJSDocCommentsAndTags(declaration).filter(ts.isJSDoc);
}

function readComments(comments: readonly ts.JSDoc[]): Said {
  if (comments.some((comment) => NEVER_FAILS.test(comment.getText()))) return 'never';
  const tags = comments.flatMap(({ tags: own }) => [...(own ?? [])]);
  return tags.some((tag) => ts.isJSDocThrowsTag(tag) && ts.getTextOfJSDocComment(tag.comment) !== undefined)
    ? 'throws'
    : 'nothing';
}

function referredTo({ comment }: ts.JSDoc, checker: ts.TypeChecker): readonly ts.Node[] {
  if (comment === undefined || typeof comment === 'string') return [];
  const [words, link] = comment;
  if (words === undefined || !REFERENCE.test(words.text)) return [];
  if (link === undefined || !ts.isJSDocLink(link) || link.name === undefined) return [];
  return checker.getSymbolAtLocation(link.name)?.declarations ?? [];
}

/** The signatures of a function or method that has several; getter and setter of one property. */
function overloadsOf(declaration: ts.Node, checker: ts.TypeChecker): readonly ts.Node[] {
  if (ts.isConstructorDeclaration(declaration)) {
    return declaration.parent.members.filter(ts.isConstructorDeclaration);
  }
  const symbol = symbolOf(declaration, checker);
  return symbol?.declarations ?? [declaration];
}

function inheritedFrom(declaration: ts.Node, checker: ts.TypeChecker): readonly ts.Node[] {
  const { parent } = declaration;
  if (!ts.isClassLike(parent) && !ts.isInterfaceDeclaration(parent)) return [];
  const name = symbolOf(declaration, checker)?.name;
  if (name === undefined) return [];
  const bases = (parent.heritageClauses ?? []).flatMap(({ types }) => [...types]);
  return bases.flatMap((base) => checker.getTypeAtLocation(base).getProperty(name)?.declarations ?? []);
}

function symbolOf(declaration: ts.Node, checker: ts.TypeChecker): ts.Symbol | undefined {
  const isNamed =
    ts.isClassElement(declaration) || ts.isTypeElement(declaration) || ts.isFunctionDeclaration(declaration);
  return isNamed && declaration.name !== undefined
    ? checker.getSymbolAtLocation(declaration.name)
    : undefined;
}

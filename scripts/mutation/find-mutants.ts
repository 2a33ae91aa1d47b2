import ts from 'typescript';
import type { TypeFacts } from './type-facts.js';
import type { Edit, Mutant } from './mutant.js';
import { conditions } from './kinds/conditions.js';
import { operators } from './kinds/operators.js';
import { releases } from './kinds/releases.js';
import { statements } from './kinds/statements.js';
import { values } from './kinds/values.js';

/** Releases come first: what one of them changes is not counted again as an ordinary call. */
const KINDS = [releases, conditions, operators, values, statements];

/**
 * Every change of one place of a file, in the order of the text. Types, declarations and the texts of messages are left alone. `name` is what the mutants call the file.
 */
export function findMutants(source: ts.SourceFile, name: string, facts: TypeFacts): readonly Mutant[] {
  const edits = new Map<string, Edit & { readonly within: string }>();
  const visit = (node: ts.Node): void => {
    if (isTypeOnly(node)) return;
    for (const edit of KINDS.flatMap((kind) => kind(node, facts))) {
      const key = `${edit.start} ${edit.end} ${edit.replacement}`;
      if (!edits.has(key)) edits.set(key, { ...edit, within: functionOf(node) });
    }
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(source, visit);
  return [...edits.values()]
    .sort((a, b) => a.start - b.start || a.end - b.end)
    .map((edit) => ({
      ...edit,
      file: name,
      line: source.getLineAndCharacterOfPosition(edit.start).line + 1,
      original: source.text.slice(edit.start, edit.end),
    }));
}

/** The innermost function around a node that has a name. */
function functionOf(node: ts.Node): string {
  const named = ts.findAncestor(
    node,
    (one) =>
      ts.isConstructorDeclaration(one) ||
      ts.isMethodDeclaration(one) ||
      ts.isFunctionDeclaration(one) ||
      ts.isAccessor(one),
  );
  if (named === undefined) return '';
  return ts.isConstructorDeclaration(named)
    ? 'constructor'
    : ((named as ts.NamedDeclaration).name?.getText() ?? '');
}

function isTypeOnly(node: ts.Node): boolean {
  return (
    ts.isTypeNode(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isImportDeclaration(node) ||
    ts.isExportDeclaration(node)
  );
}

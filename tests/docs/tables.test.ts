import { join, resolve } from 'node:path';
import ts from 'typescript';
import { DATA_SOURCE_OPTIONS } from '../../src/data-source/data-source-options.js';
import { namesIn, tableRows } from './tables.js';

const root = resolve(__dirname, '../..');

/** The members of a union of strings, from its source. */
function membersOf(file: string, type: string): string[] {
  const text = ts.sys.readFile(join(root, file))!;
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
  const declared = source.statements.find(
    (node) => ts.isTypeAliasDeclaration(node) && node.name.text === type,
  );
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteral(node)) names.push(node.text);
    ts.forEachChild(node, visit);
  };
  if (declared !== undefined) visit(declared);
  return names;
}

it('docs/configuration.md describes every option of a data source once, and no other', () => {
  const rows = tableRows(join(root, 'docs/configuration.md'));
  const options: ReadonlySet<string> = new Set(Object.keys(DATA_SOURCE_OPTIONS));
  const first = rows.findIndex(([cell]) => namesIn(cell).includes('entities'));
  const last = rows.findLastIndex(([cell]) => namesIn(cell).some((name) => options.has(name)));
  const described = rows.slice(first, last + 1).flatMap(([cell]) => namesIn(cell));
  expect(described.toSorted()).toEqual(Object.keys(DATA_SOURCE_OPTIONS).sort());
});

it('docs/errors.md describes every kind of error once, and no other', () => {
  const kinds = membersOf('src/errors.ts', 'DustErrorKind');
  expect(kinds).toContain('conflict');
  const described = tableRows(join(root, 'docs/errors.md'))
    .filter((cells) => cells.length === 4)
    .flatMap(([kind]) => namesIn(kind));
  expect(described.toSorted()).toEqual(kinds.toSorted());
});

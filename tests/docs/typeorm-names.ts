import { join } from 'node:path';
import ts from 'typescript';

const root = join(__dirname, '../../node_modules/typeorm');
const file = join(root, 'index.d.ts');
const program = ts.createProgram([file], {
  module: ts.ModuleKind.NodeNext,
  target: ts.ScriptTarget.ES2022,
  skipLibCheck: true,
  types: [],
});
const checker = program.getTypeChecker();
const HIDDEN = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;

/** All that TypeORM exports, by name, behind their aliases. */
const exported: ReadonlyMap<string, ts.Symbol> = new Map(
  checker
    .getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(file)!)!)
    .map((each) => [each.name, each.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(each) : each]),
);

/** The names of the public members of a class or an interface that TypeORM exports, its static ones aside. */
export function membersOf(name: string): string[] {
  const type = checker.getDeclaredTypeOfSymbol(exported.get(name)!);
  return checker
    .getPropertiesOfType(type)
    .filter(({ declarations = [] }) =>
      declarations.every((each) => (ts.getCombinedModifierFlags(each) & HIDDEN) === 0),
    )
    .map((member) => member.name)
    .filter((member) => /^\w+$/.test(member));
}

/** The names of the functions and classes that TypeORM exports from files of a folder. */
export function functionsIn(folder: string): string[] {
  return [...exported]
    .filter(([, symbol]) => symbol.flags & (ts.SymbolFlags.Function | ts.SymbolFlags.Class))
    .filter(([, { declarations = [] }]) =>
      declarations.some((each) => each.getSourceFile().fileName.startsWith(`${join(root, folder)}/`)),
    )
    .map(([name]) => name);
}

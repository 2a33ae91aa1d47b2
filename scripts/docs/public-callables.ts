import ts from 'typescript';
import { isInternal } from './doc-comments.js';

/** Something exported that can be called, or read through code. */
export interface PublicCallable {
  /** As a reader knows it: `Repository.find`, `new DataSource`, `serve`. */
  readonly name: string;
  readonly declaration: ts.SignatureDeclaration;
}

/**
 * What the users of a module can call: its functions, the constructors, methods and accessors of its classes, and the
 * methods of its interfaces, inherited ones included. A property that holds a function is left out: in an interface of
 * options it is the user's own.
 */
export function publicCallables(
  program: ts.Program,
  entryPoint: string,
  isOurs: (file: ts.SourceFile) => boolean,
): readonly PublicCallable[] {
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(entryPoint);
  const module = source && checker.getSymbolAtLocation(source);
  if (module === undefined) throw new Error(`${entryPoint} is not a module of the program.`);

  return checker.getExportsOfModule(module).flatMap((exported) => {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    return callablesOf(symbol, exported.name, checker).filter(
      ({ declaration }) => isOurs(declaration.getSourceFile()) && !isInternal(declaration),
    );
  });
}

function callablesOf(symbol: ts.Symbol, name: string, checker: ts.TypeChecker): readonly PublicCallable[] {
  const found: PublicCallable[] = functionsOf(symbol).map((declaration) => ({ name, declaration }));
  if (symbol.flags & ts.SymbolFlags.Class) {
    const statics = checker.getPropertiesOfType(checker.getTypeOfSymbol(symbol));
    found.push(
      ...constructorsOf(symbol).map((declaration) => ({ name: `new ${name}`, declaration })),
      ...membersOf(statics, name),
    );
  }
  if (symbol.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface | ts.SymbolFlags.TypeAlias)) {
    found.push(...membersOf(checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(symbol)), name));
  }
  return found;
}

/** One declaration stands for all overloads: the one that has a body, or the last. */
function functionsOf(symbol: ts.Symbol): readonly ts.SignatureDeclaration[] {
  const functions = (symbol.declarations ?? []).map((declaration) => {
    const value = ts.isVariableDeclaration(declaration) ? declaration.initializer : declaration;
    return value !== undefined && isFunction(value) ? value : undefined;
  });
  return functions.filter((declaration) => declaration !== undefined).slice(-1);
}

function constructorsOf(symbol: ts.Symbol): readonly ts.ConstructorDeclaration[] {
  return (symbol.declarations ?? [])
    .flatMap((declaration) => (ts.isClassLike(declaration) ? [...declaration.members] : []))
    .filter(ts.isConstructorDeclaration)
    .filter(isPublic)
    .slice(-1);
}

function membersOf(properties: readonly ts.Symbol[], owner: string): readonly PublicCallable[] {
  return properties.flatMap((property) =>
    (property.declarations ?? [])
      .filter(isCallableMember)
      .filter(isPublic)
      .slice(-1)
      .map((declaration) => ({ name: `${owner}.${declaration.name.getText()}`, declaration })),
  );
}

const isCallableMember = (
  node: ts.Node,
): node is ts.MethodDeclaration | ts.MethodSignature | ts.AccessorDeclaration =>
  ts.isMethodDeclaration(node) || ts.isMethodSignature(node) || ts.isAccessor(node);

const isFunction = (
  node: ts.Node,
): node is ts.FunctionDeclaration | ts.ArrowFunction | ts.FunctionExpression =>
  ts.isFunctionDeclaration(node) || ts.isArrowFunction(node) || ts.isFunctionExpression(node);

function isPublic(declaration: ts.Declaration): boolean {
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
  const name = ts.getNameOfDeclaration(declaration);
  const isPrivateName = name !== undefined && ts.isPrivateIdentifier(name);
  return (ts.getCombinedModifierFlags(declaration) & hidden) === 0 && !isPrivateName;
}

import { join } from 'node:path';
import ts from 'typescript';

const root = join(__dirname, '../../..');
const SOURCES = join(root, 'src/');
const ENTRY_POINTS = [
  'index',
  'server/index',
  'testing/index',
  'nestjs/index',
  'express/index',
  'opentelemetry/index',
];

/** What a type of options, or of a request made of named parts, is called here. */
const NAMED = /(Options|Request|Query|Upload|Limits|Bounds)$/;

/** What the package takes options by. */
export interface TakenOptions {
  /** Each function, constructor and method that takes some: `serve`, `new DustServer`, `Repository.insert`. */
  readonly callables: readonly string[];
  /** The types of options that are exported, and are parameters of none of these. */
  readonly nested: readonly string[];
}

/** Walks what the entry points export, as a compiler sees it. */
export function takenOptions(): TakenOptions {
  const files = ENTRY_POINTS.map((name) => join(SOURCES, `${name}.ts`));
  const { options } = ts.getParsedCommandLineOfConfigFile(
    join(root, 'tsconfig.json'),
    {},
    {
      ...ts.sys,
      onUnRecoverableConfigFileDiagnostic: ({ messageText }) => {
        throw new Error(ts.flattenDiagnosticMessageText(messageText, '\n'));
      },
    },
  )!;
  const program = ts.createProgram(files, options);
  const checker = program.getTypeChecker();
  const callables = new Set<string>();
  const types = new Set<string>();
  const reached = new Set<string>();

  const isOurs = (declaration: ts.Declaration | undefined): boolean =>
    declaration?.getSourceFile().fileName.startsWith(SOURCES) === true;

  const isInternal = (declaration: ts.Declaration | undefined): boolean =>
    declaration !== undefined &&
    ts.getJSDocTags(declaration).some(({ tagName }) => tagName.text === 'internal');

  /** The name of the type of options that a parameter has; undefined for a parameter of another kind. */
  const optionsOf = (parameter: ts.Symbol): string | undefined => {
    const declaration = parameter.valueDeclaration;
    if (declaration === undefined || !ts.isParameter(declaration)) return undefined;
    const written = declaration.type?.getText().replace(/<.*/s, '') ?? '';
    if (NAMED.test(written)) return written;
    const type = checker.getNonNullableType(checker.getTypeOfSymbolAtLocation(parameter, declaration));
    const names = (type.isUnion() ? type.types : [type]).flatMap(({ aliasSymbol, symbol }) =>
      [aliasSymbol?.name, (symbol as ts.Symbol | undefined)?.name].filter((name) => name !== undefined),
    );
    const named = names.find((name) => NAMED.test(name));
    if (named !== undefined) return named;
    const isObject = (type.flags & ts.TypeFlags.Object) !== 0 && type.getCallSignatures().length === 0;
    return isObject && /^(options|request|query)$/.test(parameter.name) ? parameter.name : undefined;
  };

  const visit = (name: string, signatures: readonly ts.Signature[]): void => {
    for (const signature of signatures) {
      const declaration = signature.getDeclaration() as ts.Declaration | undefined;
      if (!isOurs(declaration) || isInternal(declaration)) continue;
      for (const parameter of signature.getParameters()) {
        const type = optionsOf(parameter);
        if (type === undefined) continue;
        callables.add(name);
        reached.add(type);
      }
    }
  };

  const visitMembers = (owner: string, members: readonly ts.Symbol[]): void => {
    for (const member of members) {
      const [declaration] = member.declarations ?? [];
      if (declaration === undefined || !isOurs(declaration)) continue;
      const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
      if ((ts.getCombinedModifierFlags(declaration) & hidden) !== 0) continue;
      if (ts.isMethodDeclaration(declaration) && ts.isPrivateIdentifier(declaration.name)) continue;
      if (isInternal(declaration)) continue;
      visit(`${owner}.${member.name}`, checker.getTypeOfSymbol(member).getCallSignatures());
    }
  };

  for (const file of files) {
    const module = checker.getSymbolAtLocation(program.getSourceFile(file)!)!;
    for (const exported of checker.getExportsOfModule(module)) {
      const symbol =
        (exported.flags & ts.SymbolFlags.Alias) === 0 ? exported : checker.getAliasedSymbol(exported);
      const { name } = exported;
      if ((symbol.flags & (ts.SymbolFlags.Interface | ts.SymbolFlags.TypeAlias)) !== 0) {
        if (NAMED.test(name)) types.add(symbol.name);
        continue;
      }
      const type = checker.getTypeOfSymbol(symbol);
      visit(name, type.getCallSignatures());
      if ((symbol.flags & ts.SymbolFlags.Class) === 0) continue;
      visit(`new ${name}`, type.getConstructSignatures());
      visitMembers(name, type.getProperties());
      visitMembers(name, checker.getDeclaredTypeOfSymbol(symbol).getProperties());
    }
  }
  return {
    callables: [...callables].sort(),
    nested: [...types].filter((type) => !reached.has(type)).sort(),
  };
}

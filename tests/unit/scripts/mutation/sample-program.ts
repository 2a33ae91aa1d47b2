import ts from 'typescript';
import { findMutants } from '../../../../scripts/mutation/find-mutants.js';
import type { Kind, Mutant } from '../../../../scripts/mutation/mutant.js';
import { typeFacts } from '../../../../scripts/mutation/type-facts.js';

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2022.d.ts'],
  types: [],
  strict: true,
};
const HOST = ts.createCompilerHost(OPTIONS);
/** TypeScript's own library, parsed once. */
const LIBRARY = new Map<string, ts.SourceFile | undefined>();

function libraryFile(name: string): ts.SourceFile | undefined {
  if (!LIBRARY.has(name)) LIBRARY.set(name, HOST.getSourceFile(name, ts.ScriptTarget.ES2022));
  return LIBRARY.get(name);
}

/** A module parsed with its types; it may use what TypeScript's own library declares. */
function parse(text: string): { readonly source: ts.SourceFile; readonly checker: ts.TypeChecker } {
  const source = ts.createSourceFile('sample.ts', text, ts.ScriptTarget.ES2022, true);
  const program = ts.createProgram(['sample.ts'], OPTIONS, {
    ...HOST,
    getSourceFile: (name) => (name === 'sample.ts' ? source : libraryFile(name)),
  });
  return { source, checker: program.getTypeChecker() };
}

export function mutantsOf(text: string): readonly Mutant[] {
  const { source, checker } = parse(text);
  return findMutants(source, 'src/sample.ts', typeFacts(checker));
}

/** The mutants of a kind as `original => replacement`. */
export function changes(kind: Kind, text: string): readonly string[] {
  return mutantsOf(text)
    .filter((mutant) => mutant.kind === kind)
    .map(({ original, replacement }) => `${original} => ${replacement}`);
}

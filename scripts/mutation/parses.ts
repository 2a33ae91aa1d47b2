import ts from 'typescript';

/** Whether a text is a program, types aside. A mutant that is none would be noticed by everybody. */
export function parses(text: string): boolean {
  const { diagnostics = [] } = ts.transpileModule(text, {
    reportDiagnostics: true,
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      experimentalDecorators: true,
    },
  });
  return diagnostics.length === 0;
}

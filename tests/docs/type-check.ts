import { dirname } from 'node:path';
import ts from 'typescript';

/** The compiler's complaints about these files under the project's own settings, as readable text. */
export function typeCheck(files: readonly string[], configFile: string): string[] {
  const { config } = ts.readConfigFile(configFile, (path) => ts.sys.readFile(path));
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, dirname(configFile));
  const program = ts.createProgram([...files], { ...options, noEmit: true, noUnusedLocals: false });
  return ts
    .getPreEmitDiagnostics(program)
    .filter(({ file }) => file !== undefined && files.includes(file.fileName))
    .map((diagnostic) =>
      ts.formatDiagnostic(diagnostic, {
        getCanonicalFileName: (name) => name,
        getCurrentDirectory: () => dirname(configFile),
        getNewLine: () => '\n',
      }),
    );
}

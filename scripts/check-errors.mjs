// Checks that whatever the package exports and can fail says how (CONTRIBUTING.md, "Documentation").
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createJiti } from 'jiti';
import ts from 'typescript';
import { ENTRY_POINTS } from './docs/entry-points.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { findUndocumentedErrors } = await createJiti(import.meta.url).import('./docs/undocumented-errors.ts');

const { config } = ts.readConfigFile(join(root, 'tsconfig.build.json'), ts.sys.readFile);
const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
const entryPoints = ENTRY_POINTS.map((entry) => join(root, entry));
const program = ts.createProgram(entryPoints, options);
const { callables, findings } = findUndocumentedErrors(program, entryPoints, join(root, 'src/'));

for (const finding of findings) console.error(finding);
if (findings.length > 0) {
  console.error(
    `\n${findings.length} of ${callables} exported callables can fail and do not say how. Write "@throws DustError \`kind\` when …" ` +
      'in the doc comment, or "Never throws.", "Never rejects." or "Never errors." where that is what it promises.',
  );
  process.exitCode = 1;
} else {
  console.log(`${callables} exported callables say how they fail.`);
}

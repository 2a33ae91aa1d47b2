import { readFileSync } from 'node:fs';

/** The examples of one page as one module, and what it should print. */
export interface PageModule {
  /** TypeScript source that exports `run(): Promise<void>`. */
  readonly source: string;
  /** The lines the page says are printed: those behind `// -> `. */
  readonly expectedOutput: readonly string[];
}

const CODE_BLOCK = /^```(\S*)([^\n]*)\n([\s\S]*?)^```$/gm;
const IMPORT = /^import [\s\S]*?;\n/gm;
const EXPECTED = /^\s*\/\/ -> (.*)$/gm;

/**
 * Joins the `ts` blocks of a Markdown page into one module, so that a page reads as one program. Blocks whose info string
 * says `fragment` are left out. Imports move to the top; everything else runs in order inside `run`.
 */
export function pageModule(file: string): PageModule | undefined {
  const blocks = [...readFileSync(file, 'utf8').matchAll(CODE_BLOCK)]
    .filter(([, language, info]) => language === 'ts' && !info!.includes('fragment'))
    .map(([, , , code]) => code!);
  if (blocks.length === 0) return undefined;

  const code = blocks.join('\n');
  const imports = [...code.matchAll(IMPORT)].map(([statement]) => statement).join('');
  const body = code
    .replaceAll(IMPORT, '')
    .replaceAll(/^export (?=class |const |function |interface |type )/gm, '');
  return {
    source: `${imports}\nexport async function run(): Promise<void> {\n${body}\n}\n`,
    expectedOutput: [...code.matchAll(EXPECTED)].map(([, line]) => line!.trimEnd()),
  };
}

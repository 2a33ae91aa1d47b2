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
const NAMED_IMPORT = /^import (type )?\{([^}]*)\} from ('[^']+');\n$/;
const EXPECTED = /^\s*\/\/ -> (.*)$/gm;

/**
 * Joins the `ts` blocks of a Markdown page into one module, so that a page reads as one program. Blocks whose info string
 * says `fragment` are left out. Imports move to the top, where a name that several blocks import stands once; everything else
 * runs in order inside `run`.
 */
export function pageModule(file: string): PageModule | undefined {
  const blocks = [...readFileSync(file, 'utf8').matchAll(CODE_BLOCK)]
    .filter(([, language, info]) => language === 'ts' && !info!.includes('fragment'))
    .map(([, , , code]) => code!);
  if (blocks.length === 0) return undefined;

  const code = blocks.join('\n');
  const imports = statedOnce([...code.matchAll(IMPORT)].map(([statement]) => statement));
  const body = code
    .replaceAll(IMPORT, '')
    .replaceAll(/^export (?=class |const |function |interface |type )/gm, '');
  return {
    source: `${imports}\nexport async function run(): Promise<void> {\n${body}\n}\n`,
    expectedOutput: [...code.matchAll(EXPECTED)].map(([, line]) => line!.trimEnd()),
  };
}

function statedOnce(imports: readonly string[]): string {
  const seen = new Set<string>();
  return imports
    .map((statement) => {
      const [, type = '', names, from] = NAMED_IMPORT.exec(statement) ?? [];
      if (names === undefined) return statement;
      const fresh = names
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== '' && !seen.has(`${name} ${from}`));
      for (const name of fresh) seen.add(`${name} ${from}`);
      return fresh.length === 0 ? '' : `import ${type}{ ${fresh.join(', ')} } from ${from};\n`;
    })
    .join('');
}

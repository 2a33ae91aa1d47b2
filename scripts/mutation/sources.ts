import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import ts from 'typescript';
import { findMutants } from './find-mutants.js';
import type { Mutant } from './mutant.js';
import type { TypeFacts } from './type-facts.js';
import { typeFacts } from './type-facts.js';

/** The sources of the package, parsed, with their types. */
export class Sources {
  readonly #root: string;
  readonly #program: ts.Program;
  readonly #facts: TypeFacts;
  /** Relative to the root, with slashes. */
  readonly files: readonly string[];

  constructor(root: string) {
    this.#root = root;
    this.files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
      .map((name) => `src/${name.split(sep).join('/')}`)
      .sort();
    const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as {
      config: unknown;
    };
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
    this.#program = ts.createProgram(
      this.files.map((file) => join(root, file)),
      options,
    );
    this.#facts = typeFacts(this.#program.getTypeChecker());
  }

  parsed(file: string): ts.SourceFile {
    const source = this.#program.getSourceFile(join(this.#root, file));
    if (source === undefined) throw new Error(`${relative(this.#root, file)} is not among the sources.`);
    return source;
  }

  /** Every mutant of the files below the folders. */
  mutantsIn(folders: readonly string[]): readonly Mutant[] {
    return this.files
      .filter((file) => folders.some((folder) => file === folder || file.startsWith(`${folder}/`)))
      .flatMap((file) => findMutants(this.parsed(file), file, this.#facts));
  }
}

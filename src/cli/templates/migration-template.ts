/** What a new migration is written in. */
export type ScriptKind = 'ts' | 'module' | 'commonjs';

const BODY = (context: string, result: string): string => `  async up(${context})${result} {
    // await walk(Author, (author) => { author.sortedAs = author.name; });
  }

  async down(${context})${result} {
    // Undoes what up did; leave it out where that cannot be.
  }
}
`;

const JSDOC = "  /** @param {import('dust-orm').MigrationContext} context */\n";

/** The text of a new migration, and the end of its file's name. */
export function migrationTemplate(
  name: string,
  kind: ScriptKind,
): { readonly text: string; readonly extension: string } {
  switch (kind) {
    case 'ts':
      return {
        extension: 'ts',
        text: `import type { MigrationContext, MigrationInterface } from 'dust-orm';

export class ${name} implements MigrationInterface {
  readonly name = '${name}';

${BODY('{ walk }: MigrationContext', ': Promise<void>')}`,
      };
    case 'module':
      return { extension: 'js', text: `export class ${name} {\n  name = '${name}';\n\n${javaScript()}` };
    case 'commonjs':
      return {
        extension: 'js',
        text: `exports.${name} = class ${name} {\n  name = '${name}';\n\n${javaScript().replace(/\}\n$/, '};\n')}`,
      };
  }
}

function javaScript(): string {
  return BODY('{ walk }', '').replaceAll('  async ', `${JSDOC}  async `);
}

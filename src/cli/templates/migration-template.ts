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

/** The text of a new migration. */
export function migrationTemplate(name: string, kind: ScriptKind): string {
  switch (kind) {
    case 'ts':
      return `import type { MigrationContext, MigrationInterface } from 'dust-orm';

export class ${name} implements MigrationInterface {
  readonly name = '${name}';

${BODY('{ walk }: MigrationContext', ': Promise<void>')}`;
    case 'module':
      return `export class ${name} {\n  name = '${name}';\n\n${javaScript()}`;
    case 'commonjs':
      return `exports.${name} = class ${name} {\n  name = '${name}';\n\n${javaScript().replace(/\}\n$/, '};\n')}`;
  }
}

function javaScript(): string {
  return BODY('{ walk }', '').replaceAll('  async ', `${JSDOC}  async `);
}

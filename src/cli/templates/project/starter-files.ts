import type { EntityNames } from './names.js';

/** How entities are declared: by the decorators that TypeScript had first, by those of the language, or by `defineEntity`. */
export const FRONTS = ['legacy', 'es', 'define'] as const;

/** One of {@link FRONTS}. */
export type Front = (typeof FRONTS)[number];

/** What the files that a project begins with depend on. */
export interface Starter {
  readonly names: EntityNames;
  readonly front: Front;
  /** The folder of the store; undefined where the environment names a server. */
  readonly data: string | undefined;
  /** What relative imports end in: `.js` in a project of ECMAScript modules, nothing in one of CommonJS. */
  readonly ending: '.js' | '';
  /** Where the configuration file goes: in the project's folder, or beside the sources, where the compiler takes everything. */
  readonly config: 'ormconfig.ts' | 'src/ormconfig.ts';
}

/** A file to be written. */
export interface StarterFile {
  /** Its way from the project's folder, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** The files of a project's first entity, store and record. */
export function starterFiles(starter: Starter): readonly StarterFile[] {
  const { names, config, ending } = starter;
  const source = config === 'ormconfig.ts' ? './src/data-source' : './data-source';
  return [
    { path: `src/entities/${names.file}.ts`, text: ENTITY[starter.front](names) },
    { path: 'src/data-source.ts', text: dataSource(starter) },
    { path: 'src/first.ts', text: firstProgram(starter) },
    {
      path: config,
      text: `// What "dust-orm <command> --config ${config}" works on.\nexport { dataSource as default } from '${source}${ending}';\n`,
    },
  ];
}

const ENTITY: Readonly<Record<Front, (names: EntityNames) => string>> = {
  legacy: decorated('dust-orm'),
  es: decorated('dust-orm/es'),
  define: ({
    type,
    prefix,
  }) => `import { counterField, createdAtField, defineEntity, field, slug } from 'dust-orm';

export class ${type} extends defineEntity(
  '${prefix}',
  {
    slug: slug(),
    title: field('string', { required: true }),
    views: counterField(),
    createdAt: createdAtField(),
  },
  { name: '${type}' },
) {}
`,
};

function decorated(source: string): (names: EntityNames) => string {
  return ({
    type,
    prefix,
  }) => `import { CounterField, CreatedAtField, DustEntity, Field, Slug } from '${source}';

@DustEntity({ prefix: '${prefix}', name: '${type}' })
export class ${type} {
  /** Names the record; it is yours to choose. */
  @Slug() slug!: string;
  @Field('string', { required: true }) title!: string;
  /** A number that many writers may add to at once. */
  @CounterField() views!: number;
  @CreatedAtField() createdAt?: Date;
}
`;
}

function dataSource({ names: { type, file }, data, ending }: Starter): string {
  const entity = `import { ${type} } from './entities/${file}${ending}';`;
  if (data === undefined) {
    return `import { DataSource, dataSourceOptionsFromEnv } from 'dust-orm';
import type { DataSourceOptions } from 'dust-orm';
${entity}

/** DUST_BASE_URL, DUST_TOKEN and DUST_STORE say where the store is; without them it is in memory, and gone at the end. */
export const options: DataSourceOptions = { ...dataSourceOptionsFromEnv(), entities: [${type}] };

export const dataSource = new DataSource(options);
`;
  }
  return `import { DataSource } from 'dust-orm';
import type { DataSourceOptions } from 'dust-orm';
${entity}

/** The store is a folder, which one process at a time may have open. */
export const options: DataSourceOptions = { path: ${quoted(data)}, entities: [${type}] };

export const dataSource = new DataSource(options);
`;
}

function firstProgram({ names: { type, file, variable }, ending }: Starter): string {
  return `import { dataSource } from './data-source${ending}';
import { ${type} } from './entities/${file}${ending}';

async function main(): Promise<void> {
  await dataSource.initialize();
  try {
    const ${variable} = dataSource.getRepository(${type});
    await ${variable}.insert({ slug: 'first', title: 'The first ${file.replaceAll('-', ' ')}' });
    await ${variable}.increment('first', 'views', 1);
    console.log(await ${variable}.find());
  } finally {
    await dataSource.destroy();
  }
}

void main();
`;
}

/** A text between single quotes. */
function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}

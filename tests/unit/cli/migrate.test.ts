import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { useCompiledPackage } from '../../faults/compiled-sources.js';

/** The command as a process of its own, in a project of TypeScript: its files are loaded by jiti. */
const compiled = useCompiledPackage();
let installed: string;
let project: string;

beforeAll(() => {
  installed = mkdtempSync(`${compiled.folder}-migrate-`);
  const dustOrmFolder = join(installed, 'node_modules/dust-orm');
  cpSync(compiled.folder, dustOrmFolder, { recursive: true });
  const about = { name: 'dust-orm', version: '9.9.9', type: 'module', exports: './index.js' };
  writeFileSync(join(dustOrmFolder, 'package.json'), JSON.stringify(about));
});

afterAll(() => {
  rmSync(installed, { recursive: true, force: true });
});

beforeEach(() => {
  project = mkdtempSync(join(installed, 'project-'));
  write('package.json', '{ "type": "module" }');
  // Ends the reach of that of this repository, which says that dust-orm is its sources.
  write('tsconfig.json', '{ "compilerOptions": { "paths": { "@entities/*": ["./entities/*"] } } }');
  write(
    'entities/author.ts',
    `import { DustEntity, Field, Slug } from 'dust-orm';
@DustEntity('authors')
export class Author {
  @Slug() id!: string;
  @Field('string') name?: string;
}`,
  );
  write(
    'ormconfig.ts',
    `import { Author } from './entities/author.js';
export default {
  path: 'data',
  entities: [Author],
  migrations: ['migrations/*{.ts,.js}'],
  seeds: ['seeds/**/*.ts'],
};`,
  );
  write(
    'seeds/authors.ts',
    `import { Author } from '../entities/author.js';
export const seed = (manager) => manager.insert(Author, [{ id: 'a', name: 'Ann' }, { id: 'b', name: 'Bob' }]);`,
  );
  write(
    'migrations/1700000000000-Shout.ts',
    `import type { MigrationContext, MigrationInterface } from 'dust-orm';
import { Author } from '../entities/author.js';
export class Shout1700000000000 implements MigrationInterface {
  async up({ walk }: MigrationContext) {
    await walk(Author, ({ name }) => ({ name: name!.toUpperCase() }));
  }
  async down({ walk }: MigrationContext) {
    await walk(Author, ({ name }) => ({ name: name!.toLowerCase() }));
  }
}`,
  );
});

function write(file: string, text: string): void {
  mkdirSync(dirname(join(project, file)), { recursive: true });
  writeFileSync(join(project, file), text);
}

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function dustOrm(...argv: readonly string[]): Promise<Outcome> {
  const main = join(installed, 'node_modules/dust-orm/cli/main.js');
  const { DUST_BASE_URL: _url, DUST_TOKEN: _token, DUST_STORE: _store, ...env } = process.env;
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...argv], { cwd: project, env }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

const CONFIG = ['--config', 'ormconfig.ts'] as const;

it('runs seeds and migrations of files, tells how they stand and undoes the last', async () => {
  expect(await dustOrm('seed', ...CONFIG)).toMatchObject({ code: 0, out: 'Ran seeds/authors.ts.\n' });
  const before = await dustOrm('migrate', 'status', ...CONFIG, '--check');
  expect(before).toEqual({ code: 1, out: 'pending      Shout1700000000000\n', err: '' });
  const up = await dustOrm('migrate', 'up', ...CONFIG);
  expect(up).toEqual({ code: 0, out: 'Ran Shout1700000000000.\n', err: '' });
  expect((await dustOrm('get', 'authors/a/name', ...CONFIG)).out).toBe('"ANN"\n');
  expect((await dustOrm('migrate', 'up', ...CONFIG)).out).toBe('All migrations are done.\n');
  const after = await dustOrm('migrate', 'status', ...CONFIG, '--check', '--json');
  expect(after.code).toBe(0);
  expect(JSON.parse(after.out)).toMatchObject({
    migrations: [
      {
        name: 'Shout1700000000000',
        state: 'done',
        walks: [{ key: 'authors', processed: 2, written: 2, isDone: true }],
      },
    ],
  });
  const down = await dustOrm('migrate', 'down', ...CONFIG, '--json');
  expect(down).toEqual({ code: 0, out: '{"undone":"Shout1700000000000"}\n', err: '' });
  expect((await dustOrm('get', 'authors/a/name', ...CONFIG)).out).toBe('"ann"\n');
  expect(await dustOrm('migrate', 'down', ...CONFIG)).toEqual({
    code: 3,
    out: 'There is no migration to undo.\n',
    err: '',
  });
}, 120_000);

it('SIGTERM stops it behind what it has visited, which the next run does not visit again', async () => {
  write(
    'migrations/1700000000000-Shout.ts',
    `import { appendFileSync, readFileSync } from 'node:fs';
import { Author } from '../entities/author.js';
export class Shout1700000000000 {
  async up({ walk }) {
    await walk(Author, async ({ id, name }) => {
      appendFileSync('seen', id);
      if (readFileSync('seen', 'utf8') === 'ab') {
        const heard = new Promise((resolve) => process.once('SIGTERM', resolve));
        process.kill(process.pid, 'SIGTERM');
        await heard;
      }
      return { name: name + '!' };
    });
  }
}`,
  );
  write(
    'seeds/authors.ts',
    `import { Author } from '../entities/author.js';
export const seed = (manager) => manager.insert(Author, ['a', 'b', 'c'].map((id) => ({ id, name: id })));`,
  );
  await dustOrm('seed', ...CONFIG);
  expect(await dustOrm('migrate', 'up', ...CONFIG)).toMatchObject({ code: 143, out: '' });
  expect((await dustOrm('migrate', 'status', ...CONFIG)).out).toMatch(/^interrupted .*authors: 2 records/);
  expect(await dustOrm('migrate', 'up', ...CONFIG)).toMatchObject({ code: 0 });
  expect(readFileSync(join(project, 'seen'), 'utf8')).toBe('abc');
  expect((await dustOrm('ls', 'authors', ...CONFIG)).out.match(/"[abc]!"/g)).toHaveLength(3);
}, 120_000);

it('says which one failed, and records it', async () => {
  write(
    'migrations/1700000000001-Fails.ts',
    `export class Fails1700000000001 { async up() { throw new RangeError('no luck'); } }`,
  );
  const { code, out, err } = await dustOrm('migrate', 'up', ...CONFIG);
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toContain('dust-orm: Migration Fails1700000000001 (up) stopped: no luck\n');
  const status = await dustOrm('migrate', 'status', ...CONFIG);
  expect(status.out).toMatch(/^failed {7}Fails1700000000001 {2}\S+Z; no luck$/m);
  const json = await dustOrm('migrate', 'up', ...CONFIG, '--json');
  expect(JSON.parse(json.err.trim().split('\n').at(-1)!)).toMatchObject({
    error: { kind: 'unexpected', message: expect.stringContaining('Fails1700000000001') },
  });
}, 60_000);

it.each<[string, readonly string[]]>([
  ['status', ['migrate', 'status']],
  ['status that is checked', ['migrate', 'status', '--check']],
  ['down', ['migrate', 'down']],
])(
  '%s makes no folder of a slip in its name',
  async (_, argv) => {
    const { code, out, err } = await dustOrm(...argv, ...CONFIG);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    const folder = join(project, 'data');
    expect(err).toContain(`There is no store in ${folder}`);
    expect(err).toContain('path');
    expect(err).toContain('ormconfig.ts');
    expect(existsSync(folder)).toBe(false);
  },
  60_000,
);

it('up and seed make the folder of a new store, and say so', async () => {
  const up = await dustOrm('migrate', 'up', ...CONFIG);
  const said = `dust-orm: there was no store in ${join(project, 'data')}; a new one is made\n`;
  expect(up).toEqual({ code: 0, out: 'Ran Shout1700000000000.\n', err: said });
  expect(await dustOrm('seed', ...CONFIG)).toMatchObject({ code: 0, err: '' });
  expect((await dustOrm('migrate', 'status', ...CONFIG)).out).toContain('done');
}, 60_000);

it('a new store is no news where only JSON is asked for', async () => {
  const { code, out, err } = await dustOrm('seed', ...CONFIG, '--json');
  expect({ code, out, err }).toEqual({ code: 0, out: '{"seeded":["seeds/authors.ts"]}\n', err: '' });
}, 60_000);

it.each<[string, readonly string[], string]>([
  [
    'without a configuration',
    ['migrate', 'up', '--data', 'data'],
    '"migrate" needs the classes of your program',
  ],
  ['with a file without migrations', ['migrate', 'up', '--config', 'odd.ts'], 'exports no migration'],
  ['with a file that does not load', ['migrate', 'status', '--config', 'broken.ts'], 'could not be loaded'],
  ['with a store in memory', ['migrate', 'up', '--config', 'memory.ts'], 'in memory'],
  ['with seeds that are not there', ['seed', ...CONFIG, 'none/*.ts'], 'There are no seeds'],
  ['with a seed that is none', ['seed', ...CONFIG, 'entities/author.ts'], 'exports no function seed'],
  ['with a name that is none', ['migrate', 'create', '7up'], 'begins with a letter'],
])(
  '%s it is wrong usage, and opens no store',
  async (_, argv, message) => {
    const config = (migrations: string): string =>
      `export default { path: 'data', entities: [], migrations: [${JSON.stringify(migrations)}] };`;
    write('odd.ts', config('entities/*.ts'));
    write('broken.ts', config('parts/broken.ts'));
    write('parts/broken.ts', 'export default {');
    write('memory.ts', 'export default { entities: [] };');
    const { code, err } = await dustOrm(...argv);
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(message) });
    expect(existsSync(join(project, 'data'))).toBe(false);
  },
  60_000,
);

it.each<[string, () => void, readonly string[], RegExp, RegExp]>([
  [
    'TypeScript where the configuration is',
    () => undefined,
    CONFIG,
    /^migrations\/(\d{13})-AddText\.ts$/,
    /^export class AddText\d{13} implements MigrationInterface \{$/m,
  ],
  [
    'TypeScript where there is a tsconfig.json',
    () => undefined,
    ['--dir', 'src/steps'],
    /^src\/steps\/(\d{13})-AddText\.ts$/,
    /async up\(\{ walk \}: MigrationContext\): Promise<void> \{/,
  ],
  [
    'an ECMAScript module where package.json says so',
    () => rmSync(join(project, 'tsconfig.json')),
    [],
    /^migrations\/(\d{13})-AddText\.js$/,
    /^export class AddText\d{13} \{$/m,
  ],
  [
    'CommonJS else',
    () => write('package.json', '{}'),
    ['--js'],
    /^migrations\/(\d{13})-AddText\.js$/,
    /^exports\.AddText(\d{13}) = class AddText\1 \{$/m,
  ],
])(
  'create writes %s, which runs',
  async (_, prepare, flags, path, text) => {
    prepare();
    const made = await dustOrm('migrate', 'create', 'add-text', ...flags, '--json');
    expect(made).toMatchObject({ code: 0, err: '' });
    const { file } = JSON.parse(made.out) as { readonly file: string };
    expect(file).toMatch(path);
    expect(readFileSync(join(project, file), 'utf8')).toMatch(text);
    const [, time] = path.exec(file)!;
    write('made.ts', `export default { path: 'data', entities: [], migrations: [${JSON.stringify(file)}] };`);
    const up = await dustOrm('migrate', 'up', '--config', 'made.ts');
    expect(up).toMatchObject({ code: 0, out: `Ran AddText${time}.\n` });
  },
  60_000,
);

it('create refuses to write what the configuration does not look for, and says where it is not named', async () => {
  write('own.ts', `export default { path: 'data', entities: [], migrations: ['steps/*.ts'] };`);
  const create = ['migrate', 'create', 'add-text', '--config', 'own.ts', '--js'] as const;
  const { code, out, err } = await dustOrm(...create);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain('looks for migrations at steps/*.ts');
  expect(existsSync(join(project, 'steps'))).toBe(false);
  expect((await dustOrm(...create, '--dir', 'src')).err).toMatch(
    /^dust-orm: the option migrations of own\.ts does not name src\/\d{13}-AddText\.js; /,
  );
}, 60_000);

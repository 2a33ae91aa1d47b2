import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CliWorld, chunks } from './cli-world.js';

const world = CliWorld.use();
const at = (file: string): string => join(world.folder, file);
const text = (file: string): Promise<string> => readFile(at(file), 'utf8');

async function project(about: object = {}): Promise<void> {
  await writeFile(at('package.json'), JSON.stringify({ name: 'program', ...about }));
}

/** A terminal on which these lines are typed. */
function typed(...lines: string[]): AsyncIterable<string | Uint8Array> {
  return Object.assign(chunks(...lines.map((line) => `${line}\n`)), { isTTY: true });
}

describe('what it writes', () => {
  it('is the same again the second time', async () => {
    await project({ type: 'module' });
    const first = await world.run(['init', '--json']);
    expect({ ...JSON.parse(first.out), code: first.code, err: first.err }).toEqual({
      code: 0,
      err: '',
      written: [
        'tsconfig.json',
        'src/entities/link.ts',
        'src/data-source.ts',
        'src/first.ts',
        'ormconfig.ts',
      ],
      kept: [],
      compilerOptions: [],
      config: 'ormconfig.ts',
      notes: [],
      next: [
        'npm install dust-orm reflect-metadata rxjs',
        'npm install --save-dev typescript tsx @types/node',
        'npx tsx src/first.ts',
        'npx dust-orm ls --config ormconfig.ts',
        ...(first.out.includes('studio') ? ['npx dust-orm studio --config ormconfig.ts'] : []),
      ],
    });
    const again = await world.run(['init']);
    expect(again).toMatchObject({ code: 0, out: expect.stringContaining('Left ormconfig.ts as it is.') });
    expect(again.out).not.toContain('Wrote');
  });

  it('remarks on what tsconfig.json extends and is not there', async () => {
    await project({ type: 'module' });
    await writeFile(at('base.json'), '');
    await writeFile(at('tsconfig.json'), '{ "extends": ["./base", "./gone.json", "@company/base"] }');
    const { out } = await world.run(['init', '--json']);
    expect(JSON.parse(out).notes).toEqual([
      expect.stringContaining('extends ./gone.json, which is not there'),
    ]);
  });

  it('ends its imports as the project does', async () => {
    await project({ type: 'module' });
    await world.run(['init']);
    expect(await text('src/first.ts')).toContain("from './entities/link.js'");
    await project({ type: 'commonjs' });
    await world.run(['init', '--force']);
    expect(await text('src/first.ts')).toContain("from './entities/link'");
  });

  it('names the entity in every place', async () => {
    await project();
    await world.run(['init', '--entity', 'reading category']);
    expect(await text('src/entities/reading-category.ts')).toMatch(
      /prefix: 'reading-categories', name: 'ReadingCategory' \}\)\nexport class ReadingCategory /,
    );
    expect(await text('src/first.ts')).toContain(
      'const readingCategories = dataSource.getRepository(ReadingCategory);',
    );
  });

  it('has a server or a folder', async () => {
    await project();
    await world.run(['init', '--data', "it's/here"]);
    expect(await text('src/data-source.ts')).toContain(String.raw`path: 'it\'s/here'`);
    const { out } = await world.run(['init', '--server', '--force']);
    expect(await text('src/data-source.ts')).toContain('...dataSourceOptionsFromEnv()');
    expect(out).toContain('npx dust-orm serve');
    expect(await world.run(['init', '--server', '--data', 'x'])).toMatchObject({ code: 2 });
  });

  it('leaves the settings of a compiler that takes the whole folder with its layout', async () => {
    await project();
    await writeFile(at('tsconfig.json'), '{ "compilerOptions": { "outDir": "dist" } } // ours');
    const { out } = await world.run(['init']);
    expect(out).toContain('Wrote tsconfig.json (set experimentalDecorators, emitDecoratorMetadata, target).');
    expect(out).toContain('npx dust-orm ls --config src/ormconfig.ts');
    expect(await text('src/ormconfig.ts')).toContain("from './data-source'");
    expect(await text('tsconfig.json')).toContain('// ours');
    expect(await readdir(world.folder)).not.toContain('ormconfig.ts');
  });

  it('tells a Nest project which lines make a module of it', async () => {
    await project({
      dependencies: { '@nestjs/core': '^11.0.0', rxjs: '^7.0.0', 'reflect-metadata': '^0.2.0' },
    });
    await writeFile(at('pnpm-lock.yaml'), '');
    const { out } = await world.run(['init']);
    expect(out).toContain('imports: [DustOrmModule.forRoot(options), DustOrmModule.forFeature([Link])]');
    expect(out).toContain('\n  pnpm add dust-orm\n');
    expect(out).toContain('\n  pnpm exec tsx src/first.ts\n');
  });
});

describe('what it refuses', () => {
  it('a folder that is no project, unless it may be made one', async () => {
    expect(await world.run(['init'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('There is no package.json'),
    });
    expect(await readdir(world.folder)).toEqual([]);
    expect((await world.run(['init', '--yes'])).code).toBe(0);
    expect(JSON.parse(await text('package.json'))).toMatchObject({ type: 'module', private: true });
  });

  it('to write over anything, and then writes nothing at all', async () => {
    await project();
    await mkdir(at('src'));
    await writeFile(at('src/data-source.ts'), 'mine');
    const { code, err } = await world.run(['init']);
    expect({ code, err }).toEqual({
      code: 2,
      err: expect.stringContaining(
        'src/data-source.ts is there already and holds something else. Nothing was written.',
      ),
    });
    expect((await readdir(world.folder)).sort()).toEqual(['package.json', 'src']);
    expect(await world.run(['init', '--force'])).toMatchObject({ code: 0 });
    expect(await text('src/data-source.ts')).toContain('new DataSource(options)');
  });

  it.each([
    [{}, '{"compilerOptions":{"experimentalDecorators":true}}', 'tsconfig.json sets experimentalDecorators'],
    [{ dependencies: { '@nestjs/core': '1' } }, '{}', 'NestJS needs experimentalDecorators'],
  ])('standard decorators in a project of %j with %s', async (about, settings, reason) => {
    await project(about);
    await writeFile(at('tsconfig.json'), settings);
    const { code, err } = await world.run(['init', '--front', 'es']);
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(reason) });
    expect(err).toContain('--front define');
    expect(await text('tsconfig.json')).toBe(settings);
  });

  it.each([
    ['package.json', '{', 'package.json cannot be read: it is no JSON'],
    ['tsconfig.json', '{ "a" }', 'tsconfig.json cannot be read: ColonExpected in line 1'],
  ])('a %s that it cannot read', async (file, content, reason) => {
    await project();
    await writeFile(at(file), content);
    expect(await world.run(['init'])).toMatchObject({ code: 2, err: expect.stringContaining(reason) });
    expect(await text(file)).toBe(content);
  });

  it.each(['1st', 'a.b', 'date', 'Ö', '../x', ''])('the entity %j', async (name) => {
    await project();
    expect(await world.run(['init', '--entity', name])).toMatchObject({
      code: 2,
      err: expect.stringContaining('--entity must be the name of a class'),
    });
  });
});

describe('at a terminal', () => {
  it('asks, and asks again what cannot be used', async () => {
    await project();
    const { out, code } = await world.run(['init'], { isTTY: true, stdin: typed('9', 'book', 'server') });
    expect(code).toBe(0);
    expect(out).toMatch(
      /^What is the first entity called\? \(Link\) Give the name of a class, .*\nWhat is the first entity called\? \(Link\) Where is the store/,
    );
    expect(await text('src/data-source.ts')).toContain('entities: [Book]');
    expect(await text('src/data-source.ts')).toContain('dataSourceOptionsFromEnv');
  });

  it('takes an empty answer, and the end of the input, for what it proposes', async () => {
    await project();
    await world.run(['init'], { isTTY: true, stdin: typed('') });
    expect(await text('src/data-source.ts')).toContain("path: './data', entities: [Link]");
  });

  it('asks nothing with --yes, nor what the flags say', async () => {
    await project();
    const silent = await world.run(['init', '--yes'], { isTTY: true, stdin: typed('Book') });
    expect(silent.out).not.toContain('?');
    const half = await world.run(['init', '--entity', 'Book', '--force'], {
      isTTY: true,
      stdin: typed('there'),
    });
    expect(half.out).not.toContain('called?');
    expect(await text('src/data-source.ts')).toContain("path: 'there', entities: [Book]");
  });
});

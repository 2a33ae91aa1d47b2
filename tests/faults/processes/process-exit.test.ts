import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { useDataFolder } from '../../unit/store/lmdb/data-folder.js';
import { useCompiledPackage } from '../compiled-sources.js';

const compiled = useCompiledPackage();
const data = useDataFolder();

/** Runs a program that uses everything that could keep a process alive; resolves to how it ended and what it said. */
async function run(options: object, end: string): Promise<{ code: unknown; output: string }> {
  const program = `
    const { DataSource, DustEntity, Field, Slug } = await import(${JSON.stringify(pathToFileURL(join(compiled.folder, 'index.js')).href)});
    class Note {}
    Slug()(Note.prototype, 'slug');
    Field('string')(Note.prototype, 'text');
    DustEntity('notes')(Note);
    const dataSource = await new DataSource({ entities: [Note], ...${JSON.stringify(options)} }).initialize();
    const notes = dataSource.getRepository(Note);
    notes.live().subscribe();
    notes.events().subscribe();
    await notes.insert({ slug: 'a', text: 'kept' });
    await dataSource.manager.lease('jobs');
    ${end}
    console.log('last line');`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], { timeout: 15_000 });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [unknown];
  return { code, output };
}

describe('a program ends by itself', () => {
  it.each([
    ['memory, destroyed', () => ({}), 'await dataSource.destroy();'],
    ['memory, left open', () => ({}), ''],
    ['LMDB, destroyed', () => ({ path: data.path }), 'await dataSource.destroy();'],
    ['LMDB, left open', () => ({ path: data.path }), ''],
  ])('%s', async (_, options, end) => {
    expect(await run(options(), end)).toEqual({ code: 0, output: 'last line\n' });
  });
});

import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CliWorld, chunks } from './cli-world.js';

const world = CliWorld.use();

const HEADER = '{"_header":true,"path_schema_version":3}';
const leaf = (path: string, value: unknown, type: string): string => JSON.stringify({ path, value, type });
const file = (name: string): string => join(world.folder, name);

describe.each(['a server', 'a server imitating 0.1', 'a folder'])('export and import on %s', (where) => {
  const run = (...argv: string[]) => world.run(where === 'a folder' ? [...argv, '--data', 'data'] : argv);

  beforeEach(async () => {
    if (where === 'a server') await world.serve();
    if (where === 'a server imitating 0.1') await world.serve({ imitate: '0.1' });
    await run('put', 'a', '{"s":"é","n":1,"l":[{"x":1}],"f":1.5,"e":null}');
  });

  it('export writes the header and every leaf in store order', async () => {
    const { lines, code } = await run('export');
    expect(code).toBe(0);
    expect(JSON.parse(lines[0]!)).toMatchObject({ _header: true, path_schema_version: 3 });
    expect(lines.slice(1)).toEqual([
      leaf('a/e', null, 'null'),
      leaf('a/f', 1.5, 'float'),
      leaf('a/l', [{ x: 1 }], 'string'),
      leaf('a/n', 1, 'integer'),
      leaf('a/s', 'é', 'string'),
    ]);
  });

  it('what was exported is imported, types included', async () => {
    await writeFile(
      file('in.jsonl'),
      `${HEADER}\n${leaf('c/v', 7, 'counter')}\r\n\n${leaf('d', 'x', 'string')}`,
    );
    expect((await run('import', 'in.jsonl')).out).toBe('Imported 2 leaves.\n');
    expect(JSON.parse((await run('get', 'c/v', '--json')).out)).toMatchObject({ value: 7, type: 'counter' });
    expect((await run('export', 'out.jsonl')).out).toBe('Exported 7 leaves to out.jsonl.\n');
    const exported = await readFile(file('out.jsonl'), 'utf8');
    await run('rm', 'a');
    await run('rm', 'c');
    const again = await run('import', 'out.jsonl', '--json');
    expect(JSON.parse(again.out)).toEqual({ imported: 7, storeSeq: expect.any(Number) });
    const [, ...leaves] = (await run('export', '-')).lines;
    expect(leaves).toEqual(exported.split('\n').slice(1, -1));
  });

  it('a whole number that would come to be another one stops an import before it writes', async () => {
    const digits = '{"path":"b/n","value":9007199254740993,"type":"integer"}';
    await writeFile(file('long.jsonl'), `${HEADER}\n${leaf('b/a', 1, 'integer')}\n${digits}`);
    const { code, err } = await run('import', 'long.jsonl');
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('Line 3 of the dump') });
    expect((await run('get', 'b/a')).code).toBe(3);
  });

  it('what is exported of large numbers is imported', async () => {
    await run('put', 'big', '[9e20,9007199254740992,-1.7e308]');
    await run('export', 'big.jsonl');
    expect(await run('import', 'big.jsonl')).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse((await run('get', 'big')).out)).toEqual([9e20, 2 ** 53, -1.7e308]);
  });

  it('a fault in the last line of a file writes nothing and names the line', async () => {
    await writeFile(file('bad.jsonl'), `${HEADER}\n${leaf('b', 1, 'integer')}\n{"path":"b//c"}`);
    const { code, err } = await run('import', 'bad.jsonl');
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('Line 3 of the dump') });
    expect((await run('get', 'b')).code).toBe(3);
  });
});

it('import cuts a large dump into requests far below what a server takes', async () => {
  await world.serve({ bounds: { body: 3 * 1024 * 1024 } });
  const text = 'é'.repeat(500);
  const lines = Array.from({ length: 6000 }, (_, n) => leaf(`big/${n}`, text, 'string'));
  async function* stdin(): AsyncGenerator<string> {
    for (const line of [HEADER, ...lines]) yield `${line}\n`;
  }
  const { code, out, err } = await world.run(['import', '-'], { stdin: stdin() });
  expect({ code, out, err }).toEqual({ code: 0, out: 'Imported 6000 leaves.\n', err: '' });
  expect((await world.run(['get', 'big/5999'])).out).toBe(`${JSON.stringify(text)}\n`);
});

it('an import that stops says what was written', async () => {
  await world.serve({ bounds: { body: 3 * 1024 * 1024 } });
  const lines = [leaf('one', 'x'.repeat(1000), 'string'), leaf('two', 'x'.repeat(4_000_000), 'string')];
  const { code, err } = await world.run(['import', '-'], { stdin: chunks(lines.join('\n')) });
  expect({ code, err }).toEqual({
    code: 2,
    err: expect.stringContaining('The 1 leaves before were written'),
  });
  expect((await world.run(['get', 'one'])).code).toBe(0);
});

it('progress shows on a terminal only', async () => {
  await world.serve();
  const stdin = (): AsyncIterable<string | Uint8Array> => chunks(leaf('a', 1, 'integer'));
  expect((await world.run(['import', '-'], { stdin: stdin(), isTTY: true })).err).toContain('1 leaves');
  expect((await world.run(['import', '-'], { stdin: stdin() })).err).toBe('');
});

it('an export that fails leaves the old file and nothing else', async () => {
  await writeFile(file('keep.jsonl'), 'old');
  const { code } = await world.run(['export', 'keep.jsonl', '--data', 'none']);
  expect(code).toBe(2);
  expect(await readFile(file('keep.jsonl'), 'utf8')).toBe('old');
  await world.run(['put', 'a', '1', '--data', 'data']);
  const refused = await world.run(['export', 'missing/folder/out.jsonl', '--data', 'data', '--json']);
  expect(refused.code).toBe(1);
  expect(JSON.parse(refused.err)).toMatchObject({ error: { kind: 'storage', detail: 'file' } });
  expect((await readdir(world.folder)).sort()).toEqual(['data', 'keep.jsonl']);
});

it('a file that is not there is named', async () => {
  await world.serve();
  const { code, err } = await world.run(['import', 'nowhere.jsonl']);
  expect({ code, err }).toEqual({
    code: 1,
    err: expect.stringMatching(/nowhere\.jsonl cannot be read: ENOENT/),
  });
});

import { mkdir, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openLmdbStorage } from '../../../src/store/lmdb/index.js';
import { Store } from '../../../src/store/index.js';
import { Patient } from '../store/lmdb/damage/patient.js';
import { CliWorld } from './cli-world.js';

const world = CliWorld.use();
const at = (name: string): string => join(world.folder, name);
const put = (data: string, path: string, value: unknown) =>
  world.run(['put', path, JSON.stringify(value), '--data', data]);
const get = async (data: string, path: string) =>
  JSON.parse((await world.run(['get', path, '--data', data])).out);
const busy = async (name: string): Promise<void> => {
  const store = new Store({ storage: await openLmdbStorage({ path: at(name) }) });
  world.onClose(() => store.close());
};
/** What doctor says with --verify, as status and message. */
const verify = async (name: string) => {
  const { code, out } = await world.run(['doctor', '--verify', '--data', name, '--json']);
  const { findings } = JSON.parse(out);
  return {
    code,
    found: findings.filter((f: any) => f.check === 'verify').map((f: any) => `${f.status} ${f.message}`),
  };
};

describe('backup and restore', () => {
  it('bring a store back', async () => {
    await put('data', 'a', { b: 1, c: 'x' });
    expect(await world.run(['backup', 'data', 'copy'])).toMatchObject({
      code: 0,
      out: `Backed up the store in ${at('data')} to ${at('copy')}.\n`,
      err: '',
    });
    await put('data', 'a', { b: 2 });
    expect((await world.run(['restore', 'copy', 'data'])).code).toBe(2);
    expect(await get('data', 'a')).toEqual({ b: 2 });
    expect(await world.run(['restore', 'copy', 'data', '--replace'])).toMatchObject({
      code: 0,
      out: `Restored the store with 2 leaves to ${at('data')}.\n`,
    });
    expect(await get('data', 'a')).toEqual({ b: 1, c: 'x' });
    expect(await get('copy', 'a')).toEqual({ b: 1, c: 'x' });
  });

  it('and doctor --verify tell how far they are where a person looks, and leave nothing of it behind', async () => {
    await put('data', 'a', 1);
    const shown = async (...argv: string[]) =>
      (await world.run(argv, { isTTY: true })).err.split('\r\u001B[K').filter((text) => text !== '');
    expect((await shown('backup', 'data', 'copy'))[0]).toBe(`copy ${at('data')}: 0 of 0 MB`);
    expect((await shown('restore', 'copy', 'new'))[0]).toBe(`verify ${at('copy')}: 0 of 0 MB`);
    expect(await shown('doctor', '--verify', '--data', 'data')).toEqual([
      expect.stringMatching(/^verify .*data: 0 of 0 MB$/),
    ]);
    const { err } = await world.run(['backup', 'data', 'other'], { isTTY: true });
    expect(err.endsWith('\r\u001B[K')).toBe(true);
  });

  it('answer as JSON', async () => {
    await put('data', 'a', 1);
    const backup = await world.run(['backup', 'data', 'copy', '--json']);
    expect(JSON.parse(backup.out)).toEqual({ out: at('copy'), stores: 1 });
    const restore = await world.run(['restore', 'copy', 'new', '--json']);
    expect(JSON.parse(restore.out)).toEqual({ path: at('new'), stores: 1, leaves: 1 });
  });

  it('take all stores of a server with them', async () => {
    await world.run(['put', 'a', '1', '--data', 'data', '--store', 'acme/one']);
    expect((await world.run(['put', 'a', '1', '--data', 'data/acme/one'])).code).toBe(0);
    await put('data/acme/two', 'b', 2);
    expect((await world.run(['backup', 'data', 'copy'])).out).toContain('the 2 stores');
    await rm(at('data'), { recursive: true });
    expect((await world.run(['restore', 'copy', 'data'])).out).toContain('2 stores with 2 leaves');
    expect([await get('data/acme/one', 'a'), await get('data/acme/two', 'b')]).toEqual([1, 2]);
  });

  it.each([
    [['backup', 'nowhere', 'copy'], 2, /There is no store/],
    [['backup', 'empty', 'copy'], 2, /There is no store/],
    [['backup', 'file', 'copy'], 1, /ENOTDIR/],
    [['backup', 'data', 'file'], 2, /something at ".*file" already/],
    [['backup', 'data', 'data/copy'], 2, /lies inside the data folder/],
    [['restore', 'nowhere', 'new'], 2, /no backup in/],
    [['restore', 'copy', 'data'], 2, /holds a store\. Give `replace` \(--replace\)/],
  ])('%j is refused', async (argv, code, message) => {
    await put('data', 'a', 1);
    await writeFile(at('file'), '');
    await mkdir(at('empty'));
    await world.run(['backup', 'data', 'sound']);
    await world.run(['restore', 'sound', 'copy']);
    await rm(at(argv[0] === 'backup' ? 'copy' : 'new'), { recursive: true, force: true });
    const before = (await readdir(world.folder)).sort();
    const outcome = await world.run(argv);
    expect(outcome.err).toMatch(message);
    expect(outcome.code).toBe(code);
    expect((await readdir(world.folder)).sort()).toEqual(before);
  });

  it('of a folder that is open say who may', async () => {
    await put('data', 'a', 1);
    await world.run(['backup', 'data', 'sound']);
    await busy('data');
    const backup = await world.run(['backup', 'data', 'copy', '--json']);
    expect(backup.code).toBe(1);
    expect(JSON.parse(backup.err).error).toEqual({
      kind: 'storage',
      detail: 'locked',
      message: expect.stringContaining('call dataSource.backup(out) in that program'),
    });
    const restore = await world.run(['restore', 'sound', 'data', '--replace', '--json']);
    expect([restore.code, JSON.parse(restore.err).error.detail]).toEqual([1, 'locked']);
    expect(existsSync(at('copy'))).toBe(false);
  });
});

describe('doctor --verify', () => {
  beforeEach(async () => {
    await put(
      'data',
      'notes',
      Object.fromEntries([...Array(300).keys()].map((i) => [`k${i}`, `text ${i} ${'x'.repeat(100)}`])),
    );
  });

  it('tells a folder that is whole, and changes nothing', async () => {
    const before = readFileSync(at('data/data.mdb'));
    expect(await verify('data')).toEqual({
      code: 0,
      found: [`ok ${at('data')} is whole: 300 leaves, 1 operations of the log and 0 files, at store_seq 1.`],
    });
    expect(readFileSync(at('data/data.mdb')).equals(before)).toBe(true);
  });

  it('tells what is lost of one that does not open', async () => {
    const patient = new Patient(at('data'));
    patient.change(patient.pages('leaf-groups')[2]!, (page) => page.fill(0));
    expect((await world.run(['get', 'notes/k1', '--data', 'data'])).code).toBe(1);
    const { code, found } = await verify('data');
    expect(code).toBe(1);
    expect(found).toEqual([
      expect.stringMatching(
        /^fail Lost or changed: leaves from "notes\/k\d+" to before "notes\/k\d+" \(page \d+: it is empty\)\.$/,
      ),
      expect.stringMatching(
        /^fail .* is damaged in 1 place; 2\d\d leaves, 1 operations.*could be read\. Restore it/,
      ),
    ]);
  });

  it.each([
    ['emptied', 0],
    ['cut', 20_000],
  ])('tells of one that was %s', async (_, size) => {
    await truncate(at('data/data.mdb'), size);
    const { code, found } = await verify('data');
    expect(code).toBe(1);
    expect(found[0]).toMatch(/^fail Lost or changed: (everything|the end of data\.mdb)/);
  });

  it('tells of one whose data is gone', async () => {
    await rm(at('data/data.mdb'));
    expect(await verify('data')).toEqual({
      code: 1,
      found: [expect.stringContaining('data.mdb is missing')],
    });
  });

  it('says that one is in use', async () => {
    await busy('data');
    expect(await verify('data')).toEqual({
      code: 0,
      found: [expect.stringMatching(/^warn Nothing was verified.*in use/)],
    });
  });

  it('works on a backup, and leaves it as it is', async () => {
    await world.run(['backup', 'data', 'copy']);
    expect(await verify('copy')).toMatchObject({ code: 0, found: [expect.stringContaining('is whole')] });
    expect((await readdir(at('copy'))).sort()).toEqual(['FORMAT', 'data.mdb']);
  });

  it('says what cannot be verified', async () => {
    await world.serve();
    const { out } = await world.run(['doctor', '--verify', '--json']);
    expect(JSON.parse(out).findings).toContainEqual(
      expect.objectContaining({ check: 'verify', status: 'warn' }),
    );
    expect(await verify('nowhere')).toEqual({ code: 1, found: [expect.stringContaining('is not a folder')] });
  });
});

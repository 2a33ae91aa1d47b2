import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openLmdbStorage } from '../../../src/store/lmdb/index.js';
import { CliWorld } from './cli-world.js';

const world = CliWorld.use();
const at = (name: string): string => join(world.folder, name);
const put = (data: string) => world.run(['put', 'a', '1', '--data', data]);
const doctor = async (data: string, ...flags: string[]) => {
  const { code, out } = await world.run(['doctor', '--json', '--data', data, ...flags], { env: {} });
  const { findings } = JSON.parse(out);
  return { code, found: findings.slice(1).map((f: any) => `${f.status} ${f.message}`) as string[] };
};

describe('a store whose data file is gone', () => {
  beforeEach(async () => {
    await put('data');
    await rm(at('data/data.mdb'));
  });

  it('fails doctor, as it fails the start', async () => {
    await expect(openLmdbStorage({ path: at('data') })).rejects.toMatchObject({ detail: 'corrupt' });
    expect(await doctor('data')).toEqual({
      code: 1,
      found: [expect.stringMatching(/^fail .*data\.mdb is missing/)],
    });
    expect((await doctor('data', '--verify')).code).toBe(1);
  });

  it.each([['ls'], ['get', 'a'], ['export'], ['put', 'a', '1']])(
    'is damaged to %s, and not empty',
    async (...argv) => {
      const { code, err } = await world.run([...argv, '--data', 'data', '--json']);
      expect([code, JSON.parse(err).error.detail]).toEqual([1, 'corrupt']);
    },
  );
});

describe('doctor --verify of nothing', () => {
  it.each(['empty', 'nowhere', 'empty/below'])('fails: %s', async (name) => {
    await mkdir(at('empty'));
    const { code, found } = await doctor(name, '--verify');
    expect(code).toBe(1);
    expect(found).toEqual([expect.stringMatching(/^fail /)]);
    expect(await readdir(at('empty'))).toEqual([]);
  });
});

describe('the folder of a server', () => {
  beforeEach(async () => {
    await put('served/acme/one');
    await put('served/acme/two');
  });

  it('is examined store by store', async () => {
    expect(await doctor('served')).toEqual({
      code: 0,
      found: ['one', 'two'].map((name) =>
        expect.stringMatching(new RegExp(`^ok .*${name} opens.*store_seq 1`)),
      ),
    });
    await rm(at('served/acme/two/data.mdb'));
    for (const flags of [[], ['--verify']]) {
      const { code, found } = await doctor('served', ...flags);
      expect([code, found.map((each) => each.slice(0, 4))]).toEqual([1, ['ok /', 'fail']]);
    }
  });

  it('is told by ls, with the stores to name', async () => {
    const { code, err } = await world.run(['ls', '--data', 'served']);
    expect(code).toBe(2);
    expect(err).toMatch(/no store in .*served: .*acme.one, acme.two.*--store/);
  });
});

it('a backup beside the store is not opened by doctor', async () => {
  await put('data');
  await world.run(['backup', 'data', 'copy']);
  await mkdir(at('data/old'));
  await world.run(['restore', 'copy', 'data/old/monday']);
  await rm(at('data/old/monday/owner.lock'));
  const before = await readdir(at('data/old/monday'));
  expect(await doctor('data')).toEqual({ code: 0, found: [expect.stringMatching(/^ok .*data opens/)] });
  expect(await readdir(at('data/old/monday'))).toEqual(before);
});

it('stores deeper down are named and not opened', async () => {
  await put('all/by/month/june');
  expect(await doctor('all')).toEqual({
    code: 0,
    found: [expect.stringMatching(/^warn .*holds no store itself; .*by.month.june.*Give the folder/)],
  });
});

it('a backup of nothing does not speak of flags that it has not', async () => {
  const { code, err } = await world.run(['backup', 'nowhere', 'o1']);
  expect(code).toBe(2);
  expect(err).toContain('There is no store');
  expect(err).not.toContain('--data');
});

import { join } from 'node:path';
import type { IndexDefinition } from '../../../src/protocol/record-access.js';
import { openStore } from '../../../src/server/index.js';
import { HttpTransport } from '../../../src/transport/http/index.js';
import { CliWorld } from './cli-world.js';

const world = CliWorld.use();

const EMAIL: IndexDefinition = {
  prefix: 'accounts',
  parts: [{ path: 'email', type: 'string' }],
  unique: true,
};
const NAME: IndexDefinition = {
  prefix: 'accounts',
  parts: [
    { path: 'tenant', type: 'string' },
    { path: 'name', type: 'string' },
  ],
  unique: true,
};

describe.each(['a server', 'a folder'])('indexes of %s', (where) => {
  beforeEach(async () => {
    if (where === 'a server') {
      const url = await world.serve();
      const transport = new HttpTransport({ url, store: 'acme/reading', token: world.env.DUST_TOKEN ?? '' });
      await transport.connect();
      await transport.useIndexes('accounts', [EMAIL, NAME]);
      await transport.close();
    } else {
      const path = join(world.folder, 'data');
      const store = await openStore({ path });
      await store.keepIndexes('accounts', [EMAIL, NAME]);
      await store.close();
      world.env.DUST_DATA_PATH = path;
    }
  });

  const run = (...argv: string[]) =>
    world.run(['indexes', ...argv, ...(where === 'a folder' ? ['--data', join(world.folder, 'data')] : [])]);

  it('are listed, and dropped by what they are by', async () => {
    expect((await run()).lines).toEqual([
      'accounts  email  (unique, kept for clients)',
      'accounts  tenant name  (unique, kept for clients)',
    ]);
    const dropped = await run('--drop', 'accounts', 'tenant', 'name');
    expect([dropped.code, dropped.lines]).toEqual([
      0,
      ['Dropped accounts  tenant name  (unique, kept for clients).'],
    ]);
    expect(JSON.parse((await run('--json')).out)).toEqual({
      indexes: [{ ...EMAIL, state: 'complete', kept: true }],
    });
    expect(JSON.parse((await run('--json', '--drop', 'accounts', 'email')).out)).toMatchObject({
      dropped: { prefix: 'accounts' },
    });
    expect((await run()).lines).toEqual([]);
  });

  it('are not dropped by half of what they are by', async () => {
    for (const paths of [[], ['tenant'], ['name', 'tenant']]) {
      const { code, err } = await run('--drop', 'accounts', ...paths);
      expect([code, err]).toEqual([3, expect.stringContaining('There is no index of "accounts" by')]);
    }
    expect((await run()).lines).toHaveLength(2);
  });
});

describe('what the doctor says of unique values', () => {
  const config = join(__dirname, 'project', 'accounts.ts');

  async function doctor(...argv: string[]): Promise<{ code: number; unique: string[] }> {
    const { DUST_BASE_URL: url = '', DUST_TOKEN: token = '' } = world.env;
    const where = ['--config', config, '--url', url, '--token', token];
    const { code, out } = await world.run(['doctor', '--json', ...where, ...argv]);
    const { findings } = JSON.parse(out) as {
      findings: { check: string; status: string; message: string }[];
    };
    return {
      code,
      unique: findings.flatMap(({ check, status, message }) =>
        check === 'unique' ? [`${status}: ${message}`] : [],
      ),
    };
  }

  const put = async (path: string, value: string) =>
    expect((await world.run(['put', path, JSON.stringify(value)])).err).toBe('');

  it('of a server that keeps them', async () => {
    await world.serve();
    expect((await doctor()).unique).toEqual(['ok: The server keeps unique what clients declare.']);
  });

  it('of claims on a server that does not: orphans and missing ones are mended, duplicates named', async () => {
    await world.serve({ imitate: '0.1' });
    await put('accounts/a/email', 'x');
    await put('accounts/b/email', 'y');
    await put('accounts/c/email', 'y');
    await put('_dust:unique/accounts/email/=x', 'a');
    await put('_dust:unique/accounts/email/=z', 'gone');
    const duplicate = 'fail: Account: 2 records have the same email: "b", "c". Change all of them but one.';
    const found = [
      'warn: Account: 1 claim of writes that stopped on the way (the next writer of the value takes it over), and 1 value without a claim, ' +
        'which others may take. Mend both with dust-orm doctor --repair.',
      duplicate,
    ];
    expect(await doctor()).toEqual({ code: 1, unique: found });
    expect((await doctor('--repair')).unique).toEqual([
      'ok: Account: removed 1 claim without a record, and took 1 claim that was missing.',
      duplicate,
    ]);
    await put('accounts/c/email', 'other');
    await world.run(['rm', 'accounts/c']);
    expect(await doctor()).toEqual({
      code: 0,
      unique: ['ok: Account: 2 records with 2 claims, all in order.'],
    });
  });
});

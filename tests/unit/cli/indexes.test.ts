import { join } from 'node:path';
import { systemClock } from '../../../src/clock.js';
import { checkUnique } from '../../../src/cli/doctor/check-unique.js';
import { DustEntity, Field, Slug, Unique } from '../../../src/index.js';
import { buildEntityMetadata } from '../../../src/metadata/index.js';
import type { IndexDefinition } from '../../../src/protocol/values/record-access.js';
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
      dropped: [{ prefix: 'accounts' }],
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

@DustEntity('accounts')
class Account {
  @Slug() id!: string;
  @Field('string') @Unique() email?: string;
}

describe('what the doctor says of unique values', () => {
  async function doctor(repair = false): Promise<string[]> {
    const { DUST_BASE_URL: url = '', DUST_TOKEN: token = '' } = world.env;
    const found: string[] = [];
    const context = { io: { clock: systemClock }, signal: new AbortController().signal };
    const entities = [buildEntityMetadata(Account, {})];
    for await (const { check, status, message } of checkUnique(
      { url, token, store: 'acme/reading' },
      entities,
      context,
      repair,
    )) {
      expect(check).toBe('unique');
      found.push(`${status}: ${message}`);
    }
    return found;
  }

  const put = async (path: string, value: string) =>
    expect((await world.run(['put', path, JSON.stringify(value)])).err).toBe('');

  it('of a server that keeps them', async () => {
    await world.serve();
    expect(await doctor()).toEqual(['ok: The server keeps unique what clients declare.']);
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
    expect(await doctor()).toEqual(found);
    expect(await doctor(true)).toEqual([
      'ok: Account: removed 1 claim without a record, and took 1 claim that was missing.',
      duplicate,
    ]);
    await put('accounts/c/email', 'other');
    await world.run(['rm', 'accounts/c']);
    expect(await doctor()).toEqual(['ok: Account: 2 records with 2 claims, all in order.']);
  });
});

import { HttpTransport } from '../../../src/transport/http/index.js';
import type { IndexDefinition } from '../../../src/protocol/values/record-access.js';
import { openStore } from '../../../src/server/index.js';
import { createMemoryStorage, Store } from '../../../src/store/index.js';
import { TestClock } from '../../../src/testing/index.js';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Room } from './channel/clients.js';
import type { Running } from './running.js';
import { STORE, TOKEN, start, stopAll } from './running.js';

afterEach(stopAll);

const EMAIL = { parts: [{ path: 'email', type: 'string' }] };
const NAME = {
  parts: [
    { path: 'tenant', type: 'string', absent: 'none' },
    { path: 'name', type: 'string' },
  ],
};
const READER = 'a-token-that-may-only-read';

function definition({ parts }: typeof EMAIL): IndexDefinition {
  return { prefix: 'users', parts: parts as IndexDefinition['parts'], unique: true };
}

const declare = ({ ask }: Running, unique: unknown = [EMAIL], token = TOKEN) =>
  ask('PUT', '/indexes', { body: { prefix: 'users', unique }, token });

const listed = async ({ ask }: Running): Promise<readonly string[]> =>
  (await ask('GET', '/indexes')).json.indexes.map((index: any) =>
    index.parts.map(({ path }: any) => path).join(','),
  );

/** What the channel answers, which takes as long as an index is built. */
async function answer(client: Awaited<ReturnType<Room['joined']>>, unique: unknown): Promise<unknown> {
  const ref = client.push('unique_indexes', { prefix: 'users', unique });
  while (client.replyTo(ref) === undefined) await new Promise(setImmediate);
  return client.replyTo(ref);
}

it('what clients declare is united, said again without harm, and dropped by name', async () => {
  const running = await start();
  expect(await declare(running)).toMatchObject({ status: 200, json: { state: 'complete' } });
  expect(await declare(running)).toMatchObject({ status: 200 });
  expect(await declare(running, [NAME])).toMatchObject({ status: 200 });
  expect((await running.ask('GET', '/indexes')).json).toEqual({
    indexes: [EMAIL, NAME].map((index) => ({
      prefix: 'users',
      ...index,
      unique: true,
      state: 'complete',
      kept: true,
    })),
  });
  // Neither a program of this process that declares nothing, nor one that declares the same.
  (await running.store.useIndexes('users', [definition(EMAIL)])).release();
  await running.store.useIndexes('users', []);
  expect(await listed(running)).toEqual(['email', 'tenant,name']);
  const drop = () => running.ask('DELETE', '/indexes', { body: { prefix: 'users', unique: [EMAIL] } });
  expect((await drop()).json).toEqual({ dropped: 1 });
  expect((await drop()).json).toEqual({ dropped: 0 });
  expect(await listed(running)).toEqual(['tenant,name']);
});

it('what breaks it is refused over HTTP and over the channel, with all that its error is made of', async () => {
  const running = await start();
  await declare(running);
  await running.ask('PUT', '/entries/users/a', { body: { email: 'x' } });
  const duplicate = { paths: ['email'], values: ['x'], slug: 'a' };
  expect(await running.ask('PUT', '/entries/users/b/email', { body: 'x' })).toMatchObject({
    status: 412,
    json: { error: 'exists', path: 'users/b', duplicate },
  });
  const ops = [
    { op: 'set', path: 'users/c/email', value: 'y' },
    { op: 'set', path: 'users/b/email', value: 'x' },
  ];
  expect((await running.ask('POST', '/entries/batch_write', { body: { ops } })).json).toEqual({
    error: 'exists',
    op_index: 1,
    path: 'users/b',
    duplicate,
  });
  const room = new Room();
  const client = await room.joined();
  expect(await answer(client, [EMAIL])).toEqual({
    status: 'ok',
    response: { state: 'complete' },
  });
  await client.write({ op: 'set', path: 'users/a/email', value: 'x' });
  expect(await client.write({ op: 'merge', path: 'users/b', value: { email: 'x' } })).toEqual({
    status: 'error',
    response: { reason: 'exists', path: 'users/b', duplicate },
  });
  expect(await client.ask('unique_indexes', { prefix: 'users', unique: 7 })).toMatchObject({
    status: 'error',
    response: { reason: 'invalid_params', message: '"unique" is a list of 1 to 32.' },
  });
});

it('records that break it already are named, and nothing of what was declared with it stays', async () => {
  const running = await start();
  await running.store.write({ op: 'set', path: 'users', value: { a: { email: 'x' }, b: { email: 'x' } } });
  expect(await declare(running, [NAME, EMAIL])).toMatchObject({
    status: 412,
    json: { error: 'exists', path: 'users/b', duplicate: { slug: 'a' } },
  });
  expect(await listed(running)).toEqual([]);
  const room = new Room();
  await room.store.write({ op: 'set', path: 'users', value: { a: { email: 'x' }, b: { email: 'x' } } });
  const client = await room.joined();
  expect(await answer(client, [EMAIL])).toMatchObject({ response: { reason: 'exists', path: 'users/b' } });
});

it.each([
  ['no list', 7, '"unique" is a list of 1 to 32.'],
  ['an empty one', [], '"unique" is a list of 1 to 32.'],
  ['too many', Array.from({ length: 33 }, () => EMAIL), '"unique" is a list of 1 to 32.'],
  ['no parts', [{ parts: [] }], 'unique[0].parts is a list of 1 to 8.'],
  ['too many parts', [{ parts: Array(9).fill(EMAIL.parts[0]) }], 'unique[0].parts is a list of 1 to 8.'],
  ['an unknown name', [{ ...EMAIL, unique: true }], 'unique[0] has no "unique", only parts.'],
  [
    'one of a part',
    [{ parts: [{ path: 'a', type: 'string', order: 1 }] }],
    'unique[0].parts[0] has no "order", only path, type, absent.',
  ],
  [
    'a type that is none',
    [{ parts: [{ path: 'a', type: 'text' }] }],
    'unique[0].parts[0].type is one of string, number, boolean, date, bigint, decimal, bytes.',
  ],
  [
    'a path that is none',
    [{ parts: [{ path: '/a', type: 'string' }] }],
    'unique[0].parts[0].path is a rendered path, a string.',
  ],
  [
    'a long path',
    [{ parts: [{ path: 'a'.repeat(3801), type: 'string' }] }],
    'unique[0].parts[0].path has 3800 bytes of UTF-8 at the most.',
  ],
  [
    'a value of several',
    [{ parts: [{ path: 'a', type: 'string', absent: [1] }] }],
    'unique[0].parts[0].absent is no single value.',
  ],
  [
    'a long value',
    [{ parts: [{ path: 'a', type: 'string', absent: 'x'.repeat(1025) }] }],
    'unique[0].parts[0].absent has 1024 characters at the most.',
  ],
])('%s is refused', async (_, unique, detail) => {
  const running = await start();
  expect(await declare(running, unique)).toMatchObject({
    status: 400,
    json: { error: 'invalid_params', detail },
  });
  expect(await listed(running)).toEqual([]);
});

it('a store keeps no more than so many', async () => {
  const running = await start();
  const some = (from: number) =>
    Array.from({ length: 32 }, (_, i) => ({ parts: [{ path: `p${from + i}`, type: 'string' }] }));
  for (let from = 0; from < 256; from += 32) expect((await declare(running, some(from))).status).toBe(200);
  expect(await declare(running, [EMAIL])).toMatchObject({
    status: 400,
    json: { detail: expect.stringContaining('keeps 256 unique indexes, and may keep 256') },
  });
  expect((await declare(running, some(0))).status).toBe(200);
});

it('a token that may only read is told whether what it counts on is there', async () => {
  const running = await start({ tokens: [{ token: TOKEN }, { token: READER, scopes: ['entries:read'] }] });
  expect(await declare(running, [EMAIL], READER)).toMatchObject({
    status: 403,
    json: { error: 'forbidden' },
  });
  const transport = new HttpTransport({ url: running.url, store: STORE, token: READER });
  await transport.connect();
  const use = () => transport.useIndexes('users', [definition(EMAIL)]);
  await expect(use()).rejects.toMatchObject({ kind: 'forbidden' });
  await declare(running);
  await use();
  expect(await declare(running, [EMAIL], READER)).toMatchObject({ status: 200 });
  expect(
    (await running.ask('DELETE', '/indexes', { body: { prefix: 'users', unique: [EMAIL] }, token: READER }))
      .status,
  ).toBe(403);
  await transport.close();
});

it('an imitating server knows neither route nor message', async () => {
  const running = await start({ imitate: ['no-features'] });
  expect((await declare(running)).status).toBe(404);
  const client = await new Room({ imitate: ['no-features'] }).joined();
  expect(await client.ask('unique_indexes', { prefix: 'users', unique: [EMAIL] })).toMatchObject({
    response: { reason: 'unknown event' },
  });
});

it('a folder keeps them, and a data source that does not know of them keeps to them', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'dust-unique-'));
  try {
    const path = join(folder, 'store');
    const first = await openStore({ path });
    await first.keepIndexes('users', [definition(EMAIL)]);
    await first.close();
    const again = await openStore({ path });
    await again.useIndexes('users', []);
    expect(again.indexes()).toMatchObject([{ isComplete: true, isKept: true }]);
    await again.write({ op: 'set', path: 'users/a/email', value: 'x' });
    await expect(again.write({ op: 'set', path: 'users/b/email', value: 'x' })).rejects.toMatchObject({
      kind: 'exists',
    });
    await again.close();
  } finally {
    await rm(folder, { recursive: true });
  }
});

it('a client comes back for what takes longer than a request, and hears what came of it', async () => {
  const clock = new TestClock();
  const storage = createMemoryStorage();
  const store = new Store({ storage, clock });
  await store.write({ op: 'set', path: 'users', value: { a: { email: 'x' }, b: { email: 'x' } } });
  let goOn: (() => void) | undefined;
  const stuck = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const { commit } = storage;
  // The first commit of the build waits.
  let held = false;
  storage.commit = async (work) => {
    if (!held) {
      held = true;
      await stuck;
    }
    return commit(work);
  };
  const running = await start({ clock, stores: { [STORE]: store } });
  const first = declare(running);
  while (clock.pending === 0 || !held) await new Promise(setImmediate);
  await clock.advance(5_000);
  expect(await first).toMatchObject({ status: 202, json: { state: 'building' } });
  const second = declare(running);
  goOn?.();
  expect(await second).toMatchObject({ status: 412, json: { path: 'users/b' } });
  await store.close();
});

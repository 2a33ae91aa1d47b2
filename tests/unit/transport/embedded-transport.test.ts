import type { Observable } from 'rxjs';
import { firstValueFrom } from 'rxjs';
import type { Path } from '../../../src/protocol/paths/path.js';
import { Store, createMemoryStorage } from '../../../src/store/index.js';
import { EmbeddedTransport } from '../../../src/transport/embedded/index.js';
import type { EmbeddedTransportOptions } from '../../../src/transport/embedded/index.js';
import type { RequestOptions, Transport, TransportStatus } from '../../../src/transport/transport.js';
import { useDataFolder } from '../store/lmdb/data-folder.js';

const folder = useDataFolder();
const open: EmbeddedTransport[] = [];

const make = (options?: EmbeddedTransportOptions) => {
  const transport = new EmbeddedTransport(options);
  open.push(transport);
  return transport;
};
const connected = async (options?: EmbeddedTransportOptions) => {
  const transport = make(options);
  await transport.connect();
  return transport;
};
const record = <T>(observable: Observable<T>) => {
  const seen: { items: T[]; error?: unknown; completed: boolean; unsubscribe(): void } = {
    items: [],
    completed: false,
    unsubscribe: () => {
      subscription.unsubscribe();
    },
  };
  const subscription = observable.subscribe({
    next: (item) => seen.items.push(item),
    error: (error: unknown) => (seen.error = error),
    complete: () => (seen.completed = true),
  });
  return seen;
};
const failure = (kind: string) => expect.objectContaining({ name: 'DustError', kind });
const fileOf = (text: string) => new TextEncoder().encode(text);

/** One call of every method that answers a request. */
const requests: Record<string, (transport: Transport, options?: RequestOptions) => Promise<unknown>> = {
  status: (t, options) => t.status(options),
  get: (t, options) => t.get('a', options),
  getMany: (t, options) => t.getMany(['a'], options),
  exists: (t, options) => t.exists('a', options),
  subtree: (t, options) => t.subtree('a', options),
  list: (t, options) => t.list({ pattern: '**', ...options }),
  listKeys: (t, options) => t.listKeys({ pattern: '**', ...options }),
  getFile: (t, options) => t.getFile('sha256:0', options),
  set: (t, options) => t.set('a', 1, options),
  delete: (t, options) => t.delete('a', options),
  merge: (t, options) => t.merge('a', { b: 1 }, options),
  increment: (t, options) => t.increment('a', 1, options),
  add: (t, options) => t.add('a', 1, options),
  remove: (t, options) => t.remove('a', 1, options),
  batchWrite: (t, options) => t.batchWrite([{ op: 'set', path: 'a', value: 1 }], options),
  lease: (t, options) => t.lease('a', options),
  renew: (t, options) => t.renew('a', 1, options),
  release: (t, options) => t.release('a', 1, options),
  putFile: (t, options) => t.putFile('a', fileOf('x'), { filename: 'x', ...options }),
};
const everyRequest = Object.entries(requests);

afterEach(async () => {
  for (const transport of open.splice(0)) await transport.close();
});

describe.each(['memory', 'lmdb'])('the embedded transport in %s', (storage) => {
  const options = () => (storage === 'lmdb' ? { path: folder.path } : {});

  it('can do everything, and writes under its device id', async () => {
    const transport = await connected({ ...options(), deviceId: 'me' });
    expect(new Set(Object.values(transport.capabilities))).toEqual(new Set([true]));
    const seen = record(transport.watch('**'));
    await transport.set('a', 1, { clientOpId: 'op-1' });
    expect(seen.items).toEqual([
      {
        first: 1,
        last: 1,
        operations: [{ storeSeq: 1, op: 'set', path: 'a', value: 1, deviceId: 'me', clientOpId: 'op-1' }],
      },
    ]);
    const made = make();
    expect(made.deviceId).toMatch(/^[0-9a-f-]{36}$/);
    expect(made.deviceId).not.toBe(make().deviceId);
  });

  it('reads back what it wrote', async () => {
    const t = await connected(options());
    expect(await t.set('r/x', { a: 1, b: { c: [1, 2] } })).toEqual({ storeSeq: 1 });
    expect(await t.merge('r/x', { a: 2 })).toEqual({ storeSeq: 2 });
    expect(await t.increment('r/x/n', 5)).toEqual({ storeSeq: 3 });
    await t.add('r/x/tags', 'one');
    await t.add('r/x/tags', 'two');
    await t.remove('r/x/tags', 'one');
    expect(await t.get('r/x')).toMatchObject({
      value: { a: 2, b: { c: [1, 2] }, n: 5, tags: ['two'] },
      type: 'map',
      revision: 6,
    });
    expect(await t.get('nothing')).toBeNull();
    expect([await t.exists('r'), await t.exists('r/x/b'), await t.exists('q')]).toEqual([true, true, false]);
    expect((await t.subtree('r/x')).map(({ path }) => path)).toEqual([
      'r/x/a',
      'r/x/b/c',
      'r/x/n',
      'r/x/tags',
    ]);
    expect(await t.delete('r/x/b')).toEqual({ storeSeq: 7 });
    expect((await t.listKeys({ pattern: 'r/**' })).items).toEqual(['r/x/a', 'r/x/n', 'r/x/tags']);
    expect((await t.list({ from: 'r/x/n', to: 'r/x/z', order: 'desc', limit: 1 })).items).toMatchObject([
      { path: 'r/x/tags', revision: 6 },
    ]);
  });

  it('gets any number of leaves at once', async () => {
    const t = await connected(options());
    const paths = Array.from({ length: 2500 }, (_, i) => `k/${i}`);
    for (let i = 0; i < paths.length; i += 1000) {
      await t.batchWrite(paths.slice(i, i + 1000).map((path) => ({ op: 'set', path, value: path })));
    }
    const found = await t.getMany([...paths, 'missing', 'k']);
    expect(found.size).toBe(2500);
    expect(found.get('k/1234')).toMatchObject({ value: 'k/1234', revision: 1235 });
  });

  it('pages of a listing hold 1 to 1000 items', async () => {
    const t = await connected(options());
    await t.set('k', Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [String(i), i])));
    const first = await t.list({ pattern: 'k/*' });
    expect([first.items.length, first.nextCursor]).toEqual([1000, first.items.at(-1)?.path]);
    expect(await t.listKeys({ pattern: 'k/*', after: first.nextCursor ?? '' })).toEqual({
      items: ['k/999'],
      nextCursor: null,
    });
    for (const limit of [0, 1001, 1.5, Number.NaN]) {
      await expect(t.list({ pattern: 'k/*', limit })).rejects.toEqual(failure('invalid_params'));
    }
  });

  it('commits a batch whole or not at all', async () => {
    const t = await connected(options());
    await t.set('a', 1);
    expect(
      await t.batchWrite([
        { op: 'set', path: 'b', value: 2, ifAbsent: true },
        { op: 'delete', path: 'a', ifMatch: 1 },
        { op: 'merge', path: 'c', value: { d: 3 } },
      ]),
    ).toEqual({ storeSeq: 4, operations: [{ storeSeq: 2 }, { storeSeq: 3 }, { storeSeq: 4 }] });
    await expect(
      t.batchWrite([
        { op: 'set', path: 'e', value: 1 },
        { op: 'set', path: 'b', value: 3, ifAbsent: true },
      ]),
    ).rejects.toMatchObject({ kind: 'exists', opIndex: 1, currentRevision: 2 });
    const tooMany = Array.from(
      { length: 1001 },
      (_, i) => ({ op: 'set', path: `x/${i}`, value: 1 }) as const,
    );
    await expect(t.batchWrite(tooMany)).rejects.toEqual(failure('invalid_params'));
    await expect(t.batchWrite([])).rejects.toEqual(failure('invalid_params'));
    expect((await t.listKeys({ pattern: '**' })).items).toEqual(['b', 'c/d']);
  });

  it('honours preconditions and client ids', async () => {
    const t = await connected(options());
    await t.set('a', 1, { ifAbsent: true });
    await expect(t.set('a', 2, { ifAbsent: true })).rejects.toMatchObject({
      kind: 'exists',
      currentRevision: 1,
    });
    await expect(t.set('a', 2, { ifMatch: 9 })).rejects.toMatchObject({
      kind: 'conflict',
      currentRevision: 1,
    });
    await expect(t.delete('a', { ifMatch: 9 })).rejects.toMatchObject({ kind: 'conflict' });
    const once = { clientOpId: 'same' };
    expect(await t.increment('n', 1, once)).toEqual(await t.increment('n', 1, once));
    expect(await t.get('n')).toMatchObject({ value: 1 });
  });

  it('leases, fences and releases', async () => {
    const now = { value: 1_000 };
    const clock = { now: () => now.value, schedule: () => () => undefined };
    const t = await connected({ ...options(), clock });
    const lease = await t.lease('lock', { ttl: 500, holder: 'me' });
    expect(lease).toEqual({ storeSeq: 1, token: 1, expiresAt: 1_500, holder: 'me' });
    await expect(t.lease('lock')).rejects.toEqual(failure('held'));
    const fence = { key: 'lock', token: lease.token };
    await t.set('a', 1, { fence });
    now.value = 1_400;
    expect(await t.renew('lock', lease.token, { ttl: 500 })).toMatchObject({ token: 1, expiresAt: 1_900 });
    now.value = 2_000;
    await expect(t.set('a', 2, { fence })).rejects.toEqual(failure('fenced'));
    await expect(t.renew('lock', lease.token)).rejects.toEqual(failure('not_held'));
    expect(await t.release('lock', 99)).toBe(false);
    expect(await t.release('lock', lease.token)).toBe(true);
    expect(await t.get('lock')).toBeNull();
  });

  it('stores files', async () => {
    const t = await connected(options());
    const content = fileOf('hello');
    const { storeSeq, hash } = await t.putFile('f', content, {
      filename: 'h.txt',
      contentType: 'text/plain',
    });
    expect([storeSeq, hash]).toEqual([1, expect.stringMatching(/^sha256:[0-9a-f]{64}$/)]);
    const file = await t.getFile(hash);
    expect([Buffer.from(file?.content ?? []).toString(), file?.contentType]).toEqual(['hello', 'text/plain']);
    expect(await t.getFile(`sha256:${'0'.repeat(64)}`)).toBeNull();
    expect(await t.get('f')).toMatchObject({ type: 'file' });
  });

  it('watches operations and records, coldly, until the subscriber has had enough', async () => {
    const t = await connected(options());
    const links = t.watch('links/*/title');
    const records = t.watchRecords('links');
    await t.set('links/early', { title: 'not seen' });
    const seen = record(links);
    const touched = record(records);
    await t.set('links/a', { title: 'A', note: 'n' });
    await t.set('other', 1);
    await t.delete('links/a/note');
    await t.delete('links');
    expect(seen.items.map(({ operations }) => operations.map(({ op, path }) => `${op} ${path}`))).toEqual([
      ['set links/a'],
      ['delete links'],
    ]);
    expect(
      touched.items
        .flat()
        .map(({ last, records: changes }) => [
          last,
          ...changes.map(({ slug, existed, leaves }) => [slug, existed, leaves.map(({ path }) => path)]),
        ]),
    ).toEqual([
      [2, ['a', false, ['links/a/note', 'links/a/title']]],
      [4, ['a', true, ['links/a/title']]],
      [5, ['a', true, []], ['early', true, []]],
    ]);
    seen.unsubscribe();
    touched.unsubscribe();
    await t.set('links/b', { title: 'B' });
    expect([seen.items.length, touched.items.length]).toEqual([2, 3]);
  });

  it('refuses a pattern or prefix that is none, to the subscriber', async () => {
    const t = await connected(options());
    expect(record(t.watch('a/**/b')).error).toEqual(failure('invalid_params'));
    expect(record(t.watch('')).error).toEqual(failure('invalid_params'));
    expect(record(t.watchRecords('a//b')).error).toEqual(failure('invalid_params'));
  });

  it('refuses requests before it is connected and after it was closed', async () => {
    const t = make(options());
    for (const [name, request] of everyRequest) {
      expect({ name, outcome: await request(t).catch((error: unknown) => error) }).toEqual({
        name,
        outcome: failure('not_initialized'),
      });
    }
    expect(record(t.watch('**')).error).toEqual(failure('not_initialized'));
    await t.connect();
    await t.connect();
    await t.set('a', 1);
    await t.close();
    await t.close();
    for (const [name, request] of everyRequest) {
      expect({ name, outcome: await request(t).catch((error: unknown) => error) }).toEqual({
        name,
        outcome: failure('closed'),
      });
    }
    expect(record(t.watch('**')).error).toEqual(failure('closed'));
    await expect(t.connect()).rejects.toEqual(failure('closed'));
  });

  it.each(everyRequest)('writes nothing when %s was called off before it began', async (_, request) => {
    const t = await connected(options());
    const reason = new Error('enough');
    await expect(request(t, { signal: AbortSignal.abort(reason) })).rejects.toMatchObject({
      kind: 'aborted',
      cause: reason,
    });
    expect(await t.status()).toMatchObject({ storeSeq: 0 });
  });

  it('completes its watches and writes under way when it is closed', async () => {
    const t = await connected(options());
    const seen = record(t.watch('**'));
    const touched = record(t.watchRecords('r'));
    const writes = [t.set('r/a', 1), t.set('r/b', 2)];
    const closing = t.close();
    await expect(t.set('r/c', 3)).rejects.toEqual(failure('closed'));
    expect(await Promise.all(writes)).toEqual([{ storeSeq: 1 }, { storeSeq: 2 }]);
    await closing;
    expect([seen.items.length, seen.completed, touched.items.length, touched.completed]).toEqual([
      2,
      true,
      2,
      true,
    ]);
  });

  it('tells its status', async () => {
    const t = make(options());
    const seen = record<TransportStatus>(t.status$);
    await t.connect();
    const late = record<TransportStatus>(t.status$);
    await t.set('a', 1);
    await t.batchWrite([
      { op: 'set', path: 'b', value: 1 },
      { op: 'set', path: 'c', value: 1 },
    ]);
    expect(await t.status()).toEqual({ state: 'live', readsFrom: storage, storeSeq: 3 });
    await t.close();
    const live = [0, 1, 3].map((storeSeq) => ({ state: 'live', readsFrom: storage, storeSeq }));
    const end = { state: 'closed', readsFrom: storage, storeSeq: 3 };
    expect(late).toMatchObject({ items: [...live, end], completed: true });
    expect(seen).toMatchObject({
      items: [{ state: 'connecting', readsFrom: storage, storeSeq: 0 }, ...live, end],
      completed: true,
    });
    expect(await firstValueFrom(t.status$)).toEqual(end);
  });
});

describe('the embedded transport', () => {
  it('calls off a write that is under way, which may still be committed', async () => {
    const t = await connected({ path: folder.path });
    const controller = new AbortController();
    const write = t.set('a', 1, { signal: controller.signal });
    controller.abort();
    await expect(write).rejects.toEqual(failure('aborted'));
    await t.set('b', 2);
    expect(await t.get('a')).toMatchObject({ value: 1 });
  });

  it('finds everything again in its folder', async () => {
    const value = { text: 'é', list: [1, null], deep: { n: 0.5 } };
    const first = await connected({ path: folder.path });
    const { hash } = await first.putFile('f', fileOf('x'), { filename: 'x' });
    await first.set('a', value);
    await first.close();
    const second = await connected({ path: folder.path });
    expect(await second.get('a')).toMatchObject({ value, revision: 2 });
    expect((await second.getFile(hash))?.content).toHaveLength(1);
    expect(await second.set('b', 1)).toEqual({ storeSeq: 3 });
  });

  it('may try to connect again after the folder was in use', async () => {
    const first = await connected({ path: folder.path });
    const second = make({ path: folder.path });
    await expect(second.connect()).rejects.toMatchObject({ kind: 'storage', detail: 'locked' });
    await expect(second.get('a')).rejects.toEqual(failure('not_initialized'));
    await first.close();
    await second.connect();
    expect(await second.get('a')).toBeNull();
  });

  it('closed while it connects gives its folder back', async () => {
    const t = make({ path: folder.path });
    const connecting = t.connect();
    await t.close();
    await expect(connecting).rejects.toEqual(failure('closed'));
    await connected({ path: folder.path });
  });

  it('leaves a shared store open', async () => {
    const store = new Store({ storage: createMemoryStorage() });
    const one = await connected({ store, deviceId: 'one' });
    const two = await connected({ store, deviceId: 'two' });
    const seen = record(one.watch('**'));
    await two.set('a', 1);
    await two.close();
    expect(seen.items).toMatchObject([{ operations: [{ deviceId: 'two' }] }]);
    expect(await one.get('a')).toMatchObject({ value: 1 });
    await one.close();
    expect(seen.completed).toBe(true);
    expect(store.get('a')).toMatchObject({ value: 1 });
    await store.close();
  });

  it('leaves no index to a shared store that it alone used', async () => {
    const store = new Store({ storage: createMemoryStorage() });
    const [one, two] = [await connected({ store }), await connected({ store })];
    const by = (path: string) => [{ prefix: 'a', parts: [{ path, type: 'string' }], unique: false }] as const;
    const present = () => store.records('a').indexes.map(({ parts }) => parts[0]?.path);
    await one.useIndexes('a', by('name'));
    await two.useIndexes('a', by('year'));
    expect(present()).toEqual(['name', 'year']);
    await one.close();
    // What nobody uses goes with the next use.
    await two.useIndexes('a', by('title'));
    expect(present()).toEqual(['title']);
    await store.close();
  });

  it('closes in good order when the owner of a shared store was faster', async () => {
    const store = new Store({ storage: createMemoryStorage() });
    const transport = await connected({ store });
    const seen = record(transport.watch('**'));
    await store.close();
    await expect(transport.get('a')).rejects.toEqual(failure('closed'));
    await transport.close();
    expect(seen.completed).toBe(true);
  });

  it('keeps apart what is in memory', async () => {
    const [one, two] = [await connected(), await connected()];
    await one.set('a', 1);
    expect(await two.get('a' satisfies Path)).toBeNull();
  });
});

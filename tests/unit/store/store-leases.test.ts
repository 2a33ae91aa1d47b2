import { Pattern } from '../../../src/protocol/pattern.js';
import type { Store } from '../../../src/store/index.js';
import { StoppedClock, leavesOf, openStore, refusalOf } from './open-store.js';

describe('Store: leases', () => {
  let store: Store;
  let clock: StoppedClock;
  let start: number;

  beforeEach(() => {
    clock = new StoppedClock();
    start = clock.time;
    store = openStore({ clock });
  });

  afterEach(() => store.close());

  it('go the way a server was seen to go', async () => {
    const events: unknown[] = [];
    store.watch(Pattern.parse('**'), ({ op, path, value }) => events.push([op, path, value]));
    const envelope = { _type: 'lease', token: 1, holder: 'A', expires_at: start + 60_000 };
    expect(await store.lease({ path: 'jobs/n', ttl: 60_000, holder: 'A' })).toEqual({
      storeSeq: 1,
      token: 1,
      expiresAt: start + 60_000,
      holder: 'A',
    });
    expect(await refusalOf(store.lease({ path: 'jobs/n', holder: 'B' }))).toMatchObject({
      kind: 'held',
      path: 'jobs/n',
    });
    clock.time += 1000;
    expect(await store.renew({ path: 'jobs/n', ttl: 60_000, token: 1 })).toMatchObject({
      storeSeq: 2,
      token: 1,
      holder: 'A',
    });
    expect(await refusalOf(store.renew({ path: 'jobs/n', token: 999 }))).toMatchObject({ kind: 'not_held' });
    expect(await store.release({ path: 'jobs/n', token: 999 })).toEqual({ released: false });
    expect(await store.release({ path: 'jobs/n', token: 1 })).toEqual({ released: true, storeSeq: 3 });
    expect(await store.release({ path: 'jobs/n', token: 1 })).toEqual({ released: false });
    expect(events).toEqual([
      ['lease', 'jobs/n', envelope],
      ['renew', 'jobs/n', { ...envelope, expires_at: start + 61_000 }],
      ['release', 'jobs/n', null],
    ]);
    expect(leavesOf(store)).toEqual([]);
  });

  it('last 30 seconds and have no holder unless told otherwise', async () => {
    expect(await store.lease({ path: 'k' })).toEqual({
      storeSeq: 1,
      token: 1,
      expiresAt: start + 30_000,
      holder: null,
    });
  });

  it('expire lazily and are taken over by the next', async () => {
    await store.lease({ path: 'k', ttl: 100, holder: 'A' });
    clock.time += 99;
    expect(await refusalOf(store.lease({ path: 'k' }))).toMatchObject({ kind: 'held' });
    clock.time += 1;
    expect(store.get('k')).toMatchObject({ type: 'lease', revision: 1 });
    expect(await refusalOf(store.renew({ path: 'k', token: 1 }))).toMatchObject({ kind: 'not_held' });
    expect(await store.lease({ path: 'k', holder: 'B' })).toMatchObject({ token: 2, holder: 'B' });
    expect(await store.release({ path: 'k', token: 1 })).toEqual({ released: false });
  });

  it('can be released after they expired, as long as nobody took over', async () => {
    await store.lease({ path: 'k', ttl: 100 });
    clock.time += 100;
    expect(await store.release({ path: 'k', token: 1 })).toEqual({ released: true, storeSeq: 2 });
  });

  it.each([1, 'text', { _type: 'lease' }, { _type: 'lease', token: 'x', expires_at: 0 }])(
    'find a key with %j occupied',
    async (value) => {
      await store.write({ op: 'set', path: 'k', value });
      expect(await refusalOf(store.lease({ path: 'k' }))).toMatchObject({ kind: 'occupied', path: 'k' });
      expect(await refusalOf(store.renew({ path: 'k', token: 1 }))).toMatchObject({ kind: 'not_held' });
      expect(await store.release({ path: 'k', token: 1 })).toEqual({ released: false });
    },
  );

  it.each([0, -1, 1.5, NaN])('refuse a ttl of %s', async (ttl) => {
    expect(await refusalOf(store.lease({ path: 'k', ttl }))).toMatchObject({ detail: 'invalid_ttl' });
  });

  describe('fences', () => {
    beforeEach(() => store.lease({ path: 'k', ttl: 100 }));

    it('let a write pass while the lease is live', async () => {
      const fence = { key: 'k', token: 1 };
      await store.write({ op: 'set', path: 'x', value: 1, fence });
      await store.renew({ path: 'k', token: 1, fence });
      await store.write({ op: 'set', path: 'x', value: 2, fence });
      await store.writeBatch({
        operations: [
          { op: 'delete', path: 'k' },
          { op: 'set', path: 'y', value: 1 },
        ],
        fence,
      });
      expect(leavesOf(store)).toEqual([
        ['x', 2, 'integer', 4],
        ['y', 1, 'integer', 6],
      ]);
    });

    it.each([
      ['of another token', { key: 'k', token: 999 }],
      ['of another key', { key: 'other', token: 1 }],
      ['of a token that is no number', { key: 'k', token: '1' as unknown as number }],
    ])('keep out a write %s', async (_, fence) => {
      expect(await refusalOf(store.write({ op: 'set', path: 'x', value: 1, fence }))).toMatchObject({
        kind: 'fenced',
        path: fence.key,
      });
      expect(
        await refusalOf(store.writeBatch({ operations: [{ op: 'delete', path: 'x' }], fence })),
      ).toMatchObject({ kind: 'fenced' });
      expect(store.status().storeSeq).toBe(1);
    });

    it('keep out a write after expiry and after release', async () => {
      const write = () => store.write({ op: 'set', path: 'x', value: 1, fence: { key: 'k', token: 1 } });
      clock.time += 100;
      expect(await refusalOf(write())).toMatchObject({ kind: 'fenced' });
      clock.time -= 100;
      await store.release({ path: 'k', token: 1 });
      expect(await refusalOf(write())).toMatchObject({ kind: 'fenced' });
    });
  });
});

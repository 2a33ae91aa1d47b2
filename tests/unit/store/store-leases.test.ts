import type { Clock } from '../../../src/clock.js';
import { Pattern } from '../../../src/protocol/paths/pattern.js';
import type { Store } from '../../../src/store/index.js';
import { createMemoryStorage } from '../../../src/store/index.js';
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
    store.watch(Pattern.parse('**'), ({ operations }) =>
      events.push(...operations.map(({ op, path, value }) => [op, path, value])),
    );
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

  it.each([0, -1, 1.5, NaN, 86_400_001, Number.MAX_SAFE_INTEGER])('refuse a ttl of %s', async (ttl) => {
    const refused = { kind: 'invalid_params', detail: 'invalid_ttl' };
    expect(await refusalOf(store.lease({ path: 'k', ttl }))).toMatchObject(refused);
    const { token } = await store.lease({ path: 'k', ttl: 86_400_000 });
    expect(await refusalOf(store.renew({ path: 'k', token, ttl }))).toMatchObject(refused);
  });

  describe('when the time of day is set back by 11 days', () => {
    const BACK = 950_400_000;
    let monotonic: number;

    /** The machine's clock: a time of day that can be set, and one that cannot. */
    const machine = (): Clock => ({
      now: () => clock.time,
      monotonic: () => monotonic,
      schedule: () => () => undefined,
    });
    const pass = (ms: number): void => {
      monotonic += ms;
      clock.time += ms;
    };

    beforeEach(() => {
      monotonic = 5000.25;
    });

    it('last no longer than they were to', async () => {
      store = openStore({ clock: machine() });
      const { token } = await store.lease({ path: 'k', ttl: 1000 });
      const fence = { key: 'k', token };
      clock.time -= BACK;
      pass(999);
      await store.write({ op: 'set', path: 'x', value: 1, fence });
      expect(await refusalOf(store.lease({ path: 'k' }))).toMatchObject({ kind: 'held' });
      pass(1);
      expect(await refusalOf(store.write({ op: 'set', path: 'x', value: 2, fence }))).toMatchObject({
        kind: 'fenced',
      });
      expect(await refusalOf(store.renew({ path: 'k', token }))).toMatchObject({ kind: 'not_held' });
      expect(await store.lease({ path: 'k', ttl: 1000 })).toMatchObject({ expiresAt: start + 2000 });
      pass(1000);
      await store.lease({ path: 'k' });
    });

    it('time stamps follow it, and leases go on when it is set forth again', async () => {
      store = openStore({ clock: machine() });
      await store.lease({ path: 'k', ttl: 1000 });
      clock.time -= BACK;
      await store.putFile({ path: 'f', content: new Uint8Array(), filename: 'f' });
      expect(store.get('f')?.value).toMatchObject({ uploaded_at: new Date(start - BACK).toISOString() });
      clock.time += BACK;
      pass(999);
      expect(await refusalOf(store.lease({ path: 'k' }))).toMatchObject({ kind: 'held' });
      pass(1);
      await store.lease({ path: 'k' });
    });

    it('a machine that slept has let them run out', async () => {
      store = openStore({ clock: machine() });
      await store.lease({ path: 'k', ttl: 1000 });
      clock.time += 1000;
      await store.lease({ path: 'k' });
    });

    it('between two openings of the store, they last no longer than they were to from the second on', async () => {
      const storage = createMemoryStorage();
      store = openStore({ storage, clock: machine() });
      await store.write({ op: 'set', path: 'a', value: 1 });
      await store.lease({ path: 'k', ttl: 1000 });
      await store.write({ op: 'set', path: 'a', value: 2 });
      await store.compact({ keep: 0 });
      clock.time -= BACK;
      monotonic = 0;
      store = openStore({ storage, clock: machine() });
      pass(999);
      expect(await refusalOf(store.lease({ path: 'k' }))).toMatchObject({ kind: 'held' });
      pass(1);
      await store.lease({ path: 'k' });
      expect(Object.keys(store.status())).toEqual(['storeSeq', 'snapshotSeq', 'operationCount']);
    });
  });

  it('that end later than any lease are none: nobody is kept out by what was written by other means', async () => {
    const value = { _type: 'lease', token: 7, holder: 'me', expires_at: start + 86_400_001 };
    await store.write({ op: 'set', path: 'k', value });
    expect(await refusalOf(store.renew({ path: 'k', token: 7 }))).toMatchObject({ kind: 'not_held' });
    await store.lease({ path: 'k' });
    await store.write({ op: 'set', path: 'l', value: { ...value, expires_at: start + 86_400_000 } });
    expect(await refusalOf(store.lease({ path: 'l' }))).toMatchObject({ kind: 'held' });
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

import { DustError } from '../../../src/index.js';
import { acquireLock, isLockHeld } from '../../../src/migrations/lock/acquire-lock.js';
import type { HeldLock } from '../../../src/migrations/lock/held-lock.js';
import { LOCK } from '../../../src/migrations/lock/held-lock.js';
import type { Transport } from '../../../src/transport/transport.js';
import type { Odd } from './support.js';
import { FIRST, gate, migration, useWorld } from './support.js';

const used = useWorld();
const WITHOUT: Odd = { capabilities: { leases: false } };
const TTL = 3000;

async function client(odd: Odd = {}): Promise<Transport> {
  const transport = used.world.transport(odd);
  await transport.connect();
  return transport;
}

function acquire(
  transport: Transport,
  holder = 'one',
  signal = new AbortController().signal,
  onWait?: (holder: string | null, timeLeft: number) => void,
): Promise<HeldLock> {
  const { clock } = used.world;
  return acquireLock({ transport, clock, ttl: TTL, holder }, { signal, onWait });
}

/** Whether it is settled when everything has had its turn. */
async function isSettled(work: Promise<unknown>): Promise<boolean> {
  let settled = false;
  work.then(
    () => (settled = true),
    () => (settled = true),
  );
  await used.world.clock.advance(0);
  return settled;
}

const WAYS: readonly [string, Odd, string, Odd][] = [
  ['a lease', {}, 'a lease', {}],
  ['a lease', {}, 'compare-and-swap', WITHOUT],
  ['compare-and-swap', WITHOUT, 'a lease', {}],
  ['compare-and-swap', WITHOUT, 'compare-and-swap', WITHOUT],
];

describe.each(WAYS)('a lock that is held by %s', (_, first, how, second) => {
  it(`is waited for by ${how}, as long as its holder lives`, async () => {
    const [one, two] = [await client(first), await client(second)];
    const held = await acquire(one);
    const onWait = jest.fn();
    const waiting = acquire(two, 'two', undefined, onWait);
    await used.world.clock.advance(20 * TTL);
    expect(await isSettled(waiting)).toBe(false);
    expect(held.lost.aborted).toBe(false);
    expect(await isLockHeld(two, used.world.clock.now())).toBe(true);
    await held.release();
    const next = await used.world.passing(waiting);
    expect(onWait.mock.calls).toEqual([['one', expect.any(Number)]]);
    const [[, timeLeft]] = onWait.mock.calls as [[string, number]];
    expect(timeLeft).toBeGreaterThan(0.9 * TTL);
    expect(timeLeft).toBeLessThanOrEqual(1.5 * TTL);
    await next.release();
    expect(await isLockHeld(one, used.world.clock.now())).toBe(false);
    expect(await one.exists(LOCK)).toBe(false);
  });

  it(`is taken over by ${how} when its holder gives no sign of life`, async () => {
    let isSilent = false;
    const gone = new DustError('network', 'no way to the store');
    const mute = (inner: (...args: never[]) => Promise<unknown>) =>
      ((...args: never[]) => (isSilent ? Promise.reject(gone) : inner(...args))) as never;
    const plain = await client();
    const one = await client({
      ...first,
      instead: {
        renew: mute(plain.renew.bind(plain)),
        set: mute(plain.set.bind(plain)),
        release: mute(plain.release.bind(plain)),
      },
    });
    const two = await client(second);
    const held = await acquire(one);
    isSilent = true;
    const next = await used.world.passing(acquire(two, 'two'));
    isSilent = false;
    await used.world.clock.advance(TTL);
    expect(held.lost.aborted).toBe(true);
    expect(next.lost.aborted).toBe(false);
    await held.release();
    expect(await isLockHeld(two, used.world.clock.now())).toBe(true);
    await next.release();
  });
});

it('is given up waiting for when the caller calls it off', async () => {
  const held = await acquire(await client());
  const stop = new AbortController();
  const waiting = acquire(await client(), 'two', stop.signal);
  expect(await isSettled(waiting)).toBe(false);
  stop.abort();
  await expect(waiting).rejects.toMatchObject({ kind: 'aborted' });
  await held.release();
});

it('is given back when it is granted after the caller called it off', async () => {
  const { open, opened } = gate();
  const inner = await client();
  const slow = await client({
    instead: {
      lease: async (...args: Parameters<Transport['lease']>) => {
        await opened;
        return inner.lease(...args);
      },
    },
  });
  const stop = new AbortController();
  const waiting = acquire(slow, 'one', stop.signal);
  stop.abort();
  await expect(waiting).rejects.toMatchObject({ kind: 'aborted' });
  open();
  const next = await used.world.passing(acquire(inner, 'two'));
  await next.release();
});

it.each([
  ['a lease', {}],
  ['compare-and-swap', WITHOUT],
] as const)('is not taken by %s where something else lies', async (_, odd) => {
  const transport = await client(odd);
  await transport.set(LOCK, 7);
  await expect(acquire(transport)).rejects.toMatchObject({ kind: 'occupied', path: LOCK });
});

it('without leases knows itself when an answer is lost', async () => {
  const inner = await client();
  let losses = 0;
  const transport = await client({
    ...WITHOUT,
    instead: {
      set: async (...args: Parameters<Transport['set']>) => {
        await inner.set(...args);
        losses += 1;
        throw new DustError('network', 'lost', { detail: 'connection_lost' });
      },
    },
  });
  const held = await acquire(transport);
  await used.world.clock.advance(TTL);
  expect(losses).toBe(4);
  expect(held.lost.aborted).toBe(false);
  await held.release();
  expect(await inner.exists(LOCK)).toBe(false);
});

it('who is no more the holder of a lease can record nothing', async () => {
  const { open, opened } = gate();
  const begun = gate();
  // Never renews, and hears nothing.
  const frozen = { now: () => used.world.clock.now(), schedule: () => () => undefined };
  const slow = await used.world.open(
    [
      migration(FIRST, async () => {
        begun.open();
        await opened;
      }),
    ],
    { clock: frozen },
  );
  const late = slow.runMigrations({ ttl: TTL });
  late.catch(() => undefined);
  await begun.opened;
  await used.world.clock.advance(TTL);
  open();
  // Nobody has written the record meanwhile: it is the fence alone that tells.
  await expect(late).rejects.toMatchObject({ kind: 'not_held', cause: { kind: 'fenced' } });
  expect(await slow.migrationStatus()).toMatchObject([{ state: 'interrupted' }]);
});

it('without leases, who was taken over can record nothing either', async () => {
  const { open, opened } = gate();
  const begun = gate();
  const frozen = { now: () => used.world.clock.now(), schedule: () => () => undefined };
  const slow = await used.world.open(
    [
      migration(FIRST, async () => {
        begun.open();
        await opened;
      }),
    ],
    { clock: frozen },
    WITHOUT,
  );
  const late = slow.runMigrations({ ttl: TTL });
  late.catch(() => undefined);
  await begun.opened;
  const quick = await used.world.open([migration(FIRST, () => Promise.reject(new RangeError('no luck')))]);
  await expect(used.world.passing(quick.runMigrations({ ttl: TTL }))).rejects.toThrow('no luck');
  open();
  await expect(late).rejects.toMatchObject({ kind: 'not_held', cause: { kind: 'conflict' } });
  expect(await slow.migrationStatus()).toMatchObject([{ state: 'failed', error: 'no luck' }]);
});

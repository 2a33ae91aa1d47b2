import { setImmediate as settled } from 'node:timers/promises';
import { BehaviorSubject } from 'rxjs';
import { DustError } from '../../../../src/errors.js';
import { silentLogger } from '../../../../src/logging.js';
import type { SyncStatus } from '../../../../src/sync/index.js';
import { TestClock } from '../../../../src/testing/test-clock.js';
import { ChannelConnection } from '../../../../src/transport/channel/channel-connection.js';
import type { EngineLease } from '../../../../src/transport/channel/engine.js';
import { ReadChoice } from '../../../../src/transport/channel/read-choice.js';
import { transportClosed } from '../../../../src/transport/errors.js';
import type { Transport } from '../../../../src/transport/transport.js';

const STATUS: SyncStatus = { state: 'live', isUsable: true, storeSeq: 0, pendingWrites: 0 };

/** A connection whose way over HTTP and whose engine are the test's. */
function scene({ isHttpThere = true, start = () => Promise.resolve(), released = Promise.resolve() } = {}) {
  const clock = new TestClock(0);
  const statuses = new BehaviorSubject(STATUS);
  const ends: string[] = [];
  let endConnecting = (): void => undefined;
  const http = {
    connect: () =>
      isHttpThere
        ? Promise.resolve()
        : new Promise<void>((_, reject) => {
            endConnecting = () => {
              reject(transportClosed('http'));
            };
          }),
    close: () => {
      ends.push('http');
      endConnecting();
      return Promise.resolve();
    },
  } as unknown as Transport;
  const lease = {
    engine: { start, status$: statuses },
    deviceId: 'me',
    prefixes: undefined,
    release: () => {
      ends.push('engine');
      return released;
    },
  } as unknown as EngineLease;
  const choice = new ReadChoice({ store: 'acme/a', clock, logger: silentLogger, staleAfter: 1000 });
  const connection = new ChannelConnection({
    http,
    acquire: () => Promise.resolve(lease),
    choice,
    clock,
    onDrained: () => ends.push('drained'),
  });
  return { connection, clock, statuses, choice, ends };
}

it('gives an engine back that the server refuses, and hears nothing of it any more', async () => {
  const refusal = new DustError('unauthorized', 'no');
  const { connection, clock, statuses, ends } = scene({ start: () => Promise.reject(refusal) });
  await expect(connection.connect()).rejects.toBe(refusal);
  expect(ends).toEqual(['engine']);
  expect([statuses.observed, clock.pending]).toEqual([false, 0]);
  await connection.close();
  expect(ends.filter((end) => end === 'engine')).toHaveLength(1);
});

it('refuses when the engine has been given back, and not before', async () => {
  let end: (() => void) | undefined;
  const released = new Promise<void>((resolve) => {
    end = resolve;
  });
  const refusal = new DustError('unauthorized', 'no');
  const { connection, ends } = scene({ start: () => Promise.reject(refusal), released });
  let isRefused = false;
  const connecting = connection.connect().catch(() => {
    isRefused = true;
  });
  await settled();
  expect([ends, isRefused]).toEqual([['engine'], false]);
  end?.();
  await connecting;
  expect(isRefused).toBe(true);
  await connection.close();
});

it('closed while its way over HTTP connects, ends that first: nothing else would end it', async () => {
  const { connection, clock, ends } = scene({ isHttpThere: false });
  const connecting = connection.connect();
  await settled();
  const closed = connection.close();
  expect(ends).toEqual(['http']);
  await expect(connecting).rejects.toMatchObject({ kind: 'closed' });
  await closed;
  expect(clock.pending).toBe(0);
});

it('closed while it catches up, waits for that no longer', async () => {
  const { connection, clock, statuses, ends } = scene({ start: () => new Promise(() => undefined) });
  const connecting = connection.connect();
  await settled();
  const closed = connection.close();
  await expect(connecting).rejects.toMatchObject({ kind: 'closed' });
  await closed;
  expect(ends).toContain('engine');
  expect([statuses.observed, clock.pending]).toEqual([false, 0]);
});

it('holds no timer and hears of no engine once it is closed, and completes its status', async () => {
  const { connection, clock, statuses, choice, ends } = scene();
  await connection.connect();
  expect(clock.pending).toBe(0);
  const states: string[] = [];
  let isComplete = false;
  connection.status$.subscribe({
    next: ({ state }) => states.push(state),
    complete: () => (isComplete = true),
  });
  statuses.next({ ...STATUS, state: 'reconnecting' });
  expect(clock.pending).toBe(1);
  await connection.close();
  expect(ends.sort()).toEqual(['drained', 'engine', 'http']);
  expect([states, isComplete]).toEqual([['live', 'degraded', 'closed'], true]);
  expect([statuses.observed, clock.pending]).toEqual([false, 0]);
  let isChoiceOver = false;
  choice.states$.subscribe({ complete: () => (isChoiceOver = true) });
  expect(isChoiceOver).toBe(true);
});

it('waits for the last of the writes under way before it ends, however they end', async () => {
  const { connection, clock, ends } = scene();
  await connection.connect();
  let fail = (_: Error): void => undefined;
  let succeed = (): void => undefined;
  const failing = connection.asWrite(new Promise<void>((_, reject) => (fail = reject)));
  const succeeding = connection.asWrite(new Promise<void>((resolve) => (succeed = resolve)));
  const closed = connection.close();
  fail(new Error('no'));
  await expect(failing).rejects.toThrow('no');
  await settled();
  expect(ends).toEqual([]);
  succeed();
  await succeeding;
  await closed;
  expect(ends.sort()).toEqual(['drained', 'engine', 'http']);
  expect(clock.pending).toBe(0);
});

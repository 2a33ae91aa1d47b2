import { BehaviorSubject } from 'rxjs';
import type { DustErrorDetails, DustErrorKind } from '../../../../../src/errors.js';
import { DustError } from '../../../../../src/errors.js';
import { silentLogger } from '../../../../../src/logging.js';
import type { SyncStatus } from '../../../../../src/sync/index.js';
import { TestClock } from '../../../../../src/testing/index.js';
import { ChannelTransport } from '../../../../../src/transport/channel/channel-transport.js';
import type { ChannelEngine } from '../../../../../src/transport/channel/engine.js';
import { STORE_CAPABILITIES } from '../../../../../src/transport/store-capabilities.js';
import type { Transport } from '../../../../../src/transport/transport.js';

/** A client whose mirror stands at 4 until it is told to go on, of a store that refuses every write and stands at 9. */
async function scene(refusal: DustError, { barrier = true } = {}) {
  const clock = new TestClock();
  const status: SyncStatus = { state: 'live', isUsable: true, storeSeq: 4, pendingWrites: 0 };
  const statuses = new BehaviorSubject(status);
  const arrivals: (() => void)[] = [];
  const asked: number[] = [];
  const refuse = jest.fn(() => Promise.reject(refusal));
  const tell = jest.fn(() => Promise.resolve(9));
  const engine: Partial<ChannelEngine> = {
    status$: statuses,
    get status() {
      return statuses.value;
    },
    start: () => Promise.resolve(),
    write: refuse,
    putFile: refuse,
    reach: (storeSeq) => {
      asked.push(storeSeq);
      return new Promise((resolve) => {
        arrivals.push(resolve);
      });
    },
    reads: { exists: () => false } as unknown as ChannelEngine['reads'],
  };
  const http: Partial<Transport> = {
    deviceId: 'me',
    capabilities: { ...STORE_CAPABILITIES, barrier },
    connect: () => Promise.resolve(),
    close: () => Promise.resolve(),
    set: refuse,
    batchWrite: refuse,
    exists: () => Promise.resolve(true),
    barrier: tell,
    status: () => tell().then((storeSeq) => ({ state: 'live', readsFrom: 'http', storeSeq })),
  };
  const transport = new ChannelTransport({
    http: http as Transport,
    acquire: () =>
      Promise.resolve({
        engine: engine as ChannelEngine,
        deviceId: 'me',
        prefixes: undefined,
        release: () => Promise.resolve(),
      }),
    settings: { store: 'acme/reading', clock, logger: silentLogger, staleAfter: 1000 },
  });
  await transport.connect();
  const goOn = (): void => {
    statuses.next({ ...status, storeSeq: 9 });
    for (const arrive of arrivals) arrive();
  };
  return { transport, clock, goOn, asked, tell };
}

const refusal = (kind: DustErrorKind, details?: DustErrorDetails): DustError =>
  new DustError(kind, 'no', details);

const WRITES: readonly (readonly [string, (transport: ChannelTransport) => Promise<unknown>])[] = [
  ['set', (transport) => transport.set('a/b', 1, { ifAbsent: true })],
  ['guarded map', (transport) => transport.set('a', { b: 1 }, { ifAbsent: true })],
  ['deletion', (transport) => transport.delete('a', { ifMatch: 1 })],
  ['increment', (transport) => transport.increment('a/b', 1)],
  ['batch', (transport) => transport.batchWrite([{ op: 'set', path: 'a/b', value: 1, ifAbsent: true }])],
  ['lease', (transport) => transport.lease('locks/a')],
  ['renewal', (transport) => transport.renew('locks/a', 1)],
  ['file', (transport) => transport.putFile('a/f', Buffer.from('f'), { filename: 'f' })],
];

/** Whether it is settled by now, however. */
async function isSettled(work: Promise<unknown>): Promise<boolean> {
  const pending = Symbol('pending');
  await new Promise(setImmediate);
  const outcome = await Promise.race([work.catch(() => undefined), Promise.resolve(pending)]);
  return outcome !== pending;
}

describe('a refusal that the mirror cannot explain yet', () => {
  it.each(WRITES)('is told when the mirror has what the server refused by: a %s', async (_name, write) => {
    const { transport, goOn, asked } = await scene(refusal('exists'));
    const refused = write(transport);
    expect(await isSettled(refused)).toBe(false);
    expect(asked).toEqual([9]);
    goOn();
    await expect(refused).rejects.toMatchObject({ kind: 'exists' });
    await transport.close();
  });

  it.each<[DustErrorKind, string]>([
    ['conflict', 'why'],
    ['exists', 'why'],
    ['fenced', 'why'],
    ['held', 'why'],
    ['occupied', 'why'],
    ['not_held', 'why'],
    ['invalid_params', 'increment_requires_number_leaf'],
  ])('is one by what the store holds: %s %s', async (kind, detail) => {
    const { transport, goOn, asked } = await scene(refusal(kind, { detail }));
    const refused = transport.set('a/b', 1);
    expect(await isSettled(refused)).toBe(false);
    expect(asked).toEqual([9]);
    goOn();
    await expect(refused).rejects.toMatchObject({ kind });
    await transport.close();
  });

  it.each<[DustErrorKind, string]>([
    ['forbidden', 'why'],
    ['invalid_params', 'path_too_long'],
    ['storage', 'write_failed'],
    ['indeterminate', 'why'],
  ])('is told at once when it is not: %s %s', async (kind, detail) => {
    const { transport, tell } = await scene(refusal(kind, { detail }));
    await expect(transport.set('a/b', 1)).rejects.toMatchObject({ kind });
    expect(tell).not.toHaveBeenCalled();
    await transport.close();
  });

  it('sends reads over HTTP while the mirror stays behind', async () => {
    const { transport, clock } = await scene(refusal('exists'));
    const refused = transport.set('a/b', 1, { ifAbsent: true });
    expect(await isSettled(refused)).toBe(false);
    await clock.advance(1000);
    await expect(refused).rejects.toMatchObject({ kind: 'exists' });
    expect(await transport.exists('a/b')).toBe(true);
    await transport.close();
  });

  it('asks no server for what a refusal over HTTP has told', async () => {
    const { transport, goOn, asked, tell } = await scene(
      refusal('conflict', { currentRevision: 7, status: 412 }),
    );
    const refused = transport.batchWrite([{ op: 'set', path: 'a/b', value: 1, ifMatch: 3 }]);
    expect(await isSettled(refused)).toBe(false);
    expect([asked, tell.mock.calls]).toEqual([[7], []]);
    goOn();
    await expect(refused).rejects.toMatchObject({ kind: 'conflict' });
    await transport.close();
  });

  it('asks for the status where the server knows no barrier', async () => {
    const { transport, goOn, asked } = await scene(refusal('exists'), { barrier: false });
    const refused = transport.set('a/b', 1, { ifAbsent: true });
    expect(await isSettled(refused)).toBe(false);
    expect(asked).toEqual([9]);
    goOn();
    await expect(refused).rejects.toMatchObject({ kind: 'exists' });
    await transport.close();
  });

  it('is told all the same when the server says nothing, or fails', async () => {
    const { transport, clock, tell } = await scene(refusal('exists'));
    tell.mockReturnValueOnce(new Promise(() => undefined));
    const silent = transport.set('a/b', 1, { ifAbsent: true });
    expect(await isSettled(silent)).toBe(false);
    await clock.advance(5000);
    await expect(silent).rejects.toMatchObject({ kind: 'exists' });
    expect(clock.pending).toBe(0);
    const failing = await scene(refusal('exists'));
    failing.tell.mockRejectedValueOnce(new DustError('network', 'away'));
    await expect(failing.transport.set('a/b', 1, { ifAbsent: true })).rejects.toMatchObject({
      kind: 'exists',
    });
    await Promise.all([transport.close(), failing.transport.close()]);
  });

  it('asks once for all that are refused while it is asked', async () => {
    const { transport, goOn, tell } = await scene(refusal('exists'));
    const refused = Array.from({ length: 50 }, (_, i) => transport.set(`a/b${i}`, 1, { ifAbsent: true }));
    const told = Promise.allSettled(refused);
    await isSettled(told);
    goOn();
    await told;
    expect(tell.mock.calls.length).toBeLessThanOrEqual(2);
    await transport.close();
  });
});

import { NEVER } from 'rxjs';
import { FailingTransport } from '../../../src/testing/failing-transport.js';
import type { FailingMethod } from '../../../src/testing/planned-failures.js';
import { PlannedFailures } from '../../../src/testing/planned-failures.js';
import type { Transport } from '../../../src/transport/transport.js';

type Call = readonly [FailingMethod, (transport: Transport) => Promise<unknown>, readonly unknown[]];

const bytes = new Uint8Array([1]);
const signal = new AbortController().signal;

/** Every request of the port, with the arguments that have to arrive. */
const CALLS: readonly Call[] = [
  ['status', (t) => t.status({ signal }), [{ signal }]],
  ['get', (t) => t.get('a', { signal }), ['a', { signal }]],
  ['getMany', (t) => t.getMany(['a'], { signal }), [['a'], { signal }]],
  ['exists', (t) => t.exists('a', { signal }), ['a', { signal }]],
  ['subtree', (t) => t.subtree('a', { signal }), ['a', { signal }]],
  ['list', (t) => t.list({ pattern: 'a/**', limit: 2 }), [{ pattern: 'a/**', limit: 2 }]],
  ['listKeys', (t) => t.listKeys({ from: 'a', to: 'b' }), [{ from: 'a', to: 'b' }]],
  ['set', (t) => t.set('a', 1, { ifMatch: 2 }), ['a', 1, { ifMatch: 2 }]],
  ['delete', (t) => t.delete('a', { ifMatch: 2 }), ['a', { ifMatch: 2 }]],
  ['merge', (t) => t.merge('a', { b: 1 }, { clientOpId: 'x' }), ['a', { b: 1 }, { clientOpId: 'x' }]],
  ['increment', (t) => t.increment('a', 2, { clientOpId: 'x' }), ['a', 2, { clientOpId: 'x' }]],
  ['add', (t) => t.add('a', 'm', { clientOpId: 'x' }), ['a', 'm', { clientOpId: 'x' }]],
  ['remove', (t) => t.remove('a', 'm', { clientOpId: 'x' }), ['a', 'm', { clientOpId: 'x' }]],
  [
    'batchWrite',
    (t) => t.batchWrite([{ op: 'delete', path: 'a' }], { signal }),
    [[{ op: 'delete', path: 'a' }], { signal }],
  ],
  ['lease', (t) => t.lease('k', { ttl: 1 }), ['k', { ttl: 1 }]],
  ['renew', (t) => t.renew('k', 7, { ttl: 1 }), ['k', 7, { ttl: 1 }]],
  ['release', (t) => t.release('k', 7, { signal }), ['k', 7, { signal }]],
  ['putFile', (t) => t.putFile('a', bytes, { filename: 'f' }), ['a', bytes, { filename: 'f' }]],
  ['getFile', (t) => t.getFile('sha256:00', { signal }), ['sha256:00', { signal }]],
];

/** A transport of which every method is a mock that answers with its own name. */
function mockTransport(): { transport: Transport; mocks: Record<string, jest.Mock> } {
  const mocks: Record<string, jest.Mock> = {};
  const transport = new Proxy(
    { capabilities: { merge: true }, deviceId: 'device', status$: NEVER },
    {
      get: (target, name: string) =>
        Reflect.get(target, name) ?? (mocks[name] ??= jest.fn(() => Promise.resolve(`${name} answered`))),
    },
  ) as unknown as Transport;
  return { transport, mocks };
}

describe('FailingTransport', () => {
  it.each(CALLS)('passes %s on with its arguments, and the answer back', async (method, call, args) => {
    const { transport, mocks } = mockTransport();
    await expect(call(new FailingTransport(transport, new PlannedFailures()))).resolves.toBe(
      `${method} answered`,
    );
    expect(mocks[method]?.mock.calls).toEqual([args]);
  });

  it.each(CALLS)('keeps %s from being made when it is to fail', async (method, call) => {
    const { transport, mocks } = mockTransport();
    const failures = new PlannedFailures();
    failures.add('network', { method });
    const failing = new FailingTransport(transport, failures);
    await expect(call(failing)).rejects.toMatchObject({ kind: 'network' });
    expect(mocks[method]).toBeUndefined();
    await expect(call(failing)).resolves.toBe(`${method} answered`);
  });

  it('passes on what is no request', async () => {
    const { transport, mocks } = mockTransport();
    const failures = new PlannedFailures();
    failures.add('network', { times: 10 });
    const failing = new FailingTransport(transport, failures);

    expect(failing.capabilities).toBe(transport.capabilities);
    expect(failing.deviceId).toBe('device');
    expect(failing.status$).toBe(NEVER);
    failing.watch('a/**');
    failing.watchRecords('a');
    await failing.connect();
    await failing.close();

    expect(mocks.watch?.mock.calls).toEqual([['a/**']]);
    expect(mocks.watchRecords?.mock.calls).toEqual([['a']]);
    expect(mocks.connect).toHaveBeenCalledTimes(1);
    expect(mocks.close).toHaveBeenCalledTimes(1);
  });
});

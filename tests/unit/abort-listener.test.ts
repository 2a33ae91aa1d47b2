import { getEventListeners } from 'node:events';
import { NEVER } from 'rxjs';
import { onAbort } from '../../src/abort-listener.js';
import { systemClock } from '../../src/clock.js';
import { ChangeSignal } from '../../src/repository/leases/change-signal.js';
import type { Transport } from '../../src/transport/transport.js';
import { untilAborted } from '../../src/transport/abort.js';
import { WriteLane } from '../../src/transport/http/write-lane.js';
import type { WriteSender } from '../../src/transport/http/write-sender.js';
import { EngineBench, ok } from './sync/engine-bench.js';

/** More than the ten that Node takes for a leak. */
const CALLS = 11;

const times = <T>(call: () => T): T[] => Array.from({ length: CALLS }, call);

/** Ways in which a call listens to its signal while it lasts. */
const WAYS: Record<string, (signal: AbortSignal) => Promise<unknown>> = {
  'a listener': (signal) => {
    const stops = times(() => onAbort(signal, () => undefined));
    for (const stop of stops) stop();
    return Promise.resolve();
  },
  'work of the embedded store': (signal) => Promise.all(times(() => untilAborted(Promise.resolve(), signal))),
  'work that fails': (signal) =>
    Promise.allSettled(times(() => untilAborted(Promise.reject(new Error('no')), signal))),
  'a write over the channel': async (signal) => {
    const bench = new EngineBench();
    const link = await bench.goLive();
    let seq = 0;
    const writes = times(() => bench.engine.write({ op: 'set', path: 'a', value: 1, signal }));
    for (const { payload, reply } of link.writes) {
      link.event(++seq, 'set', 'a', 1, String(payload.client_op_id));
      reply(ok({ store_seq: seq }));
    }
    await Promise.all(writes);
    await bench.close();
  },
  'a write in the lane': (signal) => {
    const sender = { hasBatches: false, single: () => Promise.resolve({ storeSeq: 1 }) };
    const lane = new WriteLane(sender as unknown as WriteSender, { count: 1000, bytes: 1e9 });
    return Promise.all(times(() => lane.write([{ op: 'delete', path: 'a' }], { signal })));
  },
  'a wait for a change': async (signal) => {
    const transport = { capabilities: { realtime: true }, watch: () => NEVER } as unknown as Transport;
    const signals = times(
      () => new ChangeSignal(transport, systemClock, { paths: ['a'], patience: 1e6, signal }),
    );
    const waits = signals.map((one) => one.next());
    for (const one of signals) one.close();
    await Promise.all(waits);
  },
};

/** Whether Node has warned of a leak: it notes so on the signal. */
function wasWarnedOf(signal: AbortSignal): unknown {
  const note = Object.getOwnPropertySymbols(signal).find(({ description }) =>
    description?.endsWith('maxEventTargetListenersWarned'),
  );
  return note && Reflect.get(signal, note);
}

it('notices what Node warns of', () => {
  const { signal } = new AbortController();
  times(() => {
    signal.addEventListener('abort', () => undefined);
  });
  expect(wasWarnedOf(signal)).toBe(true);
});

describe('one AbortSignal for any number of calls', () => {
  it.each(Object.keys(WAYS))('neither warns of a leak nor is one: %s', async (way) => {
    const { signal } = new AbortController();
    await WAYS[way]!(signal);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    expect(wasWarnedOf(signal)).toBe(false);
  });
});

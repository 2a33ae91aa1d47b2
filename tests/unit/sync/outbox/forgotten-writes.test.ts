import { stillHeld } from '../../garbage.js';
import { EngineBench, ok } from '../engine-bench.js';

let bench: EngineBench;

afterEach(async () => {
  await bench.close();
});

/** Writes with a signal that nothing else holds. */
function write(value: number): { readonly signal: WeakRef<AbortSignal>; readonly done: Promise<unknown> } {
  const { signal } = new AbortController();
  const done = bench.engine.write({ op: 'set', path: 'a', value, signal }).catch(() => undefined);
  return { signal: new WeakRef(signal), done };
}

it('an engine lets go of writes that are settled, and of nothing else', async () => {
  bench = new EngineBench();
  const link = await bench.goLive();
  const settled = [1, 2, 3].map(write);
  for (const [i, { reply }] of link.writes.entries()) {
    reply(ok({ store_seq: i + 1 }));
    link.event(i + 1, 'set', 'a', i + 1);
  }
  await Promise.all(settled.map(({ done }) => done));
  const waiting = write(4);
  link.pushes.length = 0;
  expect(await stillHeld([waiting.signal])).toBe(1);
  expect(await stillHeld(settled.map(({ signal }) => signal))).toBe(0);
});

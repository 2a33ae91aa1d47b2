import { isDustError } from '../../../../src/errors.js';
import { EngineBench, calm, ok } from '../engine-bench.js';
import type { FakeLink } from '../engine-bench.js';

let bench: EngineBench;

const set = (path: string) => ({ op: 'set', path, value: 1 }) as const;
const questions = (link: FakeLink) => link.pushes.filter(({ event }) => event === 'status').length;

/** What a promise has come to: undefined while it is pending. */
function outcomeOf(promise: Promise<unknown>): { readonly kind: string | undefined } {
  const outcome: { kind: string | undefined } = { kind: undefined };
  promise.then(
    () => (outcome.kind = 'resolved'),
    (error: unknown) => (outcome.kind = isDustError(error) ? error.kind : String(error)),
  );
  return outcome;
}

beforeEach(() => {
  bench = new EngineBench();
});

afterEach(async () => {
  await bench.close();
  expect(bench.clock.pending).toBe(0);
});

it('the operations of an engine are counted from 1: a batch of a 0.1 server is told by its 0', async () => {
  const link = await bench.goLive();
  for (const path of ['a', 'b']) void bench.engine.write(set(path)).catch(() => undefined);
  const ids = link.writes.map(({ payload }) => String(payload.client_op_id).split(':'));
  expect(ids.map(([, number]) => number)).toEqual(['1', '2']);
  expect(ids[0]![0]).toBe(ids[1]![0]);
});

it.each([
  [0, 0],
  [1, 1],
  [2, 1],
  [3, 0],
])(
  'a write that counts as committed with seq %d over a mirror that stood at 2 asks %d times',
  async (seq, asked) => {
    const link = await bench.goLive();
    for (const event of [1, 2]) link.event(event, 'set', 'z', event);
    await calm();
    const write = bench.engine.write(set('a'));
    link.writes[0]!.reply(ok(seq === 0 ? {} : { store_seq: seq }));
    await calm();
    if (seq === 3) link.event(3, 'set', 'a', 1);
    await write;
    expect(questions(link)).toBe(asked);
  },
);

it('nothing is waited for where nothing was committed beside the channel', async () => {
  await bench.goLive();
  const submitted = outcomeOf(bench.engine.submitCommitted([]));
  await calm();
  await bench.clock.advance(2000);
  expect([submitted.kind, bench.links.length]).toEqual(['resolved', 1]);
});

it('whoever waits for the first operation of a store is told when the engine is closed', async () => {
  await bench.goLive();
  const waiting = outcomeOf(bench.engine.reach(1));
  await bench.close();
  expect(waiting.kind).toBe('closed');
});

it('what must be unique is for the server to see to', async () => {
  const link = await bench.goLive();
  link.event(1, 'set', 'a/x', { n: 'same' });
  link.event(2, 'set', 'a/y', { n: 'same' });
  await calm();
  const definition = { prefix: 'a', parts: [{ path: 'n', type: 'string' }], unique: true } as const;
  const use = await bench.engine.useIndexes('a', [definition]);
  expect(bench.engine.reads.records('a').indexes).toHaveLength(1);
  use.release();
});

it('what was committed before the end of the old session is fetched soon when it does not come', async () => {
  const link = await bench.goLive();
  void bench.engine.write({ op: 'increment', path: 'c', value: 1 }).catch(() => undefined);
  const { payload, reply } = link.writes[0]!;
  const lease = { token: 1, expires_at: 120_000, holder: String(payload.holder) };
  link.event(1, 'lease', String(payload.path), { _type: 'lease', ...lease }, String(payload.client_op_id));
  reply(ok({ store_seq: 1, ...lease }));
  await calm();
  link.end();
  const next = await bench.reconnect();
  await bench.catchUp(1);
  expect(next.writes.at(-1)?.payload).toMatchObject({ op: 'release', token: 1 });
  next.writes.at(-1)!.reply(ok({ store_seq: 3 }));
  const links = bench.links.length;
  await bench.clock.advance(50);
  expect(bench.links).toHaveLength(links + 1);
});

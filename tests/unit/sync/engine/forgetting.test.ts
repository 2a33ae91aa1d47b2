import type { Leaf } from '../../../../src/protocol/values/value.js';
import { isDustError } from '../../../../src/errors.js';
import { EngineBench, calm } from '../engine-bench.js';

let bench: EngineBench;

afterEach(async () => {
  await bench.close();
  expect(bench.clock.pending).toBe(0);
});

const counter = (path: string, value: number, revision: number): [string, Leaf] => [
  path,
  { path, value, type: 'counter', revision },
];

const operation = (storeSeq: number, value: string) =>
  ({ storeSeq, op: 'set', path: 'late', value, deviceId: null, clientOpId: `s${storeSeq}` }) as const;

/** While a connection was lost, the store was restored and went on otherwise. Seqs do not show it. */
describe('of a history that was discarded an engine keeps nothing', () => {
  it('that came too early to be applied', async () => {
    bench = new EngineBench();
    const link = await bench.goLive();
    link.event(1, 'set', 'a', 'first');
    await calm();
    link.event(3, 'set', 'a', 'discarded');
    link.end();
    const next = await bench.reconnect();
    next.accept(3);
    await calm();
    next.event(2, 'set', 'b', 'b');
    next.event(3, 'set', 'a', 'kept');
    next.complete(3);
    await calm();
    expect(bench.leaves()).toEqual(['a="kept"@3', 'b="b"@2']);
  });

  it('that was ready, beyond what is applied in one commit', async () => {
    bench = new EngineBench();
    void bench.engine.start();
    const first = bench.link;
    first.accept(2500);
    await calm();
    for (let seq = 1; seq <= 2500; seq++) first.event(seq, 'set', `k${seq}`, 'discarded');
    first.end();
    const next = await bench.reconnect();
    const from = next.joinedFrom ?? NaN;
    expect(from).toBeLessThan(2000);
    expect(bench.leaves()).toHaveLength(from);
    next.accept(2500);
    await calm();
    for (let seq = from + 1; seq <= 2500; seq++) next.event(seq, 'set', `k${seq}`, 'kept');
    next.complete(2500);
    await calm();
    expect(bench.leaves().filter((leaf) => leaf.includes('kept'))).toHaveLength(2500 - from);
    expect(bench.engine.status).toMatchObject({ state: 'live', storeSeq: 2500 });
  });

  it('that waited for its value to be read again, and asks for it no longer', async () => {
    bench = new EngineBench();
    bench.readable = undefined;
    void bench.engine.start();
    const link = bench.link;
    link.accept(2);
    await calm();
    link.event(1, 'set', 'c', 1);
    link.event(2, 'increment', 'c', 7);
    await bench.clock.advance(5000);
    const { reads } = bench;
    expect(reads).toBeGreaterThan(1);
    link.end();
    await calm();
    await bench.clock.advance(10_000);
    expect(bench.reads).toBe(reads);

    bench.readable = new Map([counter('c', 5, 2)]);
    const next = bench.link;
    next.accept(2);
    await calm();
    next.event(2, 'increment', 'c', 5);
    next.complete(2);
    await calm();
    expect(bench.leaves()).toEqual(['c=5@2']);
  });

  it('that was read again for it', async () => {
    bench = new EngineBench();
    bench.readable = new Map([counter('c', 7, 2)]);
    void bench.engine.start();
    bench.link.accept(3);
    await calm();
    bench.link.event(1, 'set', 'c', 1);
    bench.link.event(2, 'increment', 'c', 7);
    await calm();
    expect([bench.leaves(), bench.reads]).toEqual([['c=7@2'], 1]);
    bench.link.end();
    const next = await bench.reconnect();
    bench.readable = new Map([counter('c', 9, 4)]);
    next.accept(4);
    await calm();
    next.event(3, 'set', 'c', 2);
    next.event(4, 'increment', 'c', 99);
    next.complete(4);
    await calm();
    expect([bench.leaves(), bench.reads]).toEqual([['c=9@4'], 2]);
  });
});

describe('values that a catch-up cannot be trusted with', () => {
  it('are read in one request for all that wait', async () => {
    bench = new EngineBench();
    bench.readable = new Map([counter('c', 5, 2), counter('d', 6, 4), counter('e', 7, 6)]);
    void bench.engine.start();
    const link = bench.link;
    link.accept(6);
    await calm();
    ['c', 'd', 'e'].forEach((path, i) => {
      link.event(2 * i + 1, 'set', path, 1);
      link.event(2 * i + 2, 'increment', path, 99);
    });
    link.complete(6);
    await calm();
    expect(bench.leaves()).toEqual(['c=5@2', 'd=6@4', 'e=7@6']);
    expect(bench.reads).toBe(1);
  });
});

describe('when the store moves back twice', () => {
  it('only those are told that their operations are undone whose operations are', async () => {
    bench = new EngineBench();
    const link = await bench.goLive();
    for (let seq = 1; seq <= 9; seq++) link.event(seq, 'set', `k${seq}`, seq);
    await calm();
    link.end();
    (await bench.reconnect()).accept(5);
    await calm();
    const rebuilding = bench.link;
    expect(rebuilding.joinedFrom).toBe(0);
    rebuilding.accept(5);
    await calm();
    for (let seq = 1; seq <= 4; seq++) rebuilding.event(seq, 'set', `k${seq}`, seq);
    await calm();
    const outcomes = [3, 5].map((seq) =>
      bench.engine.submitCommitted([operation(seq, `${seq}`)]).then(
        () => 'there',
        (error: unknown) => isDustError(error) && error.kind,
      ),
    );
    rebuilding.end();
    (await bench.reconnect()).accept(3);
    await calm();
    const last = bench.link;
    expect(last.joinedFrom).toBe(0);
    last.accept(3);
    await calm();
    for (let seq = 1; seq <= 3; seq++) last.event(seq, 'set', `k${seq}`, seq);
    last.complete(3);
    await calm();
    expect(await Promise.all(outcomes)).toEqual(['there', 'indeterminate']);
  });
});

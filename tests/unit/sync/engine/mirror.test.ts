import { Pattern } from '../../../../src/protocol/paths/pattern.js';
import type { RecordCommit } from '../../../../src/protocol/requests/operation.js';
import { EngineBench, calm } from '../engine-bench.js';

let bench: EngineBench;

function begin(options: ConstructorParameters<typeof EngineBench>[0] = {}): EngineBench {
  bench = new EngineBench(options);
  return bench;
}

const told = (commits: readonly RecordCommit[]) =>
  commits.map(({ last, records }) => [
    last,
    ...records.map(({ slug, existed, leaves }) => [slug, existed, leaves.map(({ value }) => value)]),
  ]);

afterEach(async () => {
  await bench.close();
  expect(bench.clock.pending).toBe(0);
  expect(bench.links.every(({ isClosed }) => isClosed)).toBe(true);
});

describe('the mirror of an engine', () => {
  it('joins from 0, catches up, acknowledges, and is live', async () => {
    const { engine } = begin();
    let isStarted = false;
    void engine.start().then(() => (isStarted = true));
    expect(bench.link.joinedFrom).toBe(0);
    expect(engine.status).toMatchObject({ state: 'joining', isUsable: false });
    bench.link.accept(2);
    await calm();
    expect(engine.status.state).toBe('catchingUp');
    bench.link.event(1, 'set', 'a', 1);
    bench.link.event(2, 'set', 'b', 2);
    bench.link.complete(2);
    await calm();
    expect(isStarted).toBe(true);
    expect(engine.status).toMatchObject({
      state: 'live',
      storeSeq: 2,
      isUsable: true,
      permissions: { write: true },
    });
    expect(bench.link.pushes).toMatchObject([{ event: 'ack_seq', payload: { seq: 2 } }]);
    expect(bench.leaves()).toEqual(['a=1@1', 'b=2@2']);
  });

  it('takes messages that come before the join reply is dealt with in their turn', async () => {
    begin();
    void bench.engine.start();
    bench.link.event(1, 'set', 'a', 1);
    bench.link.accept(1);
    bench.link.complete(1);
    await calm();
    expect(bench.engine.status.state).toBe('live');
    expect(bench.leaves()).toEqual(['a=1@1']);
  });

  it('applies early operations in their turn, drops late ones, and tells each once (PROTOCOL §5.2, §5.3)', async () => {
    begin();
    const heard: number[] = [];
    bench.engine.watch(Pattern.parse('**'), ({ operations }) =>
      heard.push(...operations.map(({ storeSeq }) => storeSeq)),
    );
    const link = await bench.goLive();
    link.event(3, 'set', 'a', 3);
    link.event(1, 'set', 'a', 1);
    await calm();
    expect(bench.leaves()).toEqual(['a=1@1']);
    link.event(2, 'set', 'a', 2);
    link.event(1, 'set', 'a', 'again');
    link.event(3, 'set', 'a', 'again');
    await calm();
    expect(bench.leaves()).toEqual(['a=3@3']);
    expect(heard).toEqual([1, 2, 3]);
  });

  it('keeps what lies at and below its prefixes, whatever it is written by', async () => {
    begin({ prefixes: ['reading/links'] });
    const link = await bench.goLive();
    link.event(1, 'set', 'reading', { links: { foo: { title: 'T' } }, other: 1 });
    link.event(2, 'set', 'elsewhere', 1);
    link.event(3, 'merge', 'reading', { links: { bar: { title: 'U' } }, more: 2 });
    await calm();
    expect(bench.leaves()).toEqual(['reading/links/bar/title="U"@3']);
    link.event(4, 'delete', 'reading');
    await calm();
    expect(bench.leaves()).toEqual([]);
    expect(bench.engine.status.storeSeq).toBe(4);
  });

  it('replaces everything by a snapshot and tells what changed and what is gone (PROTOCOL §5.6)', async () => {
    begin();
    const link = await bench.goLive();
    link.event(1, 'set', 'l/foo', { title: 'T', n: 1 });
    link.event(2, 'set', 'l/bar', { title: 'B' });
    link.event(3, 'set', 'l/same', { title: 'S' });
    await calm();
    const operations: string[] = [];
    const records: RecordCommit[] = [];
    bench.engine.watch(Pattern.parse('l/**'), (commit) =>
      operations.push(...commit.operations.map(({ op, path, storeSeq }) => `${op} ${path} ${storeSeq}`)),
    );
    bench.engine.watchRecords('l', (commits) => records.push(...commits));
    link.end();
    const next = await bench.reconnect();
    next.accept(21);
    await calm();
    const string = (value: string) => ({ type: 'string', value: { _scalar: value } });
    next.say('snapshot', {
      snapshot_seq: 20,
      entries: {
        'l/same/title': string('S'),
        'l/foo/title': string('T2'),
        'l/foo/tags': { type: 'string', value: { _scalar: [1, { a: 2 }] } },
        'l/new/price': { type: 'map', value: { _type: 'decimal', _typed: '1.5' } },
      },
    });
    next.event(21, 'set', 'l/late', 1);
    next.complete(21);
    await calm();
    expect(bench.leaves()).toEqual([
      'l/foo/tags=[1,{"a":2}]@20',
      'l/foo/title="T2"@20',
      'l/late=1@21',
      'l/new/price="1.5"@20',
      'l/same/title="S"@3',
    ]);
    expect(operations).toEqual([
      'delete l/bar/title 20',
      'delete l/foo/n 20',
      'set l/foo/tags 20',
      'set l/foo/title 20',
      'set l/new/price 20',
      'set l/late 21',
    ]);
    expect(told(records)).toEqual([
      [20, ['bar', true, []], ['foo', true, [[1, { a: 2 }], 'T2']], ['new', false, ['1.5']]],
      [21, ['late', false, [1]]],
    ]);
  });

  it('begins again from 0 when the store moved backwards, and tells the difference (PROTOCOL §5.7)', async () => {
    begin();
    const link = await bench.goLive();
    link.event(1, 'set', 'l/foo/t', 1);
    link.event(2, 'set', 'l/bar/t', 2);
    link.event(3, 'set', 'l/baz/t', 3);
    await calm();
    const heard: string[] = [];
    bench.engine.watch(Pattern.parse('**'), ({ operations }) =>
      heard.push(...operations.map(({ op, path }) => `${op} ${path}`)),
    );
    const movedBack: unknown[] = [];
    bench.engine.watchRecords('l', (commits) => movedBack.push(...commits.map((commit) => commit.movedBack)));
    link.end();
    const regressed = await bench.reconnect();
    regressed.accept(2);
    regressed.complete(3);
    await calm();
    expect(regressed.isClosed).toBe(true);
    expect(bench.link.joinedFrom).toBe(0);
    expect(bench.engine.reads.get('l/baz/t')).toMatchObject({ value: 3 });
    bench.link.accept(2);
    await calm();
    bench.link.event(1, 'set', 'l/foo/t', 1);
    bench.link.event(2, 'set', 'l/bar/t', 'other');
    bench.link.complete(2);
    await calm();
    expect(bench.leaves()).toEqual(['l/bar/t="other"@2', 'l/foo/t=1@1']);
    expect(heard).toEqual(['set l/bar/t', 'delete l/baz/t']);
    expect(bench.engine.status).toMatchObject({ state: 'live', storeSeq: 2 });
    bench.link.event(3, 'set', 'l/foo/t', 3);
    await calm();
    expect(movedBack).toEqual([true, undefined]);
  });

  it('begins again with a snapshot where the server sends one, which replaces what came before it', async () => {
    begin();
    const link = await bench.goLive();
    link.event(1, 'set', 'l/foo/t', 1);
    link.event(2, 'set', 'l/bar/t', 2);
    link.event(3, 'set', 'l/baz/t', 3);
    await calm();
    link.end();
    const regressed = await bench.reconnect();
    regressed.accept(2);
    regressed.complete(3);
    await calm();
    bench.link.accept(2);
    await calm();
    bench.link.event(1, 'set', 'l/gone/t', 1);
    await calm();
    bench.link.say('snapshot', {
      snapshot_seq: 2,
      entries: { 'l/bar/t': { type: 'string', value: { _scalar: 'other' } } },
    });
    bench.link.complete(2);
    await calm();
    expect(bench.leaves()).toEqual(['l/bar/t="other"@2']);
  });

  it('is not taken back by what waited to be applied when a snapshot came', async () => {
    begin();
    const link = await bench.goLive();
    link.event(1, 'set', 'a', 1);
    link.event(2, 'set', 'a', 2);
    link.event(3, 'set', 'b', 3);
    const entries = { a: { type: 'integer', value: { _scalar: 4 } } };
    link.say('snapshot', { snapshot_seq: 4, entries });
    link.event(5, 'set', 'c', 5);
    await calm();
    expect(bench.leaves()).toEqual(['a=4@4', 'c=5@5']);
    expect(bench.engine.status.storeSeq).toBe(5);
  });

  it('goes on behind a snapshot with what had come before it', async () => {
    begin();
    const link = await bench.goLive();
    link.event(5, 'set', 'c', 5);
    await calm();
    link.say('snapshot', { snapshot_seq: 4, entries: { a: { type: 'integer', value: { _scalar: 4 } } } });
    await calm();
    expect(bench.leaves()).toEqual(['a=4@4', 'c=5@5']);
  });

  it('reads counters and sets again whose base changed in a catch-up, and shows nothing before (PROTOCOL §5.8)', async () => {
    begin();
    bench.readable = undefined;
    void bench.engine.start();
    const heard: unknown[] = [];
    bench.engine.watch(Pattern.parse('c'), ({ operations }) =>
      heard.push(...operations.map(({ op, value }) => [op, value])),
    );
    bench.link.accept(4);
    await calm();
    bench.link.event(1, 'increment', 'c', 2);
    bench.link.event(2, 'set', 'c', 10);
    bench.link.event(3, 'increment', 'c', 3);
    bench.link.event(4, 'set', 'd', 1);
    bench.link.complete(4);
    await calm();
    expect(bench.engine.status).toMatchObject({ state: 'catchingUp', storeSeq: 2 });
    expect(heard).toEqual([
      ['increment', 2],
      ['set', 10],
    ]);
    bench.readable = new Map([['c', { path: 'c', value: 11, type: 'counter', revision: 3 }]]);
    await bench.clock.advance(1000);
    expect(heard.at(-1)).toEqual(['increment', 11]);
    expect(bench.leaves()).toEqual(['c=11@3', 'd=1@4']);
    expect(bench.engine.status.state).toBe('live');
  });

  it('does not read again what a catch-up can be trusted with', async () => {
    begin();
    void bench.engine.start();
    bench.link.accept(2);
    await calm();
    bench.link.event(1, 'increment', 'c', 2);
    bench.link.event(2, 'increment', 'c', 3);
    bench.link.complete(2);
    await calm();
    expect(bench.leaves()).toEqual(['c=3@2']);
    expect(bench.reads).toBe(0);
  });

  it.each([
    ['no object', 7],
    ['a path too long to be stored', { store_seq: 1, op: 'set', path: 'a'.repeat(4000), value: 1 }],
    ['what is not JSON', { store_seq: 1, op: 'set', path: 'a', value: 1n }],
    ['a path that is none', { store_seq: 1, op: 'set', path: 'a//b', value: 1 }],
    ['an unknown op', { store_seq: 1, op: 'toString', path: 'a', value: 1 }],
    ['a seq that is none', { store_seq: 1.5, op: 'set', path: 'a', value: 1 }],
    ['an empty key', { store_seq: 1, op: 'set', path: 'a', value: { b: { '': 1 } } }],
    ['a total that is none', { store_seq: 1, op: 'increment', path: 'a', value: 'x' }],
    ['a set that is none', { store_seq: 1, op: 'add', path: 'a', value: 'x' }],
  ])('gives up a connection that tells of %s, and stays right', async (_, payload) => {
    begin();
    const link = await bench.goLive();
    link.say('event', payload);
    await calm();
    expect(link.isClosed).toBe(true);
    expect(bench.engine.status.state).toBe('reconnecting');
    const next = await bench.reconnect();
    expect(next.joinedFrom).toBe(0);
    next.accept(1);
    await calm();
    next.event(1, 'set', '__proto__/constructor', 1);
    next.complete(1);
    await calm();
    expect(bench.leaves()).toEqual(['__proto__/constructor=1@1']);
  });

  it('does not take a catch-up for whole that lacks something', async () => {
    begin();
    void bench.engine.start();
    bench.link.accept(3);
    await calm();
    bench.link.event(1, 'set', 'a', 1);
    bench.link.event(3, 'set', 'a', 3);
    bench.link.complete(3);
    await calm();
    expect(bench.link.isClosed).toBe(true);
    expect(bench.engine.status.state).toBe('reconnecting');
    expect(bench.leaves()).toEqual(['a=1@1']);
  });
});

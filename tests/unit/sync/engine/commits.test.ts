import type { CommitRange, RecordCommit } from '../../../../src/protocol/requests/operation.js';
import { Pattern } from '../../../../src/protocol/paths/pattern.js';
import { EngineBench, calm } from '../engine-bench.js';
import type { FakeLink } from '../engine-bench.js';

let bench: EngineBench;

afterEach(async () => {
  await bench.close();
  expect(bench.clock.pending).toBe(0);
});

interface Sent {
  readonly path: string;
  readonly id?: string;
  readonly commit?: CommitRange;
}

function tell(link: FakeLink, storeSeq: number, { path, id = `c${storeSeq}`, commit }: Sent): void {
  const told = {
    store_seq: storeSeq,
    op: 'set',
    path,
    value: storeSeq,
    device_id: 'other',
    client_op_id: id,
  };
  link.say('event', commit === undefined ? told : { ...told, commit });
}

/** What watchers of everything and of the records below `l` are told: by commit, and by delivery. */
function listen(): { commits: string[]; deliveries: string[] } {
  const [commits, deliveries]: [string[], string[]] = [[], []];
  bench.engine.watch(Pattern.parse('**'), ({ first, last, operations }) => {
    commits.push(`${first}-${last}: ${operations.map(({ path }) => path).join(' ')}`);
  });
  const shown = ({ last, records }: RecordCommit): string =>
    `${last}: ${records.map(({ slug, leaves }) => `${slug}=${leaves.map(({ value }) => JSON.stringify(value)).join()}`).join(' ')}`;
  bench.engine.watchRecords('l', (together) => deliveries.push(together.map(shown).join(', ')));
  return { commits, deliveries };
}

const commit = { first: 1, last: 3 };

it('an operation that is a commit of its own is shown at once, and nothing is waited for', async () => {
  bench = new EngineBench();
  const link = await bench.goLive();
  const waiting = bench.clock.pending;
  const { commits } = listen();
  tell(link, 1, { path: 'l/a/t' });
  await calm();
  expect(commits).toEqual(['1-1: l/a/t']);
  expect(bench.clock.pending).toBe(waiting);
});

describe('a commit that the server marks', () => {
  beforeEach(() => {
    bench = new EngineBench({ limits: { gapTimeout: 100 } });
  });

  it('is shown when the last of it is there, whatever comes in between', async () => {
    const link = await bench.goLive();
    const { commits, deliveries } = listen();
    tell(link, 1, { path: 'l/a', commit });
    tell(link, 3, { path: 'l/a/x', commit });
    tell(link, 4, { path: 'other' });
    await calm();
    await bench.clock.advance(60);
    expect([bench.leaves(), bench.engine.status.storeSeq, commits]).toEqual([[], 0, []]);
    tell(link, 2, { path: 'l/b', commit });
    await calm();
    expect(commits).toEqual(['1-3: l/a l/b l/a/x', '4-4: other']);
    expect(deliveries).toEqual(['3: a=1,3 b=2']);
    expect(bench.engine.status.storeSeq).toBe(4);
  });

  it('is fetched when the rest of it does not come', async () => {
    const link = await bench.goLive();
    const { commits } = listen();
    tell(link, 1, { path: 'l/a', commit });
    await calm();
    await bench.clock.advance(200);
    expect(bench.links).toHaveLength(2);
    bench.link.accept(3);
    await calm();
    for (const [i, path] of ['l/a', 'l/b', 'l/c'].entries()) tell(bench.link, i + 1, { path, commit });
    bench.link.complete(3);
    await calm();
    expect(commits).toEqual(['1-3: l/a l/b l/c']);
  });

  it('of which one operation only lies in the mirror is told with the range it has', async () => {
    await bench.close();
    bench = new EngineBench({ prefixes: ['l'] });
    const link = await bench.goLive();
    const { commits, deliveries } = listen();
    for (const [i, path] of ['m/a', 'l/b', 'm/c'].entries()) tell(link, i + 1, { path, commit });
    await calm();
    expect([commits, deliveries]).toEqual([['1-3: l/b'], ['3: b=2']]);
  });

  it.each([
    ['is none', 7],
    ['leaves its operation out', { first: 2, last: 3 }],
    ['ends before its operation', { first: 0, last: 0 }],
    ['has no end', { first: 1 }],
  ])('gives up a connection that tells of a commit that %s', async (_, wrong) => {
    const link = await bench.goLive();
    tell(link, 1, { path: 'a', commit: wrong as CommitRange });
    await calm();
    expect([link.isClosed, bench.leaves()]).toEqual([true, []]);
  });
});

describe('a batch on a 0.1 server', () => {
  beforeEach(() => {
    bench = new EngineBench();
  });

  it('is one commit in a catch-up, which is one delivery', async () => {
    void bench.engine.start();
    const { commits, deliveries } = listen();
    bench.link.accept(5);
    await calm();
    tell(bench.link, 1, { path: 'l/a', id: 'r:0' });
    await calm();
    expect(bench.engine.status.storeSeq).toBe(0);
    tell(bench.link, 2, { path: 'l/b', id: 'r:1' });
    tell(bench.link, 3, { path: 'l/a', id: 's:0' });
    tell(bench.link, 4, { path: 'l/c', id: 's:1' });
    tell(bench.link, 5, { path: 'l/d', id: 'ann:9' });
    bench.link.complete(5);
    await calm();
    expect(commits).toEqual(['1-2: l/a l/b', '3-4: l/a l/c', '5-5: l/d']);
    expect(deliveries).toEqual(['2: a=1 b=2, 4: a=3 c=4, 5: d=5']);
  });

  it('is over a moment after it went quiet', async () => {
    const link = await bench.goLive();
    const { commits } = listen();
    tell(link, 1, { path: 'l/a', id: 'r:0' });
    tell(link, 2, { path: 'l/b', id: 'r:1' });
    await calm();
    expect(commits).toEqual([]);
    await bench.clock.advance(60);
    expect(commits).toEqual(['1-2: l/a l/b']);
  });

  it('is not over while more of it comes in time, however often', async () => {
    const link = await bench.goLive();
    const { commits } = listen();
    for (let i = 0; i < 4; i++) {
      tell(link, i + 1, { path: `l/r${i}`, id: `r:${i}` });
      await calm();
      await bench.clock.advance(30);
      expect(commits).toEqual([]);
    }
    await bench.clock.advance(100);
    expect(commits).toEqual(['1-4: l/r0 l/r1 l/r2 l/r3']);
  });

  it.each(['at once', 'a moment later'])('is not over while a hole behind it is open (%s)', async (when) => {
    const link = await bench.goLive();
    const { commits } = listen();
    tell(link, 1, { path: 'l/a', id: 'r:0' });
    if (when === 'a moment later') await calm();
    tell(link, 3, { path: 'l/c', id: 'r:2' });
    await calm();
    await bench.clock.advance(500);
    expect(commits).toEqual([]);
    tell(link, 2, { path: 'l/b', id: 'r:1' });
    tell(link, 4, { path: 'x' });
    await calm();
    expect(commits).toEqual(['1-3: l/a l/b l/c', '4-4: x']);
  });

  it.each([
    ['the rest of it is fetched', 4, '3-4: l/c l/d'],
    ['it was all there is', 3, '3-3: l/c'],
  ])('is not over where a catch-up was cut short in it: %s', async (_, present, last) => {
    const link = await bench.goLive();
    const { commits } = listen();
    tell(link, 2, { path: 'l/b' });
    await bench.clock.advance(1000);
    const cut = bench.link;
    cut.accept(2);
    await calm();
    for (const [storeSeq, path] of [
      [1, 'l/a'],
      [2, 'l/b'],
    ] as const) {
      tell(cut, storeSeq, { path });
    }
    // Written over HTTP while the catch-up was read: nobody tells of it.
    tell(cut, 3, { path: 'l/c', id: 'r:0' });
    await calm();
    cut.end();
    await bench.clock.advance(200);
    expect(commits).toEqual(['1-1: l/a', '2-2: l/b']);
    await bench.reconnect();
    bench.link.accept(present);
    await calm();
    tell(bench.link, 3, { path: 'l/c', id: 'r:0' });
    if (present === 4) tell(bench.link, 4, { path: 'l/d', id: 'r:1' });
    bench.link.complete(present);
    await calm();
    expect(commits.slice(2)).toEqual([last]);
    expect(link.isClosed).toBe(false);
    await bench.clock.advance(2000);
    expect(bench.links).toHaveLength(3);
  });

  it("is whole, of one's own, when a catch-up brought its beginning and the answer the rest", async () => {
    const link = await bench.goLive();
    const { commits } = listen();
    tell(link, 1, { path: 'l/a', id: 'r:0' });
    const write = (storeSeq: number, path: string) =>
      ({
        storeSeq,
        op: 'set',
        path,
        value: 0,
        deviceId: 'me',
        clientOpId: 'r',
        commit: { first: 1, last: 2 },
      }) as const;
    await bench.engine.submitCommitted([write(1, 'l/a'), write(2, 'l/b')]);
    expect(commits).toEqual(['1-2: l/a l/b']);
  });

  it('does not hold up the numbered writes of one client', async () => {
    const link = await bench.goLive();
    const { commits } = listen();
    tell(link, 1, { path: 'l/a', id: 'ann:1' });
    tell(link, 2, { path: 'l/b', id: 'ann:2' });
    await calm();
    expect(commits).toEqual(['1-1: l/a', '2-2: l/b']);
  });
});

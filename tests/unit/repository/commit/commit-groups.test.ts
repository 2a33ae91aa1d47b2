import { DustEntity, Field, Slug } from '../../../../src/index.js';
import { TestClock } from '../../../../src/testing/index.js';
import { groupsOf, runsOf } from '../../../../src/repository/commit/commit-groups.js';
import type { PreparedWrite } from '../../../../src/repository/prepare/prepared-write.js';
import type { Watched } from '../support.js';
import { link, Link, useDataSources } from '../support.js';

const connect = useDataSources();

@DustEntity('wide')
class Wide {
  @Slug() slug!: string;
}
for (let i = 0; i < 999; i++) Field({ type: 'integer' })(Wide.prototype, `f${i}`);

/** A record of so many fields, each of which is an operation on a 0.1 server. */
const wide = (slug: string, fields: number): Wide =>
  Object.assign(
    new Wide(),
    { slug },
    Object.fromEntries(Array.from({ length: fields }, (_, i) => [`f${i}`, i])),
  );

const HERE = { capabilities: { atomicBatch: true } };
const THERE = { capabilities: { atomicBatch: true } };
/** A write of so many operations. */
const write = (operations: number, transport = HERE): PreparedWrite =>
  ({
    transport,
    operations: Array.from({ length: operations }, () => ({ op: 'delete', path: 'a' })),
  }) as unknown as PreparedWrite;
const lengths = (groups: Iterable<readonly PreparedWrite[]>): number[][] =>
  Array.from(groups, (group) => group.map(({ operations = [] }) => operations.length));
const links = (count: number) => Array.from({ length: count }, (_, i) => link(`s${i}`));

/** A 0.1 server takes a field at a time (PROTOCOL §8), so that each of these records is two operations. */
const LIKE_0_1 = { merge: false, batchMerge: false, batchCheck: false };

const sizes = (control: Watched): number[] =>
  control.writes.map(([, operations]) => (operations as unknown[]).length);

it.each<[number[], number, number[][]]>([
  [[500, 500], 50, [[500, 500]]],
  [[500, 501], 50, [[500], [501]]],
  [[600, 600, 30, 20, 1], 50, [[600], [600], [30, 20], [1]]],
  [[30, 999, 10, 40], 50, [[30], [999], [10, 40]]],
])(
  'writes of %j operations are batches of %d at the most, where one does not hold them',
  (sizes, most, groups) => {
    const [run] = runsOf(sizes.map((size) => write(size)));
    expect(lengths(groupsOf(run!, () => most))).toEqual(groups);
  },
);

it('what goes to another store begins a run', () => {
  const runs = runsOf([write(1), write(2), write(3, THERE), write(4)]);
  expect(lengths(runs)).toEqual([[1, 2], [3], [4]]);
  expect(runsOf([])).toEqual([]);
});

describe('writes of many records', () => {
  it('are one commit as long as one batch holds them, wherever they go', async () => {
    const { manager, control } = await connect([Link], LIKE_0_1, { clock: new TestClock() });
    await manager.save(Link, links(500));
    expect(sizes(control)).toEqual([1000]);
  });

  it('that no batch can hold go to a 0.1 server cautiously, and in larger batches while it is quick', async () => {
    const { manager, control } = await connect([Link], LIKE_0_1, { clock: new TestClock() });
    await manager.save(Link, links(1001));
    expect(sizes(control)).toEqual([200, 400, 800, 602]);
    expect(await manager.count(Link)).toBe(1001);
  });

  it('let others have a turn between two batches, who may call the rest off', async () => {
    const { manager, control } = await connect([Wide], LIKE_0_1, { clock: new TestClock() });
    const calledOff = new AbortController();
    control.before = (method) => method === 'batchWrite' && setImmediate(() => calledOff.abort());
    const records = [wide('large', 999), wide('a', 1), wide('b', 1)];
    const saved = manager.save(Wide, records, { signal: calledOff.signal });
    await expect(saved).rejects.toMatchObject({
      name: 'PartialWriteError',
      kind: 'aborted',
      landed: ['large'],
    });
    expect(await manager.count(Wide)).toBe(1);
  });

  it('of which one fills more than a batch may have for now stay what a batch can hold', async () => {
    const { manager, control } = await connect([Wide], LIKE_0_1, { clock: new TestClock() });
    const records = () => [wide('large', 999), ...links(202).map(({ slug }) => wide(slug, 1))];
    await manager.insertMany(Wide, records());
    expect(sizes(control)).toEqual([999, 202]);
    control.writes.length = 0;
    await manager.save(Wide, records());
    expect(sizes(control)).toEqual([999, 202]);
    expect(await manager.count(Wide)).toBe(203);
  });

  it('take no turn where one batch holds them', async () => {
    const { manager } = await connect([Link]);
    let turns = 0;
    setImmediate(() => turns++);
    await manager.save(Link, links(2));
    expect(turns).toBe(0);
  });

  it('so do updates and deletes', async () => {
    const { manager, control } = await connect([Link], LIKE_0_1, { clock: new TestClock() });
    await manager.insertMany(Link, links(1001));
    control.writes.length = 0;
    const slugs = links(1001).map(({ slug }) => slug);
    await manager.update(Link, slugs, { note: 'n', title: 'changed' });
    expect(sizes(control)).toEqual([200, 400, 800, 602]);
    control.writes.length = 0;
    await manager.delete(Link, slugs);
    expect(sizes(control)).toEqual([200, 400, 401]);
  });

  it('are smaller where the server is slow', async () => {
    const clock = new TestClock();
    const { manager, control } = await connect([Link], LIKE_0_1, { clock });
    control.before = (method) => method === 'batchWrite' && clock.advance(4000);
    await manager.save(Link, links(501));
    expect(sizes(control)).toEqual([200, ...Array<number>(16).fill(50), 2]);
  });

  it('are as large as it commits in a second', async () => {
    const clock = new TestClock();
    const { manager, control } = await connect([Link], LIKE_0_1, { clock });
    control.before = (method) => method === 'batchWrite' && clock.advance(1500);
    await manager.save(Link, links(501));
    expect(sizes(control).slice(0, 3)).toEqual([200, 132, 88]);
  });

  it('that no batch can hold fill the batches of a server that compares without writing', async () => {
    const { manager, control } = await connect([Link], {}, { clock: new TestClock() });
    await manager.save(Link, links(1002));
    expect(sizes(control)).toEqual([1000, 2]);
  });
});

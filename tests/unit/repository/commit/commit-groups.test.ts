import { TestClock } from '../../../../src/testing/index.js';
import type { Watched } from '../support.js';
import { link, Link, useDataSources } from '../support.js';

const connect = useDataSources();
const links = (count: number) => Array.from({ length: count }, (_, i) => link(`s${i}`));

/** A 0.1 server takes a field at a time (PROTOCOL §8), so that each of these records is two operations. */
const LIKE_0_1 = { merge: false, batchMerge: false, batchCheck: false };

const sizes = (control: Watched): number[] =>
  control.writes.map(([, operations]) => (operations as unknown[]).length);

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

  it('that no batch can hold fill the batches of a server that compares without writing', async () => {
    const { manager, control } = await connect([Link], {}, { clock: new TestClock() });
    await manager.save(Link, links(1002));
    expect(sizes(control)).toEqual([1000, 2]);
  });
});

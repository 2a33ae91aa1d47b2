import { systemClock } from '../../../src/clock.js';
import type { DataSource, TransportCapabilities } from '../../../src/index.js';
import { describeContract } from '../describe-contract.js';
import { defineItem } from '../entities.js';

/** Whether a write may depend on a revision there. */
const compares = ({ atomicBatch }: TransportCapabilities): boolean => atomicBatch;

describeContract('changes that another writer was faster with', (context) => {
  let dust: DataSource;
  let Item: ReturnType<typeof defineItem>;

  beforeEach(async () => {
    Item = defineItem(context.uniquePrefix());
    // The machine's clock: a wait between two attempts takes milliseconds.
    dust = await context.connect([Item], { clock: systemClock });
    await dust.getRepository(Item).insert({ slug: 'a', rank: 1, name: 'mine' });
  });

  /** Adds ten under the revision that was read; `meanwhile` happens between the two. */
  const addTen = async (meanwhile: () => Promise<unknown>): Promise<number> => {
    const items = dust.getRepository(Item);
    const item = await items.findOneByOrFail({ slug: 'a' });
    await meanwhile();
    await items.update('a', { rank: item.rank + 10 }, { ifMatch: items.revisionOf(item) });
    return item.rank + 10;
  };

  it('are read, made and committed again', async () => {
    if (!compares(context.capabilities)) return;
    const attempts: number[] = [];
    const result = await dust.retryOnConflict((manager, attempt) => {
      expect(manager).toBe(dust.manager);
      attempts.push(attempt);
      return addTen(async () => {
        if (attempt < 3) await manager.update(Item, 'a', { rank: attempt * 100 });
      });
    });
    expect(attempts).toEqual([1, 2, 3]);
    expect(result).toBe(210);
    expect(await dust.getRepository(Item).findOneByOrFail({ slug: 'a' })).toMatchObject({ rank: 210 });
  });

  it('none is lost when many writers change one record at once', async () => {
    if (!compares(context.capabilities)) return;
    const others = await context.connect([Item], { clock: systemClock });
    const change = (source: DataSource) =>
      source.retryOnConflict(
        async (manager) => {
          const items = manager.getRepository(Item);
          const item = await items.findOneByOrFail({ slug: 'a' });
          item.rank += 1;
          await items.save(item, { ifMatch: items.revisionOf(item) });
        },
        { attempts: 50 },
      );
    await Promise.all([dust, others, dust, others].map(change));
    expect((await dust.getRepository(Item).findOneByOrFail({ slug: 'a' })).rank).toBe(5);
  });

  it('are given up after the last attempt, with how many there were', async () => {
    if (!compares(context.capabilities)) return;
    let calls = 0;
    const failed: unknown = await dust.manager
      .retryOnConflict(() => addTen(() => dust.manager.update(Item, 'a', { rank: (calls += 1) })), {
        attempts: 2,
      })
      .catch((error: unknown) => error);
    expect(calls).toBe(2);
    expect(failed).toMatchObject({ kind: 'conflict', retryable: true, cause: { kind: 'conflict' } });
    expect(String(failed)).toMatch(/retryOnConflict tried 2 times/);
    expect(await dust.getRepository(Item).findOneByOrFail({ slug: 'a' })).toMatchObject({ rank: 2 });
  });

  it('a batch hands on what its callback returns, and keeps what was committed', async () => {
    if (!compares(context.capabilities)) return;
    let committed: unknown;
    const value = await dust.manager.batch(async (batch) => {
      const item = await dust.manager.findOneByOrFail(Item, { slug: 'a' });
      batch.update(Item, 'a', { rank: 7 }).insert(Item, { slug: 'b', rank: 8 });
      expect(batch.result).toBeUndefined();
      committed = () => batch.result;
      return item.rank;
    });
    expect(value).toBe(1);
    const result = { storeSeq: expect.any(Number), operations: expect.any(Number) };
    expect((committed as () => unknown)()).toEqual(result);
    expect(await dust.manager.batch((batch) => batch.delete(Item, 'b'))).toEqual(result);
    expect(await dust.manager.batch((batch) => void batch.delete(Item, 'b'))).toEqual(result);
    expect(await dust.manager.batch((batch) => (batch.delete(Item, 'b'), null))).toBeNull();
  });
});

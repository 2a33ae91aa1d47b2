import { DustEntity, DustError, Field, Like, Slug, Unique } from '../../../../src/index.js';
import { Profile, useDataSources } from '../support.js';
import { createTestDataSource, TestDataSource } from '../../../../src/testing/index.js';

@DustEntity({ prefix: ['people'], mode: 'map' })
class Person {
  @Slug() id!: string;
  @Field('string') @Unique() email?: string;
  @Field('integer') rank?: number;
}

const connect = useDataSources();

describe('an update of records in map mode that others are faster with', () => {
  const outrun = async (slugs: string[], isOutrun: (attempt: number, size: number) => boolean) => {
    const { manager, control } = await connect([Profile]);
    await manager.insert(
      Profile,
      slugs.map((slug) => ({ slug, name: 'Ada' })),
    );
    const records: number[] = [];
    control.before = (method, [operations]) => {
      if (method !== 'batchWrite') return;
      const size = (operations as { op: string }[]).filter(({ op }) => op === 'set').length;
      if (isOutrun(records.push(size), size)) throw new DustError('conflict', 'others were faster');
    };
    const updated = await manager.update(Profile, slugs, { city: 'x' });
    expect(updated.slugs).toEqual(slugs);
    expect((await manager.find(Profile)).map(({ city }) => city)).toEqual(slugs.map(() => 'x'));
    return records;
  };

  it('is tried for all of them three times, and for each by itself then', async () => {
    expect(await outrun(['a', 'b', 'c'], (_, size) => size > 1)).toEqual([3, 3, 3, 1, 1, 1]);
    expect(await outrun(['a', 'b'], (attempt) => attempt <= 3)).toEqual([2, 2, 2, 1, 1]);
    expect(await outrun(['a', 'b'], (attempt) => attempt <= 2)).toEqual([2, 2, 2]);
  });

  it('reads a single one again each time', async () => {
    expect(await outrun(['a'], (attempt) => attempt <= 5)).toEqual([1, 1, 1, 1, 1, 1]);
  });

  it('fails with what is no conflict, together and by itself', async () => {
    const { manager, control } = await connect([Profile]);
    await manager.insert(Profile, [
      { slug: 'a', name: 'Ada' },
      { slug: 'b', name: 'Bob' },
    ]);
    const lost = new DustError('network', 'no route');
    let attempts = 0;
    control.before = (method) => {
      if (method !== 'batchWrite') return;
      attempts++;
      throw lost;
    };
    await expect(manager.update(Profile, ['a', 'b'], { city: 'x' })).rejects.toBe(lost);
    await expect(manager.update(Profile, 'a', { city: 'x' })).rejects.toBe(lost);
    expect(attempts).toBe(2);
  });

  it('leaves out what is not there', async () => {
    const { manager } = await connect([Profile]);
    await manager.insert(Profile, { slug: 'a', name: 'Ada' });
    expect(await manager.update(Profile, ['gone', 'a'], { city: 'x' })).toMatchObject({ slugs: ['a'] });
    expect(await manager.update(Profile, 'gone', { city: 'x' })).toMatchObject({ affected: 0, slugs: [] });
    expect(await manager.update(Profile, ['a', 'none'], { city: 'y' })).toMatchObject({ affected: 1 });
  });
});

describe('an update of several records in map mode', () => {
  let dust: TestDataSource;

  beforeEach(async () => {
    const people = ['a', 'b', 'c'].map((id) => ({ id, email: `${id}@example.org`, rank: 0 }));
    dust = await createTestDataSource({ entities: [Person], seed: [[Person, people]] });
  });
  afterEach(() => dust.destroy());

  const ranks = async (): Promise<unknown[]> =>
    (await dust.getRepository(Person).find()).map(({ rank }) => rank);

  it('is one commit', async () => {
    const commits: number[] = [];
    const subscription = dust.transport.watch('**').subscribe(({ operations }) => {
      commits.push(operations.length);
    });
    await dust.getRepository(Person).update({ id: Like('%') }, { rank: 1 });
    await dust.manager.getRepository(Person).count();
    subscription.unsubscribe();
    expect(commits).toHaveLength(1);
    expect(await ranks()).toEqual([1, 1, 1]);
  });

  it('writes nothing when one of them cannot be', async () => {
    const update = dust.getRepository(Person).update(['a', 'b', 'c'], { email: 'same', rank: 1 });
    await expect(update).rejects.toMatchObject({ kind: 'exists', detail: 'duplicate' });
    expect(await ranks()).toEqual([0, 0, 0]);
  });

  it.each([1, 3])('is made again when others were faster %i times', async (times) => {
    dust.failNext('conflict', { method: 'write', times });
    expect(await dust.getRepository(Person).update(['a', 'b', 'c'], { rank: 2 })).toMatchObject({
      affected: 3,
    });
    expect(dust.pendingFailures).toBe(0);
    expect(await ranks()).toEqual([2, 2, 2]);
  });
});

import { DustEntity, Field, Like, Slug, Unique } from '../../../../src/index.js';
import { createTestDataSource, TestDataSource } from '../../../../src/testing/index.js';

@DustEntity({ prefix: ['people'], mode: 'map' })
class Person {
  @Slug() id!: string;
  @Field('string') @Unique() email?: string;
  @Field('integer') rank?: number;
}

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

import type { DataSource, Repository } from '../../../src/index.js';
import { CounterField, DustEntity, Field, SetField, Slug, UpdatedAtField } from '../../../src/index.js';
import { describeContract } from '../describe-contract.js';
import { commitsOf, operationsOf } from '../witness.js';

function definePost(prefix: string[]) {
  @DustEntity({ prefix })
  class Post {
    @Slug() slug!: string;
    @Field() title?: string;
    @Field({ default: 'draft' }) state!: string;
    @CounterField() likes!: number;
    @SetField({ type: 'string' }) tags!: string[];
    @UpdatedAtField() updatedAt?: Date;
  }
  return Post;
}

type Post = InstanceType<ReturnType<typeof definePost>>;

describeContract('counters and sets beside other writes', (context) => {
  const { batchCounters, batchCheck, counters } = context.capabilities;
  let prefix: string;
  let dust: DataSource;
  let posts: Repository<Post>;
  let Post: ReturnType<typeof definePost>;

  beforeEach(async () => {
    const segments = context.uniquePrefix();
    prefix = segments.join('/');
    Post = definePost(segments);
    dust = await context.connect([Post]);
    posts = dust.getRepository(Post);
    await posts.insert({ slug: 'a', title: 'T' });
  });

  const found = (slug = 'a'): Promise<Post> => posts.findOneByOrFail({ slug });

  const stands = () => context.stateOf([...prefix.split('/')]);

  context.itWith(
    'batchCounters',
    'a batch changes counters and sets together with other fields, in one commit',
    async () => {
      const [commit, ...others] = await commitsOf(context, prefix, () =>
        dust.manager.batch((batch) =>
          batch
            .increment(Post, 'a', 'likes', 5)
            .decrement(Post, 'a', 'likes', 2)
            .addTo(Post, 'a', 'tags', 'one')
            .addTo(Post, 'a', 'tags', 'two')
            .removeFrom(Post, 'a', 'tags', 'one')
            .update(Post, 'a', { title: 'changed' })
            .insert(Post, { slug: 'b', title: 'new' })
            .increment(Post, 'b', 'likes', 1),
        ),
      );
      expect(others).toEqual([]);
      expect(commit?.first).toBeLessThan(commit?.last ?? 0);
      expect(await found()).toMatchObject({ title: 'changed', likes: 3, tags: ['two'] });
      expect(await found('b')).toMatchObject({ title: 'new', state: 'draft', likes: 1 });
    },
  );

  context.itWith(
    'batchCounters',
    'changes of counters in batches all count, whoever makes them',
    async () => {
      const other = await context.insider();
      await Promise.all([
        ...Array.from({ length: 5 }, () =>
          dust.manager.batch((batch) => batch.increment(Post, 'a', 'likes', 1)),
        ),
        ...Array.from({ length: 5 }, () => other.increment(`${prefix}/a/likes`, 1)),
      ]);
      expect(await found()).toMatchObject({ likes: 10 });
    },
  );

  context.itWith(
    'batchCounters',
    'a batch with a change of a record that is not there writes nothing',
    async () => {
      const before = await stands();
      const refusal = { kind: 'not_found', message: expect.stringContaining('Post "missing"') };
      await expect(
        dust.manager.batch((batch) =>
          batch.update(Post, 'a', { title: 'lost' }).increment(Post, 'missing', 'likes', 1),
        ),
      ).rejects.toMatchObject(refusal);
      await expect(
        dust.manager.batch((batch) => batch.delete(Post, 'a').addTo(Post, 'a', 'tags', 'x')),
      ).rejects.toMatchObject({ kind: 'not_found' });
      expect(await stands()).toEqual(before);
    },
  );

  context.itWith(
    'batchCounters',
    'a change that the store refuses takes the whole batch with it',
    async () => {
      const other = await context.insider();
      await other.set(`${prefix}/a/likes`, 'many');
      const before = await stands();
      await expect(
        dust.manager.batch((batch) =>
          batch.update(Post, 'a', { title: 'lost' }).increment(Post, 'a', 'likes', 1),
        ),
      ).rejects.toMatchObject({ kind: 'invalid_params' });
      expect(await stands()).toEqual(before);
    },
  );

  context.itWith(
    'batchCounters',
    'the time of the last change moves in the commit of a counter or a set',
    async () => {
      const { updatedAt } = await found();
      await context.clock.advance(1000);
      const commits = await commitsOf(context, prefix, async () => {
        await posts.increment('a', 'likes', 1);
        await posts.addTo('a', 'tags', 'one');
        await dust.manager.batch((batch) => batch.removeFrom(Post, 'a', 'tags', 'one'));
      });
      const record = `${prefix}/a`;
      expect(commits.map(operationsOf)).toEqual([
        [`increment ${record}/likes`, `set ${record}/updatedAt`],
        [`add ${record}/tags`, `set ${record}/updatedAt`],
        [`remove ${record}/tags`, `set ${record}/updatedAt`],
      ]);
      expect(Number((await found()).updatedAt) - Number(updatedAt)).toBe(1000);
    },
  );

  context.itWith('batchCounters', 'the result of a change has the revision of the record', async () => {
    const { revision } = await posts.increment('a', 'likes', 1);
    expect(posts.revisionOf(await found())).toBe(revision);
    await posts.update('a', { title: 'changed' }, { ifMatch: revision! });
    expect(await found()).toMatchObject({ title: 'changed', likes: 1 });
  });
  if (!batchCounters) {
    it('a batch refuses counters and sets, writes nothing and says what to do instead', async () => {
      const before = await stands();
      for (const change of [
        (batch) => batch.increment(Post, 'a', 'likes', 1),
        (batch) => batch.decrement(Post, 'a', 'likes', 1),
        (batch) => batch.addTo(Post, 'a', 'tags', 'x'),
        (batch) => batch.removeFrom(Post, 'a', 'tags', 'x'),
      ] satisfies Parameters<typeof dust.manager.batch>[0][]) {
        await expect(dust.manager.batch(change)).rejects.toMatchObject({
          kind: 'not_supported',
          detail: 'batchCounters',
          message: expect.stringMatching(
            /^Post: \w+ cannot be part of a batch here.*Call \w+ on the repository/,
          ),
        });
      }
      expect(await stands()).toEqual(before);
    });
  }

  if (counters && !batchCounters) {
    it('a change of a counter by itself leaves the time of the last change', async () => {
      const { updatedAt } = await found();
      await context.clock.advance(1000);
      await posts.increment('a', 'likes', 1);
      expect(await found()).toMatchObject({ likes: 1, updatedAt });
    });
  }

  const insertsOrFails = batchCheck ? 'batchCheck' : 'batchIfAbsent';
  context.itWith(insertsOrFails, 'an insert that must be the first goes beside another insert', async () => {
    const [, ...others] = await commitsOf(context, prefix, () =>
      dust.manager.batch((batch) =>
        batch
          .insert(Post, { slug: 'b', title: 'new' }, { ifAbsent: true })
          .insert(Post, { slug: 'c', title: 'beside' }),
      ),
    );
    expect(others).toEqual([]);
    expect(await posts.getMany(['b', 'c'])).toMatchObject([
      { title: 'new', state: 'draft' },
      { title: 'beside', state: 'draft' },
    ]);
    const before = await stands();
    await expect(
      dust.manager.batch((batch) =>
        batch
          .insert(Post, { slug: 'd', title: 'lost' })
          .insert(Post, { slug: 'a', title: 'lost' }, { ifAbsent: true }),
      ),
    ).rejects.toMatchObject({
      kind: 'exists',
      path: `${prefix}/a`,
      message: expect.stringContaining('Post "a" exists already'),
    });
    expect(await stands()).toEqual(before);
  });
  if (!context.capabilities[insertsOrFails]) {
    it('an insert that must be the first is refused in a batch, with what to do instead', async () => {
      const before = await stands();
      await expect(
        dust.manager.batch((batch) =>
          batch
            .insert(Post, { slug: 'b', title: 'new' }, { ifAbsent: true })
            .insert(Post, { slug: 'c', title: 'beside' }),
        ),
      ).rejects.toMatchObject({
        kind: 'not_supported',
        detail: 'batchIfAbsent',
        message: expect.stringMatching(
          /Post "b".*Call insert\(…, \{ ifAbsent: true \}\) on the repository first/,
        ),
      });
      expect(await stands()).toEqual(before);
    });
  }
});

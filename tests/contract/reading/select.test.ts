import { Length } from 'class-validator';
import { firstValueFrom, skip } from 'rxjs';
import type { FindManyOptions, Repository } from '../../../src/index.js';
import { DustEntity, Field, Slug, UpdatedAtField, VersionField } from '../../../src/index.js';
import type { StorageMode } from '../../../src/metadata/types.js';
import { describeContract } from '../describe-contract.js';
import { MODES } from '../entities.js';

function definePost(prefix: string[], mode: StorageMode) {
  @DustEntity({ prefix, mode })
  class Post {
    @Slug() slug!: string;
    @Field({ type: 'string', required: true }) @Length(1, 20) title!: string;
    @Field('string') @Length(1, 20) text!: string;
    @Field('integer') rank?: number | null;
    @Field({ type: 'string', default: 'none' }) kind?: string;
    @UpdatedAtField() changedAt?: Date;
  }
  return Post;
}

function defineUser(prefix: string[], mode: StorageMode) {
  @DustEntity({ prefix, mode })
  class User {
    @Slug() slug!: string;
    @Field({ type: 'string', required: true }) name!: string;
    @Field({ type: 'string', required: true, select: false }) @Length(3, 20) secret!: string;
    @VersionField() version?: number;
  }
  return User;
}

type Post = InstanceType<ReturnType<typeof definePost>>;
type User = InstanceType<ReturnType<typeof defineUser>>;

const unchecked = (options: unknown): FindManyOptions<Post> => options as FindManyOptions<Post>;

describeContract('select', (context) => {
  describe.each(MODES)('in %s mode', (mode) => {
    let entity: ReturnType<typeof definePost>;
    let posts: Repository<Post>;
    let prefix: string[];

    beforeEach(async () => {
      prefix = context.uniquePrefix();
      entity = definePost(prefix, mode);
      posts = (await context.connect([entity])).getRepository(entity);
      await posts.insert([
        { slug: 'a', title: 'A', text: 'first', rank: 2, kind: 'x' },
        { slug: 'b', title: 'B', text: 'second', rank: 1, kind: 'y' },
      ]);
    });

    it('gives instances of the class with these properties and the slug alone', async () => {
      const found = await posts.find({ select: { title: true }, order: { rank: 'ASC' } });
      expect(found.map((post) => ({ ...post }))).toEqual([
        { slug: 'b', title: 'B' },
        { slug: 'a', title: 'A' },
      ]);
      expect(found.map((post) => Object.keys(post).sort())).toEqual([
        ['slug', 'title'],
        ['slug', 'title'],
      ]);
      expect(found.every((post) => post instanceof entity)).toBe(true);
    });

    it('is taken by every read with options, as a list or as an object', async () => {
      const keys = (post: object | null): string =>
        Object.keys(post ?? {})
          .sort()
          .join();
      const select = ['title', 'rank'] as const;
      const expected = 'rank,slug,title';
      expect((await posts.find({ select })).map(keys)).toEqual([expected, expected]);
      expect(keys(await posts.findOne({ where: { rank: 1 }, select }))).toBe(expected);
      expect(keys(await posts.findOneOrFail({ where: { text: 'first' }, select }))).toBe(expected);
      const [found, count] = await posts.findAndCount({ where: { text: 'first' }, select });
      expect([keys(found[0]!), count]).toEqual([expected, 1]);
      const streamed: string[] = [];
      for await (const post of posts.stream({ select: { rank: true }, skip: 1 })) streamed.push(keys(post));
      expect(streamed).toEqual(['rank,slug']);
      const page = await posts.findPage({ select, order: { text: 'ASC' }, take: 1 });
      const next = await posts.findPage({ order: { text: 'ASC' }, take: 1, after: page.cursor });
      expect([...page.items.map(keys), ...next.items.map(({ slug }) => slug)]).toEqual([expected, 'b']);
      const { manager } = posts;
      expect((await manager.find(entity, { select: ['slug'], take: 1 })).map(keys)).toEqual(['slug']);
    });

    it.each<[string, unknown, string]>([
      ['an unknown name', ['titel'], 'Post has no property "titel" to select. Did you mean "title"?'],
      ['an unknown name in an object', { titel: true }, 'has no property "titel" to select.'],
      ['a name of another type', [1], 'Post cannot select the number 1.'],
      ['no name', [], 'Post: select names no property.'],
      ['an empty object', {}, 'Post: select names no property.'],
      ['false', { title: false }, 'Post: select takes "title" with true, not with the boolean false.'],
      ['text', 'title', 'Post: the find option "select" must be a list'],
    ])('refuses %s', async (_, select, message) => {
      const refusal = { kind: 'invalid_options', message: expect.stringContaining(message) };
      await expect(posts.find(unchecked({ select }))).rejects.toMatchObject(refusal);
    });

    describe('an instance that was loaded so', () => {
      it('is saved by what changed: what was left out stays', async () => {
        const post = await posts.findOneOrFail({ where: { slug: 'a' }, select: { title: true } });
        const loaded = await posts.findOneByOrFail({ slug: 'a' });
        post.title = 'new';
        await posts.save(post);
        const saved = await posts.findOneByOrFail({ slug: 'a' });
        const { changedAt, ...rest } = saved;
        expect({ ...rest }).toEqual({ slug: 'a', title: 'new', text: 'first', rank: 2, kind: 'x' });
        expect(changedAt!.getTime()).toBeGreaterThanOrEqual(loaded.changedAt!.getTime());
        expect(Object.keys(post).sort()).toEqual(['slug', 'title']);
      });

      it('is saved again and again', async () => {
        const post = await posts.findOneOrFail({ where: { slug: 'a' }, select: ['title'] });
        post.title = 'one';
        await posts.save(post);
        post.title = 'two';
        await posts.save(post);
        expect(await posts.findOneByOrFail({ slug: 'a' })).toMatchObject({
          title: 'two',
          text: 'first',
          rank: 2,
        });
        expect(Object.keys(post).sort()).toEqual(['slug', 'title']);
      });

      it('is not written when nothing changed', async () => {
        const post = await posts.findOneOrFail({ where: { slug: 'a' }, select: ['title'] });
        const before = await context.stateOf(prefix);
        await posts.save(post);
        expect(await context.stateOf(prefix)).toEqual(before);
      });

      it('writes what it is given', async () => {
        const post = (await posts.findOneOrFail({ where: { slug: 'a' }, select: ['slug'] })) as Post;
        post.rank = 7;
        await posts.save(post);
        expect(await posts.findOneByOrFail({ slug: 'a' })).toMatchObject({
          title: 'A',
          text: 'first',
          rank: 7,
        });
      });

      it('is held to the rules of what it has', async () => {
        const post = await posts.findOneOrFail({ where: { slug: 'a' }, select: ['title'] });
        post.title = '';
        await expect(posts.save(post)).rejects.toMatchObject({ kind: 'validation' });
      });

      it('does not become a record of parts when its record is gone', async () => {
        const post = await posts.findOneOrFail({ where: { slug: 'a' }, select: ['title'] });
        await posts.delete('a');
        post.title = 'new';
        await expect(posts.save(post)).rejects.toMatchObject({ kind: 'not_found' });
        expect(await posts.existsBy({ slug: 'a' })).toBe(false);
      });

      it('is not inserted over its record', async () => {
        const post = await posts.findOneOrFail({ where: { slug: 'a' }, select: ['title', 'text'] });
        const before = await context.stateOf(prefix);
        const refusal = {
          kind: 'invalid_value',
          message: expect.stringContaining('was loaded without rank'),
        };
        await expect(posts.insert(post)).rejects.toMatchObject(refusal);
        await expect(posts.upsert(post)).rejects.toMatchObject(refusal);
        expect(await context.stateOf(prefix)).toEqual(before);
      });

      it('is removed as any other', async () => {
        const post = await posts.findOneOrFail({ where: { slug: 'a' }, select: ['title'] });
        await posts.remove(post as Post);
        expect(await posts.count()).toBe(1);
      });
    });
  });

  describe.each(MODES)('of a field that reads leave out, in %s mode,', (mode) => {
    let entity: ReturnType<typeof defineUser>;
    let users: Repository<User>;

    beforeEach(async () => {
      entity = defineUser(context.uniquePrefix(), mode);
      users = (await context.connect([entity])).getRepository(entity);
      await users.insert([{ slug: 'ada', name: 'Ada', secret: 'lovelace' }]);
    });

    it('is needed to have it', async () => {
      const hidden = [
        ...(await users.find()),
        await users.findOneBy({ slug: 'ada' }),
        ...(await users.getMany(['ada'])),
        await users.preload({ slug: 'ada', name: 'A' }),
      ];
      expect(hidden.map((user) => Object.keys(user!).sort())).toEqual(
        hidden.map(() => ['name', 'slug', 'version']),
      );
      const select = ['slug', 'secret'] as const;
      expect({ ...(await users.findOne({ where: { slug: 'ada' }, select })) }).toEqual({
        slug: 'ada',
        secret: 'lovelace',
      });
    });

    it('is not needed to look for it', async () => {
      expect(await users.countBy({ secret: 'lovelace' })).toBe(1);
      expect(await users.find({ where: { secret: 'lovelace' }, order: { secret: 'ASC' } })).toHaveLength(1);
    });

    context.itWith('atomicBatch', 'leaves it as it is when the entity is saved', async () => {
      const user = await users.findOneByOrFail({ slug: 'ada' });
      user.name = 'Ada Lovelace';
      await users.save(user);
      expect(Object.keys(user).sort()).toEqual(['name', 'slug', 'version']);
      user.secret = 'x';
      await expect(users.save(user)).rejects.toMatchObject({ kind: 'validation' });
      user.secret = 'byron';
      await users.save(user);
      const select = ['name', 'secret'] as const;
      expect(await users.findOne({ where: { slug: 'ada' }, select })).toMatchObject({
        name: 'Ada Lovelace',
        secret: 'byron',
      });
    });
  });
});

describeContract(
  'live queries with select',
  (context) => {
    it.each(MODES)('show what is selected and tell of nothing else, in %s mode', async (mode) => {
      const entity = definePost(context.uniquePrefix(), mode);
      const posts = (await context.connect([entity])).getRepository(entity);
      await posts.insert([{ slug: 'a', title: 'A', text: 'first', rank: 1 }]);
      const lists: object[][] = [];
      const live$ = posts.live({ select: ['title'], order: { rank: 'ASC' } });
      const subscription = live$.subscribe((list) => lists.push(list.map((post) => ({ ...post }))));
      const seen = firstValueFrom(posts.live().pipe(skip(2)));
      await firstValueFrom(live$);
      await posts.update('a', { text: 'changed' });
      await posts.insert({ slug: 'b', title: 'B', text: 'second', rank: 0 });
      await seen;
      await posts.find();
      subscription.unsubscribe();
      expect(lists).toEqual([
        [{ slug: 'a', title: 'A' }],
        [
          { slug: 'b', title: 'B' },
          { slug: 'a', title: 'A' },
        ],
      ]);
    });

    it('and events leave out what reads leave out', async () => {
      const entity = defineUser(context.uniquePrefix(), 'flat');
      const users = (await context.connect([entity])).getRepository(entity);
      const next = firstValueFrom(users.events());
      await users.insert([{ slug: 'ada', name: 'Ada', secret: 'lovelace' }]);
      const event = await next;
      expect(Object.keys(event.type === 'upserted' ? event.entity : {}).sort()).toEqual([
        'name',
        'slug',
        'version',
      ]);
    });
  },
  { needs: 'realtime' },
);

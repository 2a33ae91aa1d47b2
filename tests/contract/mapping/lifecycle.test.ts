import type { EntityEvent, EntitySubscriberInterface, Repository, StorageMode } from '../../../src/index.js';
import {
  AfterInsert,
  AfterLoad,
  AfterRemove,
  AfterSave,
  AfterUpdate,
  BeforeInsert,
  BeforeRemove,
  BeforeSave,
  BeforeUpdate,
  DustEntity,
  Field,
  Slug,
} from '../../../src/index.js';
import { describeContract } from '../describe-contract.js';
import { MODES } from '../entities.js';

/** A class that notes what happens to its instances; what it refuses, it throws. */
function definePost(prefix: string[], mode: StorageMode) {
  const calls: string[] = [];
  const note = (call: string): void => void calls.push(call);

  @DustEntity({ prefix, mode })
  class Post {
    @Slug({ generated: 'ulid' }) slug!: string;
    @Field('string', { required: true }) title!: string;
    @Field('string') search?: string | null;
    @Field('string', { update: false }) author?: string | null;
    @Field('integer', { insert: false }) score?: number | null;
    shown?: string;

    @BeforeSave()
    async beforeSave(): Promise<void> {
      await Promise.resolve();
      this.search = this.title.toLowerCase();
      note('beforeSave');
    }

    @BeforeInsert()
    beforeInsert(): void {
      note('beforeInsert');
      if (this.title === 'refused') throw new RangeError('refused');
    }

    @BeforeUpdate()
    beforeUpdate(): void {
      note('beforeUpdate');
      if (this.title === 'refused') throw new RangeError('refused');
    }

    @BeforeRemove()
    beforeRemove(): void {
      note('beforeRemove');
      if (this.title === 'kept') throw new RangeError('refused');
    }

    @AfterInsert()
    afterInsert(): void {
      note('afterInsert');
    }

    @AfterUpdate()
    afterUpdate(): void {
      note('afterUpdate');
    }

    @AfterSave()
    afterSave(): void {
      note('afterSave');
    }

    @AfterRemove()
    afterRemove(): void {
      note('afterRemove');
    }

    @AfterLoad()
    async afterLoad(): Promise<void> {
      await Promise.resolve();
      this.shown = `${this.title}!`;
    }
  }
  return { Post, calls };
}

type Post = InstanceType<ReturnType<typeof definePost>['Post']>;

const INSERT = ['beforeSave', 'beforeInsert', 'afterInsert', 'afterSave'];
const UPDATE = ['beforeSave', 'beforeUpdate', 'afterUpdate', 'afterSave'];

describeContract('the life of an entity', (context) => {
  describe.each(MODES)('in %s mode', (mode) => {
    let posts: Repository<Post>;
    let Post: ReturnType<typeof definePost>['Post'];
    let calls: string[];
    let prefix: string[];

    beforeEach(async () => {
      prefix = context.uniquePrefix();
      ({ Post, calls } = definePost(prefix, mode));
      posts = (await context.connect([Post])).getRepository(Post);
    });

    it('save of a new entity calls its hooks, and writes what they change', async () => {
      await posts.save({ slug: 'a', title: 'Hello' });
      expect(calls).toEqual(INSERT);
      expect(await posts.findOneByOrFail({ slug: 'a' })).toMatchObject({ search: 'hello', shown: 'Hello!' });
    });

    it('save of a changed entity calls its hooks, and writes what they change', async () => {
      await posts.insert({ slug: 'a', title: 'Hello' });
      const post = await posts.findOneByOrFail({ slug: 'a' });
      calls.length = 0;
      await posts.save(post);
      expect(calls).toEqual([]);
      post.title = 'Bye';
      await posts.save(post);
      expect(calls).toEqual(UPDATE);
      expect(await posts.findOneByOrFail({ slug: 'a' })).toMatchObject({ search: 'bye' });
    });

    it('save of a plain object whose record is there calls the hooks of an update', async () => {
      await posts.insert({ slug: 'a', title: 'Hello', author: 'root' });
      calls.length = 0;
      await posts.save({ slug: 'a', title: 'Bye' });
      expect(calls).toEqual(UPDATE);
      expect(await posts.findOneByOrFail({ slug: 'a' })).toMatchObject({ search: 'bye', author: 'root' });
    });

    it('insertMany, upsert and remove call hooks', async () => {
      await posts.insertMany([{ slug: 'a', title: 'A' }]);
      await posts.upsert({ slug: 'a', title: 'B' }, ['slug']);
      await posts.remove(await posts.findOneByOrFail({ slug: 'a' }));
      expect(calls).toEqual([...INSERT, ...INSERT, 'beforeRemove', 'afterRemove']);
      expect(await posts.count()).toBe(0);
    });

    it('a hook that throws keeps everything from being sent', async () => {
      await posts.insert([
        { slug: 'a', title: 'a' },
        { slug: 'k', title: 'kept' },
      ]);
      const [first, kept] = await posts.getMany(['a', 'k']);
      const before = await context.stateOf(prefix);
      const refused = (work: Promise<unknown>): Promise<void> => expect(work).rejects.toThrow(RangeError);
      await refused(posts.save([posts.create({ slug: 'n', title: 'n' }), { slug: 'r', title: 'refused' }]));
      await refused(posts.insert([{ slug: 'n', title: 'n' }, { title: 'refused' }]));
      await expect(posts.insertMany([{ slug: 'n', title: 'n' }, { title: 'refused' }])).rejects.toMatchObject(
        {
          name: 'BulkInsertError',
          index: 1,
          landed: 0,
          cause: new RangeError('refused'),
        },
      );
      await refused(posts.save({ slug: 'a', title: 'refused' }));
      await refused(posts.save(Object.assign(first!, { title: 'refused' })));
      await refused(posts.remove([first!, kept!]));
      expect(await context.stateOf(prefix)).toEqual(before);
    });

    it('every read of entities waits for afterLoad', async () => {
      await posts.insert({ slug: 'a', title: 'A' });
      const streamed: Post[] = [];
      for await (const post of posts.stream()) streamed.push(post);
      const read = [
        ...streamed,
        ...(await posts.find()),
        ...(await posts.findAndCount())[0],
        ...(await posts.findPage()).items,
        ...(await posts.getMany(['a'])),
        await posts.findOneByOrFail({ slug: 'a' }),
        await posts.preload({ slug: 'a' }),
      ];
      expect(read.map((post) => post?.shown)).toEqual(Array<string>(7).fill('A!'));
    });

    it('an entity without a slug is given one, which stands on it', async () => {
      const [inserted, many]: Partial<Post>[] = [{ title: 'a' }, { title: 'b' }];
      const saved = await posts.save(posts.create({ title: 'c' }));
      const { slugs } = await posts.insert(inserted!);
      await posts.insertMany([many!]);
      expect(slugs).toEqual([inserted!.slug]);
      const found = await posts.getMany([inserted!.slug!, many!.slug!, saved.slug]);
      expect(found.map(({ title }) => title)).toEqual(['a', 'b', 'c']);
    });

    it('insert: false and update: false leave a value out', async () => {
      await posts.insert({ slug: 'a', title: 'A', author: 'root', score: 1 });
      const post = await posts.findOneByOrFail({ slug: 'a' });
      expect(post.score ?? undefined).toBeUndefined();
      await posts.save(Object.assign(post, { title: 'B', author: 'mallory', score: 2 }));
      await posts.update('a', { title: 'C', author: 'mallory' });
      expect(await posts.findOneByOrFail({ slug: 'a' })).toMatchObject({
        title: 'C',
        author: 'root',
        score: 2,
      });
    });

    it('listeners: false calls none of them', async () => {
      const told: string[] = [];
      const subscriber: EntitySubscriberInterface<Post> = {
        beforeInsert: () => void told.push('insert'),
        afterUpdate: () => void told.push('update'),
        beforeRemove: () => void told.push('remove'),
      };
      posts = (await context.connect([Post], { subscribers: [subscriber] })).getRepository(Post);
      const silent = { listeners: false };
      await posts.insert({ slug: 'a', title: 'refused' }, silent);
      await posts.insertMany([{ slug: 'b', title: 'refused' }], silent);
      await posts.save(
        [
          { slug: 'c', title: 'refused' },
          { slug: 'a', title: 'A' },
        ],
        silent,
      );
      const kept = await posts.findOneByOrFail({ slug: 'a' });
      expect(kept.search ?? null).toBeNull();
      kept.title = 'kept';
      await posts.save(kept, silent);
      await posts.remove(kept, silent);
      await posts.manager.remove(await posts.find(), silent);
      expect([calls, told, await posts.count()]).toEqual([[], [], 0]);
      await posts.save({ slug: 'd', title: 'D' }, { listeners: true });
      expect([calls, told]).toEqual([INSERT, ['insert']]);
      const odd = { listeners: 'no' as unknown as boolean };
      await expect(posts.save({ slug: 'e', title: 'E' }, odd)).rejects.toMatchObject({
        kind: 'invalid_options',
      });
    });

    it('what is inserted has its revision in what is called afterwards', async () => {
      const seen: (number | undefined)[] = [];
      const subscriber: EntitySubscriberInterface<Post> = {
        afterInsert: ({ entity }) => void seen.push(posts.revisionOf(entity)),
      };
      posts = (await context.connect([Post], { subscribers: [subscriber] })).getRepository(Post);
      const results = [
        await posts.insert({ title: 'plain' }),
        await posts.insert(posts.create({ title: 'an instance' })),
        await posts.insert([{ title: 'one' }, { title: 'of two' }]),
        await posts.upsert({ title: 'upserted' }, ['slug']),
      ];
      await posts.insertMany([{ slug: 'm', title: 'one of many' }]);
      await posts.save({ slug: 's', title: 'saved' });
      const [many, saved] = await posts.getMany(['m', 's']);
      expect(seen).toEqual([
        ...results.flatMap(({ revisions }) => revisions),
        posts.revisionOf(many!),
        posts.revisionOf(saved!),
      ]);
    });

    it('subscribers see entities before and after they are written', async () => {
      const seen: unknown[] = [];
      const subscriber: EntitySubscriberInterface<Post> = {
        beforeUpdate: ({ entity, databaseEntity }) => {
          seen.push([entity.title, databaseEntity?.title]);
          entity.author = 'the subscriber';
          entity.score = 9;
        },
        afterUpdate: ({ updatedFields }) => {
          seen.push(updatedFields.map(({ propertyName }) => propertyName));
        },
        beforeRemove: ({ entityId }) => void seen.push(entityId),
        afterLoad: (entity) => void (entity.shown = 'loaded'),
      };
      posts = (await context.connect([Post], { subscribers: [subscriber] })).getRepository(Post);
      await posts.insert({ slug: 'a', title: 'A' });
      const post = await posts.findOneByOrFail({ slug: 'a' });
      expect(post.shown).toBe('loaded');
      post.title = 'B';
      await posts.save(post);
      await posts.update('a', { title: 'C' });
      await posts.delete('a');
      expect(seen).toEqual([['B', 'A'], ['title', 'search', 'score'], ['C', undefined], [], undefined]);
    });
  });
});

describeContract(
  'the life of an entity in a batch',
  (context) => {
    it('calls what comes before all writes, then what comes after them', async () => {
      const { Post, calls } = definePost(context.uniquePrefix(), 'flat');
      const { manager } = await context.connect([Post]);
      await manager.insert(Post, [
        { slug: 'a', title: 'A' },
        { slug: 'b', title: 'B' },
      ]);
      const [a, b] = await manager.getMany(Post, ['a', 'b']);
      calls.length = 0;
      const silent = { listeners: false };
      await manager.batch((batch) => {
        batch.insert(Post, { slug: 'x', title: 'refused' }, silent);
        batch.save(Object.assign(a!, { title: 'refused' }), silent);
      });
      await manager.batch((batch) => batch.delete(Post, 'x').save(Object.assign(a!, { title: 'A' }), silent));
      expect(calls).toEqual([]);
      const made: Partial<Post> = { title: 'C' };
      await manager.batch((batch) => {
        batch.insert(Post, made);
        batch.save(Object.assign(a!, { title: 'AA' }));
        batch.remove(b!);
      });
      expect(calls).toEqual([
        ...INSERT.slice(0, 2),
        ...UPDATE.slice(0, 2),
        'beforeRemove',
        ...INSERT.slice(2),
        ...UPDATE.slice(2),
        'afterRemove',
      ]);
      const read = await manager.find(Post, { order: { title: 'ASC' } });
      expect(read).toMatchObject([{ search: 'aa' }, { search: 'c', slug: made.slug }]);
    });
  },
  { needs: 'atomicBatch' },
);

describeContract(
  'afterLoad of what is watched',
  (context) => {
    it('is waited for by events and live lists', async () => {
      const { Post } = definePost(context.uniquePrefix(), 'flat');
      const posts = (await context.connect([Post])).getRepository(Post);
      const [events, lists]: [EntityEvent<Post>[], Post[][]] = [[], []];
      const done = new Promise<void>((resolve) => {
        const isDone = (): void => {
          if (events.length > 0 && lists.at(-1)?.[0]?.title === 'A') resolve();
        };
        subscriptions.push(
          posts.events().subscribe((event) => {
            events.push(event);
            isDone();
          }),
          posts.live().subscribe((list) => {
            lists.push(list);
            isDone();
          }),
        );
      });
      await posts.insert({ slug: 'a', title: 'A' });
      await done;
      expect(events).toMatchObject([{ type: 'upserted', entity: { shown: 'A!' } }]);
      expect(lists.flat().map(({ shown }) => shown)).toEqual(['A!']);
    });

    const subscriptions: { unsubscribe(): void }[] = [];
    afterEach(() => {
      for (const subscription of subscriptions.splice(0)) subscription.unsubscribe();
    });
  },
  { needs: 'realtime' },
);

import { setImmediate } from 'node:timers/promises';
import type { Observable } from 'rxjs';
import { map } from 'rxjs';
import type { EntityEvent, EntitySubscriberInterface, FindManyOptions, Repository } from '../../src/index.js';
import {
  AfterRecover,
  AfterSoftRemove,
  BeforeRecover,
  BeforeSoftRemove,
  CounterField,
  CreatedAtField,
  DeletedAtField,
  DustEntity,
  Field,
  In,
  IsNull,
  Index,
  LessThan,
  MoreThan,
  Not,
  Ref,
  Slug,
  Unique,
  UpdatedAtField,
  VersionField,
} from '../../src/index.js';
import { TestClock, TestDataSource } from '../../src/testing/index.js';

/** What TypeORM's documentation says of soft deletes. */

@DustEntity('posts')
class Post {
  @Slug() id!: string;
  @Index() @Field('string', { required: true }) title!: string;
  @Field('integer') likes?: number | null;
  @CounterField() visits!: number;
  @CreatedAtField() createdAt?: Date;
  @UpdatedAtField() updatedAt?: Date;
  @DeletedAtField({ name: 'deleted' }) deletedAt?: Date | null;
}

@DustEntity({ prefix: 'guarded', mode: 'map', nullsOnRead: true })
class Guarded {
  @Slug() id!: string;
  @Unique() @Field('string', { required: true }) email!: string;
  @VersionField() version?: number;
  @DeletedAtField() deletedAt?: Date | null;
}

@DustEntity('plain')
class Plain {
  @Slug() id!: string;
  @Field('string') text?: string;
}

@DustEntity('watched')
class Watched {
  @Slug() id!: string;
  @Field('string') text?: string;
  @DeletedAtField() deletedAt?: Date | null;
  /** Neither is stored. */
  calls?: string[];
  isHeld?: boolean;

  @BeforeSoftRemove() beforeRemove(): void {
    if (this.isHeld === true) throw new Error('held');
    this.calls?.push('before remove');
  }

  @AfterSoftRemove() afterRemove(): void {
    this.calls?.push('after remove');
  }

  @BeforeRecover() beforeRecover(): void {
    this.calls?.push('before recover');
  }

  @AfterRecover() afterRecover(): void {
    this.calls?.push('after recover');
  }
}

@DustEntity('comments')
class Comment {
  @Slug() id!: string;
  @Ref(() => Post) postId!: string;
  post?: Post | null;
}

const ids = (found: readonly { readonly id: string }[]): string => found.map(({ id }) => id).join('');

describe.each(['memory', 'server'] as const)('soft delete, like %s', (like) => {
  let clock: TestClock;
  let dataSource: TestDataSource;
  let posts: Repository<Post>;
  let guarded: Repository<Guarded>;

  beforeEach(async () => {
    clock = new TestClock();
    dataSource = new TestDataSource({ entities: [Post, Guarded, Plain], like, clock, logging: false });
    await dataSource.initialize();
    posts = dataSource.getRepository(Post);
    guarded = dataSource.getRepository(Guarded);
    await posts.insert([
      { id: 'a', title: 'A', likes: 1 },
      { id: 'b', title: 'B', likes: 2 },
      { id: 'c', title: 'B', likes: 3 },
    ]);
    await guarded.insert([
      { id: 'x', email: 'x@example.com' },
      { id: 'y', email: 'y@example.com' },
    ]);
  });

  afterEach(async () => {
    await dataSource.destroy();
  });

  const time = (): Date => new Date(clock.now());
  const storedOf = (id: string): Promise<Post | null> => posts.findOne({ where: { id }, withDeleted: true });

  describe('softRemove', () => {
    it('sets the time of deletion in the entity and returns the same entity', async () => {
      const post = await posts.findOneByOrFail({ id: 'a' });
      await clock.advance(1000);
      expect(await posts.softRemove(post)).toBe(post);
      expect(post.deletedAt).toEqual(time());
    });

    it('keeps the record', async () => {
      await posts.softRemove(await posts.findOneByOrFail({ id: 'a' }));
      expect(await storedOf('a')).toMatchObject({ id: 'a', title: 'A', likes: 1, deletedAt: time() });
    });

    it('takes several entities, and returns them in their order', async () => {
      const found = await posts.find({ order: { id: 'DESC' } });
      const removed = await posts.softRemove(found);
      expect(ids(removed)).toBe('cba');
      expect(await posts.count()).toBe(0);
    });

    it('moves the time of the update, and no other', async () => {
      const post = await posts.findOneByOrFail({ id: 'a' });
      const { createdAt } = post;
      await clock.advance(5000);
      await posts.softRemove(post);
      expect(post).toMatchObject({ createdAt, updatedAt: time(), deletedAt: time() });
      expect(await storedOf('a')).toMatchObject({ createdAt, updatedAt: time() });
    });

    it('raises the version, and refuses an entity that somebody else has changed', async () => {
      const entity = await guarded.findOneByOrFail({ id: 'x' });
      const stale = await guarded.findOneByOrFail({ id: 'x' });
      const before = entity.version!;
      await guarded.softRemove(entity);
      expect(entity.version).toBeGreaterThan(before);
      await expect(guarded.softRemove(stale)).rejects.toMatchObject({ kind: 'conflict' });
    });

    it('writes nothing else of the entity, which stays to be saved', async () => {
      const post = await posts.findOneByOrFail({ id: 'a' });
      post.title = 'Changed';
      await posts.softRemove(post);
      expect(await storedOf('a')).toMatchObject({ title: 'A' });
      await posts.save(post);
      expect(await storedOf('a')).toMatchObject({ title: 'Changed', deletedAt: time() });
    });

    it('takes an entity that was not loaded through the manager, with its class', async () => {
      const like = posts.create({ id: 'a' });
      await dataSource.manager.softRemove(Post, like);
      expect(like.deletedAt).toEqual(time());
      expect(ids(await posts.find())).toBe('bc');
    });

    it('takes entities of several classes through the manager', async () => {
      const post = await posts.findOneByOrFail({ id: 'a' });
      const entity = await guarded.findOneByOrFail({ id: 'x' });
      await dataSource.manager.softRemove<object>([post, entity]);
      expect([await posts.count(), await guarded.count()]).toEqual([2, 1]);
    });

    it('fails where there is no record', async () => {
      const post = posts.create({ id: 'nobody', title: 'N' });
      await expect(posts.softRemove(post)).rejects.toMatchObject({ kind: 'not_found' });
      expect(await posts.count({ withDeleted: true })).toBe(3);
    });

    it('is an error for a class without a time of deletion', async () => {
      const plain = dataSource.getRepository(Plain);
      const entity = await plain.save({ id: 'p', text: 'P' });
      const error = { kind: 'invalid_metadata', message: expect.stringContaining('@DeletedAtField()') };
      await expect(plain.softRemove(entity)).rejects.toMatchObject(error);
      await expect(plain.recover(entity)).rejects.toMatchObject(error);
      await expect(plain.softDelete('p')).rejects.toMatchObject(error);
      await expect(plain.restore('p')).rejects.toMatchObject(error);
    });
  });

  describe('recover', () => {
    it('brings the record back, with null for its time in the entity and in the record', async () => {
      const post = await posts.softRemove(await posts.findOneByOrFail({ id: 'a' }));
      expect(await posts.recover(post)).toBe(post);
      expect(post.deletedAt).toBeNull();
      expect(await posts.findOneByOrFail({ id: 'a' })).toMatchObject({ deletedAt: null });
    });

    it('takes what was read with the deleted, and several', async () => {
      await posts.softDelete(['a', 'b']);
      const deleted = await posts.find({ where: { deletedAt: Not(IsNull()) }, withDeleted: true });
      await posts.recover(deleted);
      expect(ids(await posts.find())).toBe('abc');
    });

    it('goes through the manager', async () => {
      const entity = await guarded.findOneByOrFail({ id: 'x' });
      await dataSource.manager.softRemove(entity);
      expect(await guarded.countBy({ id: 'x' })).toBe(0);
      await dataSource.manager.recover(entity);
      expect(await guarded.findOneBy({ id: 'x' })).toEqual(entity);
    });
  });

  describe('softDelete', () => {
    it('deletes by a slug, by slugs and by a where, and counts', async () => {
      expect(await posts.softDelete('a')).toMatchObject({ affected: 1, slugs: ['a'] });
      expect(await posts.softDelete(['b', 'nobody'])).toMatchObject({ affected: 1, slugs: ['b'] });
      expect(await posts.softDelete({ title: 'B' })).toMatchObject({ affected: 1, slugs: ['c'] });
      expect(await posts.count()).toBe(0);
      expect(await posts.count({ withDeleted: true })).toBe(3);
    });

    it('leaves the time of what is deleted already', async () => {
      await posts.softDelete('a');
      const first = time();
      await clock.advance(1000);
      expect(await posts.softDelete('a')).toMatchObject({ affected: 0, storeSeq: null });
      expect(await posts.softDelete({ likes: MoreThan(0) })).toMatchObject({ affected: 2 });
      expect((await storedOf('a'))?.deletedAt).toEqual(first);
    });

    it('refuses no criteria, as every write by criteria does', async () => {
      await expect(posts.softDelete({})).rejects.toMatchObject({ kind: 'invalid_criteria' });
      await expect(posts.restore([])).rejects.toMatchObject({ kind: 'invalid_criteria' });
    });

    it('goes through the manager', async () => {
      await dataSource.manager.softDelete(Post, { title: 'B' });
      expect(ids(await posts.find())).toBe('a');
      expect(await dataSource.manager.restore(Post, ['b', 'c'])).toMatchObject({ affected: 2 });
      expect(ids(await posts.find())).toBe('abc');
    });

    it('depends on a revision that is named', async () => {
      const entity = await guarded.findOneByOrFail({ id: 'x' });
      const ifMatch = guarded.revisionOf(entity)!;
      await guarded.update('x', { email: 'z@example.com' });
      await expect(guarded.softDelete('x', { ifMatch })).rejects.toMatchObject({ kind: 'conflict' });
      expect(await guarded.countBy({ id: 'x' })).toBe(1);
    });
  });

  describe('restore', () => {
    it('brings back by a where, of the deleted alone', async () => {
      await posts.softDelete(['a', 'b']);
      expect(await posts.restore({ likes: MoreThan(1) })).toMatchObject({ affected: 1, slugs: ['b'] });
      expect(ids(await posts.find())).toBe('bc');
    });

    it('moves the time of the update', async () => {
      await posts.softDelete('a');
      await clock.advance(1000);
      await posts.restore('a');
      expect(await posts.findOneByOrFail({ id: 'a' })).toMatchObject({ updatedAt: time() });
    });
  });

  describe('reads', () => {
    beforeEach(async () => {
      await posts.softDelete('b');
    });

    const all: FindManyOptions<Post> = { withDeleted: true };

    it('find leaves the deleted out, and shows them when asked', async () => {
      expect(ids(await posts.find())).toBe('ac');
      expect(ids(await posts.find(all))).toBe('abc');
      expect(ids(await posts.find({ where: { title: 'B' } }))).toBe('c');
      expect(ids(await posts.find({ where: [{ title: 'B' }, { id: 'a' }], ...all }))).toBe('abc');
      expect(ids(await posts.findBy({ id: In(['a', 'b']) }))).toBe('a');
    });

    it('findOne and its like do, for a slug, too', async () => {
      expect(await posts.findOneBy({ id: 'b' })).toBeNull();
      expect(await posts.findOne({ where: { id: 'b' }, withDeleted: true })).toMatchObject({ id: 'b' });
      await expect(posts.findOneByOrFail({ id: 'b' })).rejects.toMatchObject({ name: 'EntityNotFoundError' });
      expect(await posts.findOneOrFail({ where: { id: 'b' }, withDeleted: true })).toMatchObject({ id: 'b' });
    });

    it('findAndCount, count and exists do', async () => {
      const [found, count] = await posts.findAndCount({ take: 1 });
      expect([ids(found), count]).toEqual(['a', 2]);
      expect((await posts.findAndCount({ take: 1, ...all }))[1]).toBe(3);
      expect([await posts.count(), await posts.count(all)]).toEqual([2, 3]);
      expect([await posts.countBy({ title: 'B' }), await posts.existsBy({ id: 'b' })]).toEqual([1, false]);
      expect(await posts.exists({ where: { id: 'b' }, withDeleted: true })).toBe(true);
    });

    it('pages do, and a cursor is one of what it was made of', async () => {
      const first = await posts.findPage({ take: 1 });
      expect([ids(first.items), first.hasMore]).toEqual(['a', true]);
      expect(ids((await posts.findPage({ take: 5, after: first.cursor })).items)).toBe('c');
      await expect(posts.findPage({ take: 5, after: first.cursor, ...all })).rejects.toMatchObject({
        detail: 'invalid_cursor',
      });
    });

    it('aggregates do', async () => {
      expect(await posts.sum('likes')).toBe(4);
      expect(await posts.average('likes', { title: 'B' })).toBe(3);
      expect([await posts.minimum('likes'), await posts.maximum('likes')]).toEqual([1, 3]);
      await posts.softDelete('c');
      expect(await posts.maximum('likes')).toBe(1);
      expect(await posts.sum('likes', { title: 'B' }, { withDeleted: true })).toBe(5);
      expect(await dataSource.manager.maximum(Post, 'likes', undefined, { withDeleted: true })).toBe(3);
    });

    it('stream and getMany do', async () => {
      const streamed: Post[] = [];
      for await (const post of posts.stream()) streamed.push(post);
      expect(ids(streamed)).toBe('ac');
      for await (const post of posts.stream(all)) streamed.push(post);
      expect(ids(streamed)).toBe('acabc');
      expect(ids(await posts.getMany(['c', 'b', 'a']))).toBe('ca');
      expect(ids(await dataSource.manager.getMany(Post, ['c', 'b', 'a'], { withDeleted: true }))).toBe('cba');
    });

    it('a where on the time itself needs withDeleted, too', async () => {
      const where = { deletedAt: Not(IsNull()) };
      expect(await posts.find({ where })).toEqual([]);
      expect(ids(await posts.find({ where, withDeleted: true }))).toBe('b');
    });

    it('order, skip and take go by what is left', async () => {
      const page = { order: { likes: 'DESC' }, skip: 1, take: 1 } as const;
      expect(ids(await posts.find(page))).toBe('a');
      expect(ids(await posts.find({ ...page, withDeleted: true }))).toBe('b');
    });

    it('withDeleted changes nothing for a class that deletes nothing softly', async () => {
      const plain = dataSource.getRepository(Plain);
      await plain.insert({ id: 'p', text: 'P' });
      expect(await plain.count({ withDeleted: true })).toBe(1);
    });

    it('withDeleted is true or false', async () => {
      const options = { withDeleted: 'yes' } as unknown as FindManyOptions<Post>;
      await expect(posts.find(options)).rejects.toMatchObject({ kind: 'invalid_options' });
    });
  });

  describe('other writes', () => {
    beforeEach(async () => {
      await posts.softDelete('b');
    });

    it('update and increment reach the deleted, as in SQL', async () => {
      expect(await posts.update({ title: 'B' }, { likes: 9 })).toMatchObject({ affected: 2 });
      expect(await posts.increment({ title: 'B' }, 'visits', 2)).toMatchObject({ affected: 2 });
      expect(await storedOf('b')).toMatchObject({ likes: 9, visits: 2, deletedAt: time() });
    });

    it('delete removes the deleted for good, so that old ones can be swept', async () => {
      await clock.advance(10_000);
      await posts.softDelete('a');
      const swept = await posts.delete({ deletedAt: LessThan(time()) });
      expect(swept).toMatchObject({ affected: 1, slugs: ['b'] });
      expect(ids(await posts.find({ withDeleted: true }))).toBe('ac');
    });

    it('remove of a deleted entity removes it for good', async () => {
      await posts.remove((await storedOf('b'))!);
      expect(await storedOf('b')).toBeNull();
    });

    it('save of a deleted entity leaves it deleted, until its time is null', async () => {
      const post = (await storedOf('b'))!;
      post.likes = 20;
      await posts.save(post);
      expect(await posts.countBy({ id: 'b' })).toBe(0);
      post.deletedAt = null;
      await posts.save(post);
      expect(await posts.findOneBy({ id: 'b' })).toMatchObject({ likes: 20 });
    });

    it('save of an object with the slug of a deleted record changes that record', async () => {
      await posts.save({ id: 'b', likes: 30 });
      expect(await storedOf('b')).toMatchObject({ title: 'B', likes: 30, deletedAt: time() });
    });

    it('an insert that must make the record finds it there', async () => {
      const insert = posts.insert({ id: 'b', title: 'New' }, { ifAbsent: true });
      await expect(insert).rejects.toMatchObject({ kind: 'exists' });
    });

    it('upsert writes into the deleted record, which comes back by null alone', async () => {
      await posts.upsert({ id: 'b', title: 'New' });
      expect(await posts.countBy({ id: 'b' })).toBe(0);
      await posts.upsert({ id: 'b', title: 'New', deletedAt: null });
      expect(await posts.findOneBy({ id: 'b' })).toMatchObject({ title: 'New' });
    });

    it('preload does not find it', async () => {
      expect(await posts.preload({ id: 'b', likes: 1 })).toBeUndefined();
    });

    it('a value that must be unique stays taken', async () => {
      await guarded.softDelete('x');
      const insert = guarded.insert({ id: 'z', email: 'x@example.com' });
      await expect(insert).rejects.toMatchObject({ kind: 'exists', detail: 'duplicate' });
    });
  });

  describe('hooks and subscribers', () => {
    it('are called around a soft remove and a recovery, with the entity', async () => {
      const calls: string[] = [];
      const subscriber: EntitySubscriberInterface<Watched> = {
        listenTo: () => Watched,
        beforeSoftRemove: ({ entity }) => calls.push(`subscriber before ${String(entity?.id)}`),
        afterSoftRemove: ({ entity }) =>
          calls.push(`subscriber after ${String(entity?.deletedAt === undefined)}`),
        beforeRecover: () => calls.push('subscriber before recover'),
        afterRecover: ({ entity }) => calls.push(`subscriber after recover ${String(entity?.deletedAt)}`),
      };
      const options = { entities: [Watched], subscribers: [subscriber], like, clock, logging: false };
      const source = await new TestDataSource(options).initialize();
      const watched = source.getRepository(Watched);
      const entity = await watched.save({ id: 'w', text: 'W' });
      entity.calls = calls;
      await watched.softRemove(entity);
      await source.manager.batch((batch) => batch.recover(entity));
      expect(calls).toEqual([
        'before remove',
        'subscriber before w',
        'after remove',
        'subscriber after false',
        'before recover',
        'subscriber before recover',
        'after recover',
        'subscriber after recover null',
      ]);
      calls.length = 0;
      await watched.softDelete({ text: 'W' });
      await watched.restore('w');
      expect(calls).toEqual([
        'subscriber before undefined',
        'subscriber after true',
        'subscriber before recover',
        'subscriber after recover undefined',
      ]);
      await source.destroy();
    });

    it('that throw before it keep it from being written', async () => {
      const source = await new TestDataSource({
        entities: [Watched],
        like,
        clock,
        logging: false,
      }).initialize();
      const watched = source.getRepository(Watched);
      const entity = await watched.save({ id: 'w', text: 'W' });
      entity.isHeld = true;
      await expect(watched.softRemove(entity)).rejects.toThrow('held');
      expect(await watched.count()).toBe(1);
      expect(entity.deletedAt).toBeUndefined();
      await source.destroy();
    });
  });

  describe('references', () => {
    it('to what is deleted are null, unless the deleted are asked for', async () => {
      const source = await new TestDataSource({
        entities: [Post, Comment],
        like,
        clock,
        logging: false,
      }).initialize();
      const comments = source.getRepository(Comment);
      await source.manager.insert(Post, { id: 'p', title: 'P' });
      await comments.insert({ id: 'c', postId: 'p' });
      await source.manager.softDelete(Post, 'p');
      const populate = ['post'] as const;
      expect(await comments.find({ populate })).toMatchObject([{ id: 'c', post: null }]);
      expect(await comments.find({ populate, withDeleted: true })).toMatchObject([{ post: { title: 'P' } }]);
      const lists: (string | undefined)[] = [];
      const all: (string | undefined)[] = [];
      const watching = [
        comments.live({ populate }).subscribe(([comment]) => lists.push(comment?.post?.title)),
        comments
          .live({ populate, withDeleted: true })
          .subscribe(([comment]) => all.push(comment?.post?.title)),
      ];
      const until = async (isThere: () => boolean): Promise<void> => {
        for (let i = 0; i < 1000 && !isThere(); i++) await setImmediate();
      };
      await until(() => lists.length === 1 && all.length === 1);
      await source.manager.restore(Post, 'p');
      await until(() => lists.length === 2 && all.length === 2);
      for (const each of watching) each.unsubscribe();
      expect([lists, all]).toEqual([
        [undefined, 'P'],
        ['P', 'P'],
      ]);
      await source.destroy();
    });
  });

  describe('live and events', () => {
    const collect = <T>(source: Observable<T>): { seen: T[]; stop: () => void } => {
      const seen: T[] = [];
      const subscription = source.subscribe((item) => seen.push(item));
      return { seen, stop: () => subscription.unsubscribe() };
    };
    const eventually = async (condition: () => boolean): Promise<void> => {
      for (let i = 0; i < 1000 && !condition(); i++) await setImmediate();
      expect(condition()).toBe(true);
    };

    it('a live list loses what is deleted, and has it again when it is back', async () => {
      const lists = collect(posts.live({ where: { title: 'B' } }).pipe(map((list) => ids(list))));
      await eventually(() => lists.seen.length === 1);
      await posts.softDelete('b');
      await eventually(() => lists.seen.length === 2);
      await posts.restore('b');
      await eventually(() => lists.seen.length === 3);
      lists.stop();
      expect(lists.seen).toEqual(['bc', 'c', 'bc']);
    });

    it('a live list with the deleted shows the change', async () => {
      const lists = collect(posts.live({ withDeleted: true, order: { likes: 'ASC' }, take: 2 }));
      await eventually(() => lists.seen.length === 1);
      await posts.softDelete('b');
      await eventually(() => lists.seen.length === 2);
      lists.stop();
      expect(lists.seen.map(ids)).toEqual(['ab', 'ab']);
      expect(lists.seen[1]?.[1]?.deletedAt).toEqual(time());
    });

    it('a live entity is null while it is deleted, unless the deleted are asked for', async () => {
      const seen = collect(posts.liveOne('a').pipe(map((post) => post?.id ?? null)));
      const all = collect(posts.liveOne('a', { withDeleted: true }).pipe(map((post) => post?.id ?? null)));
      await eventually(() => seen.seen.length === 1 && all.seen.length === 1);
      await posts.softDelete('a');
      await eventually(() => seen.seen.length === 2 && all.seen.length === 2);
      await posts.restore('a');
      await eventually(() => seen.seen.length === 3 && all.seen.length === 3);
      seen.stop();
      all.stop();
      expect([seen.seen, all.seen]).toEqual([
        ['a', null, 'a'],
        ['a', 'a', 'a'],
      ]);
    });

    it('a soft delete is an event of a deletion, a restore one of a record; the deleted have none in between', async () => {
      const names = map((event: EntityEvent<Post>) => `${event.type} ${event.slug}`);
      const some = collect(posts.events().pipe(names));
      const all = collect(posts.events({ withDeleted: true }).pipe(names));
      await posts.softDelete('a');
      await posts.update('a', { likes: 5 });
      await posts.restore('a');
      await posts.softDelete('b');
      await posts.delete('b');
      await posts.delete('c');
      await eventually(() => some.seen.includes('deleted c') && all.seen.includes('deleted c'));
      some.stop();
      all.stop();
      expect(some.seen).toEqual(['deleted a', 'upserted a', 'deleted b', 'deleted c']);
      expect(all.seen).toEqual([
        'upserted a',
        'upserted a',
        'upserted a',
        'upserted b',
        'deleted b',
        'deleted c',
      ]);
    });
  });

  describe('batches', () => {
    it('all four are parts of a batch', async () => {
      const [a, b] = await posts.find({ where: { id: In(['a', 'b']) } });
      await posts.softRemove(b!);
      await posts.softDelete('c');
      await clock.advance(1000);
      await dataSource.manager.batch((batch) => {
        batch.softRemove(a!).recover(b!).restore(Post, 'c').softDelete(Guarded, 'x');
      });
      expect(a!.deletedAt).toEqual(time());
      expect(b!.deletedAt).toBeNull();
      expect(ids(await posts.find())).toBe('bc');
      expect(ids(await guarded.find())).toBe('y');
    });

    it('writes nothing for what is as it should be', async () => {
      await posts.softDelete('a');
      const result = await dataSource.manager.batch((batch) => {
        batch.softDelete(Post, 'a').restore(Post, 'b');
      });
      expect(result.operations).toBe(0);
    });

    it('fails where there is no record, and for a class without a time', async () => {
      const batch = dataSource.manager.batch((each) => {
        each.softDelete(Post, 'a').softDelete(Post, 'nobody');
      });
      await expect(batch).rejects.toMatchObject({ kind: 'not_found' });
      expect(await posts.countBy({ id: 'a' })).toBe(1);
      await expect(dataSource.manager.batch((each) => each.restore(Plain, 'p'))).rejects.toMatchObject({
        kind: 'invalid_metadata',
      });
    });

    it('deletes softly what an earlier part has made', async () => {
      await dataSource.manager.batch((batch) => {
        batch.insert(Post, { id: 'd', title: 'D' }).softDelete(Post, 'd');
      });
      expect(await posts.countBy({ id: 'd' })).toBe(0);
      expect(await storedOf('d')).toMatchObject({ title: 'D', deletedAt: time() });
    });
  });
});

import { firstValueFrom, map, take, toArray } from 'rxjs';
import type { Repository } from '../../../src/index.js';
import {
  DeletedAtField,
  DustEntity,
  Field,
  In,
  Index,
  IsNull,
  LessThan,
  MoreThan,
  Not,
  Slug,
  Unique,
  UpdatedAtField,
  VersionField,
} from '../../../src/index.js';
import type { StorageMode } from '../../../src/metadata/types.js';
import { describeContract } from '../describe-contract.js';
import { MODES } from '../entities.js';

function defineTask(prefix: string[], mode: StorageMode) {
  @DustEntity({
    prefix,
    mode,
    scopes: {
      open: { where: { state: 'open' } },
      heavy: { where: [{ weight: MoreThan(2) }, { title: 'B' }], order: { weight: 'DESC' } },
    },
  })
  class Task {
    @Slug() slug!: string;
    @Field({ type: 'string', required: true }) title!: string;
    @Field('string') @Index() state?: string;
    @Field('integer') weight?: number;
    @UpdatedAtField() changedAt?: Date;
    @DeletedAtField({ name: 'deleted_at' }) deletedAt?: Date | null;
  }
  return Task;
}

function defineUser(prefix: string[], mode: StorageMode) {
  @DustEntity({ prefix, mode, defaultScope: { where: { tenant: 'a' } } })
  class User {
    @Slug() slug!: string;
    @Field({ type: 'string', required: true }) tenant!: string;
    @Field('string') @Unique() email?: string;
    @VersionField() version?: number;
    @DeletedAtField() @Index() deletedAt?: Date | null;
  }
  return User;
}

type Task = InstanceType<ReturnType<typeof defineTask>>;
type User = InstanceType<ReturnType<typeof defineUser>>;

const slugs = (found: readonly { readonly slug: string }[]): string => found.map(({ slug }) => slug).join('');

describeContract('soft delete and scopes', (context) => {
  describe.each(MODES)('in %s mode', (mode) => {
    let tasks: Repository<Task>;
    let users: Repository<User>;

    beforeEach(async () => {
      const entities = [
        defineTask(context.uniquePrefix(), mode),
        defineUser(context.uniquePrefix(), mode),
      ] as const;
      const dataSource = await context.connect(entities);
      tasks = dataSource.getRepository(entities[0]);
      users = dataSource.getRepository(entities[1]);
      await tasks.insert([
        { slug: 'a', title: 'A', state: 'open', weight: 1 },
        { slug: 'b', title: 'B', state: 'open', weight: 2 },
        { slug: 'c', title: 'C', state: 'done', weight: 3 },
      ]);
    });

    const now = (): Date => new Date(context.clock.now());

    it('a record that is removed softly stays, and is left out of what is read', async () => {
      const task = await tasks.findOneByOrFail({ slug: 'b' });
      await context.clock.advance(1000);
      await tasks.softRemove(task);
      expect(task).toMatchObject({ deletedAt: now(), changedAt: now() });
      expect(slugs(await tasks.find())).toBe('ac');
      expect(await tasks.findOneBy({ slug: 'b' })).toBeNull();
      expect(slugs(await tasks.getMany(['c', 'b', 'a']))).toBe('ca');
      expect([
        await tasks.count(),
        await tasks.countBy({ state: 'open' }),
        await tasks.existsBy({ slug: 'b' }),
      ]).toEqual([2, 1, false]);
      expect(await tasks.sum('weight')).toBe(4);
      expect(await tasks.maximum('weight', { state: 'open' })).toBe(1);
      expect((await tasks.findAndCount({ take: 1 }))[1]).toBe(2);
      expect(await tasks.findOne({ where: { slug: 'b' }, withDeleted: true })).toEqual(task);
      expect([
        await tasks.count({ withDeleted: true }),
        slugs(await tasks.find({ withDeleted: true })),
      ]).toEqual([3, 'abc']);
    });

    it('comes back with null for its time', async () => {
      const task = await tasks.softRemove(await tasks.findOneByOrFail({ slug: 'b' }));
      await tasks.recover(task);
      expect(task.deletedAt).toBeNull();
      expect(await tasks.findOneBy({ slug: 'b' })).toEqual(task);
      task.title = 'B2';
      await tasks.save(task);
      expect(await tasks.findOneBy({ slug: 'b' })).toEqual(task);
    });

    it('by criteria, what is so already is passed over', async () => {
      expect(await tasks.softDelete(['a', 'nobody'])).toMatchObject({ affected: 1, slugs: ['a'] });
      const first = now();
      await context.clock.advance(1000);
      expect(await tasks.softDelete({ state: 'open' })).toMatchObject({ affected: 1, slugs: ['b'] });
      expect(await tasks.findOne({ where: { slug: 'a' }, withDeleted: true })).toMatchObject({
        deletedAt: first,
      });
      expect(await tasks.restore({ weight: LessThan(9) })).toMatchObject({ affected: 2, slugs: ['a', 'b'] });
      expect(await tasks.restore('c')).toMatchObject({ affected: 0, storeSeq: null });
      expect(slugs(await tasks.find())).toBe('abc');
    });

    it('update and delete reach the deleted, an insert finds it there', async () => {
      await tasks.softDelete('b');
      expect(await tasks.update({ state: 'open' }, { weight: 7 })).toMatchObject({ affected: 2 });
      const insert = tasks.insert({ slug: 'b', title: 'New' }, { ifAbsent: true });
      await expect(insert).rejects.toMatchObject({ kind: 'exists' });
      expect(await tasks.delete({ deletedAt: Not(IsNull()) })).toMatchObject({ affected: 1, slugs: ['b'] });
      expect(await tasks.count({ withDeleted: true })).toBe(2);
    });

    it('pages and streams go through what is left', async () => {
      await tasks.softDelete('b');
      const first = await tasks.findPage({ take: 1, order: { title: 'DESC' } });
      const second = await tasks.findPage({ take: 1, order: { title: 'DESC' }, after: first.cursor });
      expect([slugs(first.items), slugs(second.items), second.hasMore]).toEqual(['c', 'a', false]);
      const streamed: Task[] = [];
      for await (const task of tasks.stream()) streamed.push(task);
      expect(slugs(streamed)).toBe('ac');
    });

    it('scopes hold beside the where and the deleted, and bring an order', async () => {
      expect(slugs(await tasks.find({ scope: 'open' }))).toBe('ab');
      expect(slugs(await tasks.find({ scope: 'heavy' }))).toBe('cb');
      expect(slugs(await tasks.find({ scope: ['heavy', 'open'] }))).toBe('b');
      await tasks.softDelete('b');
      expect(slugs(await tasks.find({ scope: 'open', where: { slug: In(['b', 'a']) } }))).toBe('a');
      expect(await tasks.count({ scope: 'open' })).toBe(1);
      expect(slugs(await tasks.find({ scope: 'heavy', withDeleted: true }))).toBe('cb');
    });

    it('a default scope holds for reads and for writes by a where, unless it is left off', async () => {
      await users.insert([
        { slug: 'x', tenant: 'a' },
        { slug: 'y', tenant: 'b' },
      ]);
      expect([slugs(await users.find()), await users.count(), await users.findOneBy({ slug: 'y' })]).toEqual([
        'x',
        1,
        null,
      ]);
      expect(await users.count({ unscoped: true })).toBe(2);
      expect(await users.softDelete({ slug: In(['x', 'y']) })).toMatchObject({ slugs: ['x'] });
      expect(await users.softDelete('y')).toMatchObject({ slugs: ['y'] });
      expect([await users.count({ unscoped: true }), await users.count({ withDeleted: true })]).toEqual([
        0, 1,
      ]);
    });

    context.itWith(
      'atomicBatch',
      'a version makes it a compare-and-swap, and batches have all four',
      async () => {
        await users.insert([
          { slug: 'x', tenant: 'a' },
          { slug: 'y', tenant: 'a' },
        ]);
        const [user, stale] = [
          await users.findOneByOrFail({ slug: 'x' }),
          await users.findOneByOrFail({ slug: 'x' }),
        ];
        await users.softRemove(user);
        await expect(users.softRemove(stale)).rejects.toMatchObject({ kind: 'conflict' });
        await users.recover(user);
        expect(await users.findOneByOrFail({ slug: 'x' })).toEqual(user);
        await tasks.softDelete('c');
        await users.manager.batch((batch) => {
          batch.softRemove(user).softDelete(users.target, 'y').restore(tasks.target, 'c');
        });
        expect([await users.count(), slugs(await tasks.find())]).toEqual([0, 'abc']);
        await users.manager.batch((batch) => batch.recover(user));
        expect(slugs(await users.find())).toBe('x');
      },
    );

    context.itWith(
      'realtime',
      'lists lose it and have it again; events tell of a deletion, and of a record',
      async () => {
        const events = firstValueFrom(
          tasks.events().pipe(
            map(({ type, slug }) => `${type} ${slug}`),
            take(4),
            toArray(),
          ),
        );
        const lists = firstValueFrom(
          tasks.live({ where: { state: 'open' } }).pipe(
            map((list) => slugs(list)),
            take(3),
            toArray(),
          ),
        );
        const first = await firstValueFrom(tasks.live({ where: { state: 'open' } }));
        expect(slugs(first)).toBe('ab');
        await tasks.softDelete('b');
        await tasks.update('b', { weight: 9 });
        await tasks.restore('b');
        await tasks.softDelete('c');
        await tasks.delete('c');
        await tasks.delete('a');
        expect(await events).toEqual(['deleted b', 'upserted b', 'deleted c', 'deleted a']);
        expect(await lists).toEqual(['ab', 'a', 'ab']);
      },
    );
  });
});

import { setImmediate } from 'node:timers/promises';
import { map } from 'rxjs';
import type { FindManyOptions, Repository } from '../../src/index.js';
import {
  DataSource,
  DeletedAtField,
  deletedAtField,
  defineEntity,
  DustEntity,
  Field,
  field,
  In,
  LessThan,
  MoreThan,
  Not,
  Slug,
  slug,
} from '../../src/index.js';
import { TestClock, TestDataSource } from '../../src/testing/index.js';

/** What other mappers say of named and default conditions on what is found. */

const clock = new TestClock();

@DustEntity({
  prefix: 'tasks',
  scopes: {
    open: { where: { state: 'open' } },
    urgent: { where: [{ rank: MoreThan(5) }, { title: 'Now' }], order: { rank: 'DESC' } },
    byTitle: { order: { title: 'ASC' } },
    due: { where: () => ({ dueAt: LessThan(new Date(clock.now())) }) },
  },
})
class Task {
  @Slug() id!: string;
  @Field('string') title?: string;
  @Field('string') state?: string;
  @Field('integer') rank?: number;
  @Field('date') dueAt?: Date;
  @DeletedAtField() deletedAt?: Date | null;
}

@DustEntity({
  prefix: 'notes',
  scopes: { own: { where: { owner: 'ann' } }, open: { where: { isDone: false } } },
  defaultScope: ['own'],
})
class Note {
  @Slug() id!: string;
  @Field('string', { required: true }) owner!: string;
  @Field('boolean', { default: false }) isDone?: boolean;
  @Field('integer', { default: 1 }) size?: number;
}

@DustEntity({ prefix: 'sorted', defaultScope: { order: { rank: 'DESC' } } })
class Sorted {
  @Slug() id!: string;
  @Field('integer') rank?: number;
}

const ids = (found: readonly { readonly id: string }[]): string => found.map(({ id }) => id).join('');

describe.each(['memory', 'server'] as const)('scopes, like %s', (like) => {
  let dataSource: TestDataSource;
  let tasks: Repository<Task>;
  let notes: Repository<Note>;
  let sorted: Repository<Sorted>;

  beforeEach(async () => {
    dataSource = new TestDataSource({ entities: [Task, Note, Sorted], like, clock, logging: false });
    await dataSource.initialize();
    tasks = dataSource.getRepository(Task);
    notes = dataSource.getRepository(Note);
    sorted = dataSource.getRepository(Sorted);
    const at = (ms: number): Date => new Date(clock.now() + ms);
    await tasks.insert([
      { id: 'a', title: 'Now', state: 'open', rank: 1, dueAt: at(-10) },
      { id: 'b', title: 'Later', state: 'open', rank: 9, dueAt: at(10) },
      { id: 'c', title: 'Done', state: 'done', rank: 7, dueAt: at(-20) },
    ]);
    await notes.insert([
      { id: '1', owner: 'ann' },
      { id: '2', owner: 'bob' },
      { id: '3', owner: 'ann', isDone: true },
    ]);
    await sorted.insert([
      { id: 'x', rank: 1 },
      { id: 'y', rank: 3 },
      { id: 'z', rank: 2 },
    ]);
  });

  afterEach(async () => {
    await dataSource.destroy();
  });

  describe('by name', () => {
    it('apply to a find that names one', async () => {
      expect(ids(await tasks.find({ scope: 'open' }))).toBe('ab');
      expect(ids(await tasks.find())).toBe('abc');
    });

    it('must hold beside the where, on the same property, too', async () => {
      expect(ids(await tasks.find({ scope: 'open', where: { rank: MoreThan(5) } }))).toBe('b');
      expect(ids(await tasks.find({ scope: 'open', where: { state: Not('open') } }))).toBe('');
      expect(ids(await tasks.find({ scope: 'open', where: [{ id: 'a' }, { id: 'c' }] }))).toBe('a');
      expect(await tasks.count({ scope: 'open', where: { state: In(['open', 'done']) } })).toBe(2);
    });

    it('all must hold that are named, with their alternatives', async () => {
      expect(ids(await tasks.find({ scope: 'urgent' }))).toBe('bca');
      expect(ids(await tasks.find({ scope: ['urgent', 'open'] }))).toBe('ba');
      expect(ids(await tasks.find({ scope: ['open', 'urgent'], where: [{ rank: 9 }, { rank: 7 }] }))).toBe(
        'b',
      );
      expect(ids(await tasks.find({ scope: [] }))).toBe('abc');
    });

    it('the order is that of the find, else of the last scope that has one', async () => {
      expect(ids(await tasks.find({ scope: 'byTitle' }))).toBe('cba');
      expect(ids(await tasks.find({ scope: ['urgent', 'byTitle'] }))).toBe('cba');
      expect(ids(await tasks.find({ scope: ['byTitle', 'urgent', 'open'] }))).toBe('ba');
      expect(ids(await tasks.find({ scope: 'urgent', order: { rank: 'ASC' } }))).toBe('acb');
    });

    it('apply to every read with options', async () => {
      const scope = 'open';
      expect(await tasks.findOne({ where: { id: 'c' }, scope })).toBeNull();
      expect(await tasks.findOneOrFail({ where: { rank: 9 }, scope })).toMatchObject({ id: 'b' });
      expect(await tasks.findAndCount({ scope, take: 1 })).toMatchObject([[{ id: 'a' }], 2]);
      expect([await tasks.count({ scope }), await tasks.exists({ scope, where: { id: 'c' } })]).toEqual([
        2,
        false,
      ]);
      expect(ids(await tasks.getMany(['c', 'b'], { scope }))).toBe('b');
      expect((await tasks.explain({ scope })).returned).toBe(2);
      const streamed: Task[] = [];
      for await (const task of tasks.stream({ scope: ['open', 'byTitle'] })) streamed.push(task);
      expect(ids(streamed)).toBe('ab');
    });

    it('pages go on by the same scopes, though a function makes them anew', async () => {
      const options = { scope: 'due', take: 1 } as const;
      const first = await tasks.findPage(options);
      await clock.advance(5);
      const second = await tasks.findPage({ ...options, after: first.cursor });
      expect([ids(first.items), ids(second.items), second.hasMore]).toEqual(['a', 'c', false]);
      await expect(tasks.findPage({ take: 1, after: first.cursor })).rejects.toMatchObject({
        detail: 'invalid_cursor',
      });
    });

    it('a function is asked for each query', async () => {
      expect(ids(await tasks.find({ scope: 'due' }))).toBe('ac');
      await clock.advance(20);
      expect(ids(await tasks.find({ scope: 'due' }))).toBe('abc');
    });

    it('leave the deleted out, too', async () => {
      await tasks.softDelete('a');
      expect(ids(await tasks.find({ scope: 'open' }))).toBe('b');
      expect(ids(await tasks.find({ scope: 'open', withDeleted: true }))).toBe('ab');
    });

    it('a wrong name is an error that says which there are', async () => {
      await expect(tasks.find({ scope: 'opne' })).rejects.toMatchObject({
        kind: 'invalid_options',
        message:
          'Task: there is no scope "opne". Did you mean "open"? The scopes are open, urgent, byTitle, due.',
      });
      await expect(sorted.find({ scope: 'open' })).rejects.toMatchObject({ kind: 'invalid_options' });
      await expect(tasks.getMany(['a'], { scope: 'x' })).rejects.toMatchObject({ kind: 'invalid_options' });
      const wrong = { scope: 1 } as unknown as FindManyOptions<Task>;
      await expect(tasks.find(wrong)).rejects.toMatchObject({ kind: 'invalid_options' });
    });
  });

  describe('by default', () => {
    it('apply to every read, those with a where alone, too', async () => {
      expect(ids(await notes.find())).toBe('13');
      expect(ids(await notes.findBy({ isDone: false }))).toBe('1');
      expect(await notes.findOneBy({ id: '2' })).toBeNull();
      expect([await notes.count(), await notes.countBy({ id: '2' }), await notes.sum('size')]).toEqual([
        2, 0, 2,
      ]);
      expect(ids(await notes.getMany(['3', '2', '1']))).toBe('31');
      expect(await notes.preload({ id: '2' })).toBeUndefined();
    });

    it('are left off by unscoped', async () => {
      expect(ids(await notes.find({ unscoped: true }))).toBe('123');
      expect(await notes.findOne({ where: { id: '2' }, unscoped: true })).toMatchObject({ owner: 'bob' });
      expect(await notes.count({ unscoped: true })).toBe(3);
      expect(ids(await notes.getMany(['2'], { unscoped: true }))).toBe('2');
    });

    it('those that are named come on top, or alone with unscoped', async () => {
      expect(ids(await notes.find({ scope: 'open' }))).toBe('1');
      expect(ids(await notes.find({ scope: 'own' }))).toBe('13');
      expect(ids(await notes.find({ scope: 'open', unscoped: true }))).toBe('12');
    });

    it('hold for writes by a where, and not for slugs', async () => {
      expect(await notes.update({ size: 1 }, { size: 2 })).toMatchObject({ slugs: ['1', '3'] });
      expect(await notes.update('2', { size: 3 })).toMatchObject({ slugs: ['2'] });
      expect(await notes.delete({ isDone: false })).toMatchObject({ slugs: ['1'] });
      expect(await notes.delete(['2', '3'])).toMatchObject({ affected: 2 });
    });

    it('may be an order alone', async () => {
      expect(ids(await sorted.find())).toBe('yzx');
      expect(ids(await sorted.find({ take: 1, skip: 1 }))).toBe('z');
      expect(ids(await sorted.find({ order: { id: 'ASC' } }))).toBe('xyz');
      expect(ids(await sorted.find({ unscoped: true }))).toBe('xyz');
      expect(await sorted.minimum('rank')).toBe(1);
      expect(await sorted.update({ rank: In([1, 2]) }, { rank: 4 })).toMatchObject({ affected: 2 });
      const streamed: Sorted[] = [];
      for await (const each of sorted.stream()) streamed.push(each);
      expect(ids(streamed)).toBe('xyz');
    });

    it('a record that leaves them is deleted to events and lists, and comes back', async () => {
      const events: string[] = [];
      const lists: string[] = [];
      const all: string[] = [];
      const watched = [
        notes.events().subscribe(({ type, slug }) => events.push(`${type} ${slug}`)),
        notes.events({ unscoped: true }).subscribe(({ type, slug }) => all.push(`${type} ${slug}`)),
        notes
          .live()
          .pipe(map((list) => ids(list)))
          .subscribe((list) => lists.push(list)),
      ];
      const until = async (isThere: () => boolean): Promise<void> => {
        for (let i = 0; i < 1000 && !isThere(); i++) await setImmediate();
      };
      await until(() => lists.length === 1);
      await notes.update('1', { owner: 'bob' });
      await notes.update('2', { size: 5 });
      await notes.update('1', { owner: 'ann' });
      await notes.delete('2');
      await notes.delete('3');
      await until(() => lists.length === 4 && all.length === 5);
      for (const each of watched) each.unsubscribe();
      expect(events).toEqual(['deleted 1', 'upserted 1', 'deleted 3']);
      expect(all).toEqual(['upserted 1', 'upserted 2', 'upserted 1', 'deleted 2', 'deleted 3']);
      expect(lists).toEqual(['13', '3', '13', '1']);
    });
  });
});

describe('the declaration of scopes', () => {
  const problemsOf = async (options: object): Promise<string> => {
    @DustEntity({ prefix: 'wrong', ...options })
    class Wrong {
      @Slug() id!: string;
      @Field('string') state?: string;
    }
    try {
      await new DataSource({ entities: [Wrong] }).initialize();
    } catch (error) {
      return (error as Error).message;
    }
    throw new Error('nothing is wrong');
  };

  it.each<[string, object, string]>([
    [
      'an unknown property',
      { scopes: { a: { where: { stat: 1 } } } },
      'its scope "a" does not fit it. Wrong has no property "stat"',
    ],
    ['an empty where', { scopes: { a: { where: {} } } }, 'where is empty'],
    ['an unknown order', { scopes: { a: { order: { x: 'ASC' } } } }, 'its scope "a" does not fit it.'],
    [
      'another option',
      { scopes: { a: { wher: {} } } },
      'the scope "a" has no option "wher". Did you mean "where"?',
    ],
    ['nothing in it', { scopes: { a: {} } }, 'the scope "a" has neither a where nor an order'],
    ['no object', { scopes: { a: 'x' } }, 'the scope "a" must be an object'],
    ['no object of scopes', { scopes: ['a'] }, 'its scopes must be an object of scopes by name'],
    [
      'an unknown default',
      { scopes: { a: { where: { state: 'x' } } }, defaultScope: 'b' },
      'its defaultScope: there is no scope "b". Did you mean "a"? The scopes are a.',
    ],
    ['a default of no kind', { defaultScope: 1 }, 'its defaultScope must be the name of a scope'],
    ['a wrong default', { defaultScope: { where: { id: 1 } } }, 'its scope "defaultScope" does not fit it.'],
  ])('is refused with %s', async (_, options, message) => {
    expect(await problemsOf(options)).toContain(message);
  });

  it('is refused with two times of deletion, or one in a nested class', async () => {
    class Nested {
      @DeletedAtField() at?: Date | null;
    }
    @DustEntity('two')
    class Two {
      @Slug() id!: string;
      @DeletedAtField() first?: Date | null;
      @DeletedAtField() second?: Date | null;
      @Field(() => Nested) nested?: Nested;
    }
    const opened = new DataSource({ entities: [Two] }).initialize();
    await expect(opened).rejects.toMatchObject({
      kind: 'invalid_metadata',
      message: expect.stringMatching(
        /Nested\.at: @DeletedAtField works[^]*2 deletedAt fields, first and second/,
      ),
    });
  });

  it('works without decorators', async () => {
    const Page = defineEntity(
      'pages',
      { id: slug(), state: field('string'), deletedAt: deletedAtField() },
      { scopes: { open: { where: { state: 'open' } } }, defaultScope: { order: { state: 'DESC' } } },
    );
    const dataSource = await new DataSource({ entities: [Page], logging: false }).initialize();
    const pages = dataSource.getRepository(Page);
    await pages.insert([
      { id: 'a', state: 'done' },
      { id: 'b', state: 'open' },
      { id: 'c', state: 'open' },
    ]);
    await pages.softDelete('c');
    expect([ids(await pages.find()), ids(await pages.find({ scope: 'open', withDeleted: true }))]).toEqual([
      'ba',
      'bc',
    ]);
    await dataSource.destroy();
  });

  it('a function that makes what does not fit fails the query', async () => {
    @DustEntity({ prefix: 'made', scopes: { made: { where: () => ({ nothing: 1 }) } } })
    class Made {
      @Slug() id!: string;
      @Field('string') state?: string;
    }
    const dataSource = await new DataSource({ entities: [Made], logging: false }).initialize();
    const found = dataSource.getRepository(Made).find({ scope: 'made' });
    await expect(found).rejects.toMatchObject({ kind: 'invalid_criteria' });
    await dataSource.destroy();
  });
});

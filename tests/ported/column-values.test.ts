import type { Repository, DustFile } from '../../src/index.js';
import {
  CreatedAtField,
  DataSource,
  DustEntity,
  EntityValidationError,
  Equal,
  Field,
  FileField,
  IsNull,
  Not,
  Slug,
  UpdatedAtField,
} from '../../src/index.js';
import { TestClock } from '../../src/testing/index.js';

/** What TypeORM's documentation says of transformers, defaults, casts and partial writes. */

const csv = {
  to: (list: string[] | null) => list?.join(','),
  from: (text: string | null) => (text === null ? [] : text.split(',')),
};
const named = { to: (value: unknown) => value ?? 'nobody', from: (value: unknown) => value ?? 'unknown' };
const link = { to: (url: URL) => url.href, from: (href: string) => new URL(href) };
const seen: unknown[] = [];
const spied = {
  to: (value: unknown) => {
    seen.push(['to', value]);
    return value;
  },
  from: (value: unknown) => {
    seen.push(['from', value]);
    return value;
  },
};

@DustEntity('posts')
class Post {
  @Slug() id!: string;
  @Field({ type: 'string', transformer: csv as never }) tags?: string[];
  @Field({ type: 'string', transformer: named }) author?: string | null;
  @Field({ type: 'string', transformer: link as never }) page?: URL | null;
  @Field({ type: 'string', transformer: spied }) spied?: string | null;
  @Field('string', { default: 'draft' }) state?: string;
  @Field({ type: 'string', default: (post: Post) => `${post.id}/${String(post.title)}` }) path?: string;
  @Field('string') title?: string | null;
  @FileField() cover?: DustFile | null;
  @CreatedAtField() createdAt?: Date;
  @UpdatedAtField() updatedAt?: Date;
}

@DustEntity({ prefix: 'readings', coerce: true })
class Reading {
  @Slug() id!: string;
  @Field('date') at?: Date;
  @Field('integer') count?: number;
  @Field('float') level?: number;
  @Field('boolean') isGood?: boolean;
  @Field('bigint') total?: bigint;
  @Field('date', { array: true }) days?: Date[];
  @Field('integer', { coerce: false }) strict?: number;
  @Field('string') text?: string;
}

describe('columns', () => {
  const clock = new TestClock();
  let dataSource: DataSource;
  let posts: Repository<Post>;
  let readings: Repository<Reading>;

  beforeEach(async () => {
    dataSource = await new DataSource({ entities: [Post, Reading], clock, logging: false }).initialize();
    posts = dataSource.getRepository(Post);
    readings = dataSource.getRepository(Reading);
    seen.length = 0;
  });

  afterEach(() => dataSource.destroy());

  const read = (id: string): Promise<Post> => posts.findOneByOrFail({ id });
  const written = async (given: object): Promise<Reading> => {
    await readings.insert({ id: 'a', ...given });
    return readings.findOneByOrFail({ id: 'a' });
  };

  describe('with a transformer', () => {
    it('may hold a list that is stored as text', async () => {
      await posts.insert({ id: 'a', tags: ['x', 'y'] });
      expect((await read('a')).tags).toEqual(['x', 'y']);
      expect((await dataSource.transport.get('posts/a/tags'))?.value).toBe('x,y');
    });

    it('to sees null', async () => {
      await posts.insert({ id: 'a', author: null });
      expect((await read('a')).author).toBe('nobody');
    });

    it('from sees null for what was never stored', async () => {
      await posts.insert({ id: 'a', title: 't' });
      expect((await read('a')).author).toBe('unknown');
      expect((await read('a')).tags).toEqual([]);
    });

    it('from sees null for a stored null', async () => {
      await posts.insert({ id: 'a', tags: null as never });
      expect((await dataSource.transport.get('posts/a/tags'))?.value).toBeNull();
      expect((await read('a')).tags).toEqual([]);
    });

    it('to does not see undefined', async () => {
      await posts.insert({ id: 'a', spied: undefined });
      expect(seen).toEqual([]);
      await read('a');
      expect(seen).toEqual([['from', null]]);
    });

    it('one that knows no null leaves it on reading, and refuses it on writing', async () => {
      await posts.insert({ id: 'a', title: 't' });
      expect((await read('a')).page ?? null).toBeNull();
      await expect(posts.update('a', { page: null })).rejects.toBeInstanceOf(EntityValidationError);
    });

    it('an unchanged entity is not written, whatever from makes of null', async () => {
      await posts.insert({ id: 'a', title: 't' });
      const post = await read('a');
      const before = posts.revisionOf(post);
      await posts.save(post);
      expect(posts.revisionOf(await read('a'))).toBe(before);
    });

    it('conditions are about what is stored', async () => {
      await posts.insert([
        { id: 'a', title: 't' },
        { id: 'b', author: null },
        { id: 'c', author: 'Ann' },
      ]);
      expect((await posts.findBy({ author: IsNull() })).map(({ id }) => id)).toEqual(['a']);
      expect((await posts.findBy({ author: 'nobody' })).map(({ id }) => id)).toEqual(['b']);
      expect((await posts.findBy({ author: Not(Equal('Ann')) })).map(({ id }) => id)).toEqual(['b']);
    });
  });

  describe('with a default', () => {
    it('have it on the entity after save', async () => {
      const post = await posts.save(posts.create({ id: 'a', title: 't' }));
      expect(post.state).toBe('draft');
    });

    it('a function sees the entity', async () => {
      await posts.insert({ id: 'a', title: 't' });
      expect((await read('a')).path).toBe('a/t');
    });

    it('a value, and null, wins', async () => {
      await posts.insert({ id: 'a', state: 'done' });
      expect((await read('a')).state).toBe('done');
    });

    it('an update gives none', async () => {
      await posts.insert({ id: 'a', state: 'done' });
      await posts.update('a', { title: 't' });
      expect((await read('a')).state).toBe('done');
    });
  });

  describe('saved as a plain object', () => {
    it('the object has the defaults and dates afterwards', async () => {
      const dto: Partial<Post> = { id: 'a', title: 't' };
      const saved = await posts.save(dto);
      expect(saved).toBeInstanceOf(Post);
      expect(dto).toMatchObject({ state: 'draft', path: 'a/t', createdAt: saved.createdAt });
    });

    it('the object stands for the record from then on', async () => {
      const dto: Partial<Post> = { id: 'a', title: 't' };
      await posts.save(dto);
      await posts.update('a', { state: 'done' });
      dto.title = 'u';
      await posts.save(dto);
      expect(await read('a')).toMatchObject({ title: 'u', state: 'done' });
    });

    it('a frozen object stays as it is', async () => {
      const dto = Object.freeze({ id: 'a', title: 't' });
      expect((await posts.save(dto)).state).toBe('draft');
    });

    it('the key of a record that is there is enough', async () => {
      await posts.insert({ id: 'a', title: 't' });
      const before = posts.revisionOf(await read('a'));
      await expect(posts.save({ id: 'a' })).resolves.toMatchObject({ id: 'a' });
      expect(posts.revisionOf(await read('a'))).toBe(before);
    });

    it('of a record that is there, what it gives is changed', async () => {
      await posts.insert({ id: 'a', title: 't', state: 'done' });
      const { createdAt } = await read('a');
      await clock.advance(1000);
      await posts.save({ id: 'a', title: 'u' });
      const post = await read('a');
      expect(post).toMatchObject({ title: 'u', state: 'done', createdAt });
      expect(+post.updatedAt! - +createdAt!).toBe(1000);
    });

    it('the same key twice is refused', async () => {
      const twice = posts.save([
        { id: 'a', title: 't' },
        { id: 'a', title: 'u' },
      ]);
      await expect(twice).rejects.toMatchObject({ detail: 'duplicate_slug', opIndex: 1 });
      expect(await posts.count()).toBe(0);
    });

    it('several, of which some are there', async () => {
      await posts.insert({ id: 'a', title: 't', state: 'done' });
      await posts.save([
        { id: 'a', title: 'u' },
        { id: 'b', title: 'v' },
      ]);
      expect((await posts.find()).map(({ title, state }) => [title, state])).toEqual([
        ['u', 'done'],
        ['v', 'draft'],
      ]);
    });
  });

  describe('that are cast', () => {
    it.each([
      ['text to a date', { at: '2026-01-02T03:04:05+01:00' }, { at: new Date('2026-01-02T02:04:05Z') }],
      ['text to an integer', { count: '42' }, { count: 42 }],
      ['text to a float', { level: ' -1.5e3 ' }, { level: -1500 }],
      ['text to a boolean', { isGood: 'false' }, { isGood: false }],
      ['text to a bigint', { total: '12345678901234567890' }, { total: 12345678901234567890n }],
      ['the items of a list', { days: ['2026-01-02'] }, { days: [new Date('2026-01-02')] }],
    ])('%s', async (_, given, expected) => {
      expect(await written(given)).toMatchObject(expected);
      expect(readings.create(given as never)).toMatchObject(expected);
    });

    it.each([
      ['what says no number', { count: 'many' }, 'count'],
      ['an empty text', { level: '' }, 'level'],
      ['a fraction for an integer', { count: '1.5' }, 'count'],
      ['another word for a boolean', { isGood: 'yes' }, 'isGood'],
      ['what says no date', { at: 'soon' }, 'at'],
      ['a field that says no', { strict: '1' }, 'strict'],
      ['a number for text', { text: 5 }, 'text'],
    ])('not %s', async (_, given, property) => {
      await expect(written(given)).rejects.toMatchObject({ kind: 'validation', errors: [{ property }] });
    });

    it('in updates, too', async () => {
      await written({ count: 1 });
      await readings.update('a', { count: '2' } as never);
      expect((await readings.findOneByOrFail({ id: 'a' })).count).toBe(2);
    });
  });

  it('a file moves the time of the last change', async () => {
    await posts.insert({ id: 'a', title: 't' });
    const { updatedAt } = await read('a');
    await clock.advance(1000);
    const { revision } = await posts.putFile('a', 'cover', 'text', { filename: 'a.txt' });
    const post = await read('a');
    expect(+post.updatedAt! - +updatedAt!).toBe(1000);
    expect(posts.revisionOf(post)).toBe(revision);
  });
});

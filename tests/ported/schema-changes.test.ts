import type { EntityClass, RawRecord, Repository } from '../../src/index.js';
import {
  CreatedAtField,
  DataSource,
  DustEntity,
  Field,
  In,
  IsNull,
  silentLogger,
  Slug,
  UpdatedAtField,
  VersionField,
} from '../../src/index.js';
import type { RunningServer } from '../../src/server/index.js';
import { serve } from '../../src/server/index.js';

/**
 * What TypeORM's documentation has migrations and `synchronize` do to a table with rows: columns renamed, added, dropped, made
 * required, given another type, split and merged, with the rows kept. Here each record changes when it is read, and is written when it is saved.
 */

@DustEntity({ prefix: 'posts', name: 'Post' })
class OldPost {
  @Slug() id!: string;
  @Field('string', { required: true }) title!: string;
  @Field('string') text?: string | null;
  @Field('string') author?: string | null;
  @Field('integer') likes?: number;
  @Field('string') day?: string | null;
  @Field('string') hour?: string | null;
  @Field('json') meta?: unknown;
  @CreatedAtField({ name: 'created' }) createdAt?: Date;
}

const split = ({ author, ...raw }: RawRecord): RawRecord => {
  const [firstName = null, lastName = null] = typeof author === 'string' ? author.split(' ') : [];
  return { ...raw, firstName, lastName };
};
const merged = ({ day, hour, likes, ...raw }: RawRecord): RawRecord => ({
  ...raw,
  ...(typeof day === 'string' && { at: `${day}T${typeof hour === 'string' ? hour : '00:00'}:00.000Z` }),
  ...(typeof likes === 'number' && { likes: String(likes) }),
});

@DustEntity({ prefix: 'posts', name: 'Post', version: 3, upgrade: { 2: split, 3: merged } })
class Post {
  @Slug() id!: string;
  @Field('string', { required: true, from: ['title'] }) name!: string;
  @Field('string', { from: ['text'] }) body?: string | null;
  @Field('string') firstName?: string | null;
  @Field('string') lastName?: string | null;
  @Field('string', { required: true, default: 'draft', applyOnRead: true }) state!: string;
  @Field('string', { default: ({ name }: Post) => name.toLowerCase(), applyOnRead: true }) path?: string;
  @Field('boolean', { nullable: true }) pinned?: boolean | null;
  @Field('bigint') likes?: bigint;
  @Field('date') at?: Date;
  @CreatedAtField({ from: ['created'] }) createdAt?: Date;
  @UpdatedAtField() updatedAt?: Date;
  @VersionField() version!: number;
}

const ROWS = ['memory', 'HTTP'] as const;

describe.each(ROWS)('a schema that changes, on %s', (row) => {
  let server: RunningServer | undefined;
  let old: DataSource;
  let source: DataSource;
  let posts: Repository<Post>;

  const open = async (entity: EntityClass): Promise<DataSource> =>
    new DataSource({
      entities: [entity],
      logger: silentLogger,
      ...(server === undefined
        ? entity === OldPost
          ? {}
          : { transport: old.transport }
        : { url: server.url, token: server.token, store: 'acme/blog', transport: 'http' }),
    }).initialize();

  beforeEach(async () => {
    server = row === 'HTTP' ? await serve({ port: 0, stores: ['acme/blog'], rateLimits: false }) : undefined;
    old = await open(OldPost);
    await old.getRepository(OldPost).insert([
      {
        id: 'a',
        title: 'Alpha',
        text: 'A',
        author: 'Ann Archer',
        likes: 3,
        day: '2026-01-02',
        hour: '03:04',
        meta: { x: 1 },
      },
      { id: 'b', title: 'Beta', text: null, author: null, day: '2026-01-03' },
      { id: 'c', title: 'Gamma' },
    ]);
    source = await open(Post);
    posts = source.getRepository(Post);
  });

  afterEach(async () => {
    await source.destroy();
    await old.destroy();
    await server?.close();
  });

  const stored = async (id: string): Promise<unknown> => (await source.transport.get(`posts/${id}`))?.value;

  it('a column that is renamed keeps its values', async () => {
    expect((await posts.find()).map(({ name }) => name)).toEqual(['Alpha', 'Beta', 'Gamma']);
    expect((await posts.findOneByOrFail({ name: 'Beta' })).id).toBe('b');
  });

  it('a null in a column that is renamed stays null', async () => {
    expect((await posts.findOneByOrFail({ id: 'b' })).body).toBeNull();
    expect(await posts.countBy({ body: IsNull() })).toBe(2);
  });

  it('the column of a time stamp is renamed as any other', async () => {
    const { createdAt } = await old.getRepository(OldPost).findOneByOrFail({ id: 'a' });
    expect((await posts.findOneByOrFail({ id: 'a' })).createdAt).toEqual(createdAt);
  });

  it('rows have the default of a column that is added as NOT NULL', async () => {
    expect(await posts.countBy({ state: 'draft' })).toBe(3);
  });

  it('a default may be made from the row', async () => {
    expect((await posts.findOneByOrFail({ id: 'c' })).path).toBe('gamma');
  });

  it('rows have nothing in a column that is added as nullable', async () => {
    expect((await posts.findOneByOrFail({ id: 'a' })).pinned).toBeUndefined();
    expect(await posts.countBy({ pinned: IsNull() })).toBe(3);
  });

  it('a column that is dropped is no property, and its values stay until they are dropped', async () => {
    const post = await posts.findOneByOrFail({ id: 'a' });
    expect(post).not.toHaveProperty('meta');
    await posts.save(post);
    expect(await stored('a')).toHaveProperty('meta', { x: 1 });
  });

  it('a column is split into two', async () => {
    expect(await posts.findOneByOrFail({ id: 'a' })).toMatchObject({ firstName: 'Ann', lastName: 'Archer' });
    expect(await posts.findBy({ lastName: 'Archer' })).toHaveLength(1);
  });

  it('two columns become one', async () => {
    expect((await posts.findOneByOrFail({ id: 'a' })).at).toEqual(new Date('2026-01-02T03:04:00Z'));
    expect((await posts.findOneByOrFail({ id: 'b' })).at).toEqual(new Date('2026-01-03T00:00:00Z'));
    expect((await posts.findOneByOrFail({ id: 'c' })).at).toBeUndefined();
  });

  it('a column is given another type', async () => {
    expect((await posts.findOneByOrFail({ id: 'a' })).likes).toBe(3n);
  });

  it('nothing is written by reading', async () => {
    const before = await stored('a');
    await posts.find();
    expect(await stored('a')).toEqual(before);
    expect(before).toHaveProperty('title', 'Alpha');
  });

  it('a row that is saved is a row of the present schema', async () => {
    const post = await posts.save(await posts.findOneByOrFail({ id: 'b' }));
    expect(await stored('b')).toEqual({
      _schema: 3,
      name: 'Beta',
      body: null,
      firstName: null,
      lastName: null,
      state: 'draft',
      path: 'beta',
      at: '2026-01-03T00:00:00.000Z',
      createdAt: post.createdAt?.toISOString(),
      updatedAt: post.updatedAt?.toISOString(),
    });
  });

  it('the version of an entity counts the change of its schema as one', async () => {
    const post = await posts.findOneByOrFail({ id: 'a' });
    const before = post.version;
    await posts.save(post);
    expect(post.version).toBeGreaterThan(before);
    const stale = await posts.findOneByOrFail({ id: 'a' });
    await posts.update('a', { body: 'other' });
    await expect(posts.save(Object.assign(stale, { body: 'mine' }))).rejects.toMatchObject({
      kind: 'conflict',
    });
  });

  it('an update changes rows of the old schema and of the new one alike', async () => {
    await posts.save(await posts.findOneByOrFail({ id: 'a' }));
    await posts.update({ id: In(['a', 'b', 'c']) }, { state: 'done' });
    expect(await posts.countBy({ state: 'done' })).toBe(3);
    expect((await posts.find()).map(({ firstName }) => firstName ?? null)).toEqual(['Ann', null, null]);
  });

  it('rows of both schemas are ordered together', async () => {
    await posts.insert({ id: 'd', name: 'Aardvark' });
    const found = await posts.find({ order: { name: 'ASC' } });
    expect(found.map(({ id }) => id)).toEqual(['d', 'a', 'b', 'c']);
  });

  it('a walk through all rows migrates them, once', async () => {
    for await (const post of posts.stream()) await posts.save(post);
    const once = await source.transport.subtree('posts');
    for await (const post of posts.stream()) await posts.save(post);
    expect(await source.transport.subtree('posts')).toEqual(once);
    expect(once.filter(({ path }) => path.endsWith('/_schema'))).toHaveLength(3);
  });
});

import type { DustErrorKind, EntityEvent, Repository } from '../../src/index.js';
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
  CounterField,
  DataSource,
  DustEntity,
  Field,
  Slug,
  VersionField,
} from '../../src/index.js';
import { TestClock } from '../../src/testing/index.js';
import { Length } from 'class-validator';

/** What TypeORM's documentation says of entity listeners. */

let calls: string[] = [];
let failing: string | undefined;

function note(call: string): void {
  calls.push(call);
  if (failing === call) throw new Error(`${call} will not have it`);
}

abstract class Base {
  @BeforeInsert()
  baseBeforeInsert(): void {
    note('base beforeInsert');
  }

  @BeforeUpdate()
  overridden(): void {
    note('base beforeUpdate');
  }

  @AfterLoad()
  baseAfterLoad(): void {
    note('base afterLoad');
  }
}

@DustEntity('posts')
class Post extends Base {
  @Slug() id!: string;
  @Field('string', { required: true }) @Length(1, 20) title!: string;
  @Field('string') search?: string | null;
  @Field('integer') length?: number;
  @CounterField() likes!: number;
  shown?: string;

  @BeforeSave()
  makeSearch(): void {
    note('beforeSave');
    this.search = this.title.toLowerCase();
  }

  @BeforeInsert()
  async beforeInsert(): Promise<void> {
    note('beforeInsert');
    await Promise.resolve();
    this.length = this.title.length;
    note('beforeInsert is over');
  }

  @BeforeInsert()
  secondBeforeInsert(): void {
    note(`second beforeInsert ${this.length ?? 'without length'}`);
  }

  @BeforeUpdate()
  override overridden(): void {
    note('beforeUpdate');
    this.length = this.title.length;
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

  @BeforeRemove()
  beforeRemove(): void {
    note('beforeRemove');
  }

  @AfterRemove()
  afterRemove(): void {
    note('afterRemove');
  }

  @AfterLoad()
  async afterLoad(): Promise<void> {
    await Promise.resolve();
    this.shown = `${this.title}!`;
    note('afterLoad');
  }
}

@DustEntity({ prefix: 'whole', mode: 'map' })
class Whole {
  @Slug() id!: string;
  @Field('string') title?: string;
  @Field('string') state?: string;

  @BeforeInsert()
  @BeforeUpdate()
  both(): void {
    this.state = `${this.state ?? ''}+`;
  }
}

@DustEntity('named')
class Named {
  @Slug() id!: string;
  @Field('string') title?: string;
  @VersionField() version?: number;

  @BeforeInsert()
  name(): void {
    this.id ??= this.title?.toLowerCase() ?? '';
  }

  @BeforeUpdate()
  rename(): void {
    if (this.title === 'another') this.id = 'another';
  }
}

@DustEntity('coded')
class Coded {
  @Slug() id!: string;
  @Field('string', { unique: true }) code?: string | null;

  @AfterInsert()
  afterInsert(): void {
    note(`afterInsert ${this.id}`);
  }
}

const INSERTED = ['beforeSave', 'base beforeInsert', 'beforeInsert', 'beforeInsert is over'];

describe('entity listeners', () => {
  const clock = new TestClock();
  let dataSource: DataSource;
  let posts: Repository<Post>;
  let named: Repository<Named>;

  beforeEach(async () => {
    failing = undefined;
    dataSource = await new DataSource({
      entities: [Post, Whole, Named, Coded],
      clock,
      logging: false,
    }).initialize();
    posts = dataSource.getRepository(Post);
    named = dataSource.getRepository(Named);
    calls = [];
  });

  afterEach(() => dataSource.destroy());

  const made = (id = 'a', title = 'Hello'): Post => posts.create({ id, title });
  const stored = async (id = 'a'): Promise<unknown> =>
    (await dataSource.transport.subtree(`posts/${id}`)).map(({ path, value }) => [path.split('/')[2], value]);
  const loaded = async (): Promise<Post> => {
    await posts.save(made());
    const post = await posts.findOneByOrFail({ id: 'a' });
    calls = [];
    return post;
  };
  const refused = (work: Promise<unknown>): Promise<void> => expect(work).rejects.toThrow(/will not have it/);

  it('are called on save of a new entity: before, then after the insert', async () => {
    await posts.save(made());
    expect(calls).toEqual([...INSERTED, 'second beforeInsert 5', 'afterInsert', 'afterSave']);
  });

  it('that change the entity before an insert have it written', async () => {
    await posts.save(made());
    expect(await stored()).toEqual([
      ['length', 5],
      ['search', 'hello'],
      ['title', 'Hello'],
    ]);
  });

  it('are validated with what they have made of the entity', async () => {
    const post = made('a', 'Hello');
    post.makeSearch = function makeSearch() {
      this.title = 'x'.repeat(30);
    };
    await expect(posts.save(post)).rejects.toMatchObject({ kind: 'validation' satisfies DustErrorKind });
    expect(await stored()).toEqual([]);
  });

  it('may mend what would not be valid', async () => {
    const post = made('a', '');
    post.makeSearch = function makeSearch() {
      this.title ||= 'untitled';
    };
    await posts.save(post);
    expect((await posts.findOneByOrFail({ id: 'a' })).title).toBe('untitled');
  });

  it('are called on insert of an entity', async () => {
    await posts.insert(made());
    expect(calls).toEqual([...INSERTED, 'second beforeInsert 5', 'afterInsert', 'afterSave']);
  });

  it('are called on insert of a plain object, on the instance that is made of it', async () => {
    const plain = { id: 'a', title: 'Hello' };
    await posts.insert(plain);
    expect((await posts.findOneByOrFail({ id: 'a' })).search).toBe('hello');
    expect(plain).toEqual({ id: 'a', title: 'Hello' });
  });

  it('are called on insertMany, for each record', async () => {
    await posts.insertMany([made('a'), { id: 'b', title: 'Bye' }], { chunkSize: 1 });
    expect(calls.filter((call) => call === 'beforeInsert' || call === 'afterInsert')).toHaveLength(4);
    expect((await posts.find()).map(({ search }) => search)).toEqual(['hello', 'bye']);
  });

  it('are called on upsert as on insert, whether the record is there or not', async () => {
    await posts.upsert(made(), ['id']);
    calls = [];
    await posts.upsert({ id: 'a', title: 'Again' }, ['id']);
    expect(calls).toContain('beforeInsert');
    expect(calls).not.toContain('beforeUpdate');
    expect((await posts.findOneByOrFail({ id: 'a' })).search).toBe('again');
  });

  it('are called on save of a changed entity: before, then after the update', async () => {
    const post = await loaded();
    post.title = 'Other';
    await posts.save(post);
    expect(calls).toEqual(['beforeSave', 'beforeUpdate', 'afterUpdate', 'afterSave']);
  });

  it('that change the entity before an update have it written', async () => {
    const post = await loaded();
    post.title = 'Longer';
    await posts.save(post);
    expect(await posts.findOneByOrFail({ id: 'a' })).toMatchObject({ search: 'longer', length: 6 });
  });

  it('are not called on save of an entity that has not changed', async () => {
    await posts.save(await loaded());
    expect(calls).toEqual([]);
  });

  it('that take a change back keep it from being written', async () => {
    const post = await loaded();
    post.title = 'Other';
    post.makeSearch = function makeSearch() {
      this.title = 'Hello';
    };
    const revision = posts.revisionOf(post);
    await posts.save(post);
    expect(calls).toEqual(['beforeUpdate']);
    expect(posts.revisionOf(await posts.findOneByOrFail({ id: 'a' }))).toBe(revision);
  });

  it('are called on save of a plain object whose record is there', async () => {
    await loaded();
    const saved = await posts.save({ id: 'a', title: 'Plain' });
    expect(calls).toEqual(['beforeSave', 'beforeUpdate', 'afterUpdate', 'afterSave']);
    expect(saved).toBeInstanceOf(Post);
    expect(await posts.findOneByOrFail({ id: 'a' })).toMatchObject({
      title: 'Plain',
      search: 'plain',
      length: 5,
    });
  });

  it('are called on save of several entities, before any of them is sent', async () => {
    failing = 'second beforeInsert 3';
    await refused(posts.save([made('a'), made('b', 'Bye')]));
    expect(await posts.count()).toBe(0);
  });

  it('that throw before an insert stop it', async () => {
    failing = 'beforeInsert';
    await refused(posts.save(made()));
    expect(await stored()).toEqual([]);
    expect(calls).not.toContain('afterInsert');
  });

  it('that reject before an insert stop it', async () => {
    failing = 'beforeInsert is over';
    await refused(posts.insert(made()));
    expect(await stored()).toEqual([]);
  });

  it('that throw before an update stop it', async () => {
    const post = await loaded();
    const before = await stored();
    failing = 'beforeUpdate';
    post.title = 'Other';
    await refused(posts.save(post));
    expect(await stored()).toEqual(before);
  });

  it('that throw before a removal stop it', async () => {
    const post = await loaded();
    failing = 'beforeRemove';
    await refused(posts.remove(post));
    expect(await posts.existsBy({ id: 'a' })).toBe(true);
  });

  it('that throw after a write fail the call, with the write done', async () => {
    failing = 'afterInsert';
    await refused(posts.save(made()));
    expect(await posts.existsBy({ id: 'a' })).toBe(true);
  });

  it('that throw after one of several writes leave none of the others uncalled', async () => {
    failing = 'afterInsert';
    await refused(posts.save([made('a'), made('b')]));
    expect(calls.filter((call) => call === 'afterInsert')).toHaveLength(2);
  });

  it('are called on remove: before, then after', async () => {
    await posts.remove(await loaded());
    expect(calls).toEqual(['beforeRemove', 'afterRemove']);
  });

  it('are not called after a write that failed', async () => {
    await posts.save(made());
    calls = [];
    await expect(posts.insert(made(), { ifAbsent: true })).rejects.toMatchObject({ kind: 'exists' });
    expect(calls).toContain('beforeInsert');
    expect(calls).not.toContain('afterInsert');
  });

  it('are called after those of several writes alone that were done', async () => {
    const coded = dataSource.getRepository(Coded);
    await coded.insert({ id: 'first', code: 'x' });
    calls = [];
    const twice = [
      { id: 'a', code: 'y' },
      { id: 'b', code: 'x' },
    ];
    await expect(coded.save(twice)).rejects.toMatchObject({ kind: 'exists' });
    expect(calls).toEqual([]);
    await expect(coded.insertMany(twice, { chunkSize: 1 })).rejects.toMatchObject({ kind: 'exists' });
    expect(calls).toEqual(['afterInsert a']);
  });

  it('are not called by update, delete, increment and clear, which have no entity', async () => {
    await loaded();
    await posts.update({ id: 'a' }, { title: 'Other' });
    await posts.update({ title: 'Other' }, { title: 'More' });
    await posts.increment({ id: 'a' }, 'likes', 1);
    await posts.delete({ title: 'More' });
    await posts.clear();
    expect(calls).toEqual([]);
  });

  it('are called in a batch, which none of them may stop when it has been sent', async () => {
    const post = await loaded();
    await posts.save(made('c'));
    const gone = await posts.findOneByOrFail({ id: 'c' });
    calls = [];
    post.title = 'Other';
    await dataSource.manager.batch((batch) => {
      batch.insert(Post, { id: 'b', title: 'Bye' });
      batch.save(post);
      batch.remove(gone);
      batch.update(Post, 'b', { search: 'x' });
    });
    expect(calls).toEqual([
      ...INSERTED,
      'second beforeInsert 3',
      'beforeSave',
      'beforeUpdate',
      'beforeRemove',
      'afterInsert',
      'afterSave',
      'afterUpdate',
      'afterSave',
      'afterRemove',
    ]);
  });

  it('that throw in a batch stop all of it', async () => {
    failing = 'beforeRemove';
    const post = await loaded();
    const work = dataSource.manager.batch((batch) => {
      batch.insert(Post, { id: 'b', title: 'Bye' });
      batch.remove(post);
    });
    await refused(work);
    expect(await posts.existsBy({ id: 'b' })).toBe(false);
  });

  it('of base classes come first, and an overridden one is called once', async () => {
    const post = await loaded();
    post.title = 'Other';
    await posts.save(post);
    expect(calls.filter((call) => call.endsWith('beforeUpdate'))).toEqual(['beforeUpdate']);
    calls = [];
    await posts.find();
    expect(calls).toEqual(['base afterLoad', 'afterLoad']);
  });

  it('of one entity wait for each other', async () => {
    await posts.save(made());
    expect(calls.indexOf('beforeInsert is over')).toBe(calls.indexOf('second beforeInsert 5') - 1);
  });

  it('work in mode map', async () => {
    const whole = dataSource.getRepository(Whole);
    await whole.save({ id: 'w', title: 'x' });
    const read = await whole.findOneByOrFail({ id: 'w' });
    expect(read.state).toBe('+');
    read.title = 'y';
    await whole.save(read);
    await whole.save({ id: 'w', title: 'z' });
    expect(await whole.findOneByOrFail({ id: 'w' })).toMatchObject({ title: 'z', state: '+' });
  });

  it('may give a new entity its key', async () => {
    await named.save({ title: 'Ann' });
    await named.insert({ title: 'Bob' });
    await named.insertMany([{ title: 'Cy' }]);
    await dataSource.manager.batch((batch) => void batch.insert(Named, { title: 'Dee' }));
    expect((await named.find()).map(({ id }) => id)).toEqual(['ann', 'bob', 'cy', 'dee']);
  });

  it('cannot give a stored entity another key', async () => {
    const ann = await named.save({ title: 'Ann' });
    ann.title = 'another';
    await expect(named.save(ann)).rejects.toMatchObject({ kind: 'invalid_value' });
    expect(await named.count()).toBe(1);
  });

  it('leave compare-and-swap as it is', async () => {
    const ann = await named.save({ title: 'Ann' });
    const stale = await named.findOneByOrFail({ id: 'ann' });
    ann.title = 'Anna';
    await named.save(ann);
    stale.title = 'Anne';
    await expect(named.save(stale)).rejects.toMatchObject({ kind: 'conflict' });
  });
});

describe('afterLoad', () => {
  let dataSource: DataSource;
  let posts: Repository<Post>;

  beforeEach(async () => {
    failing = undefined;
    dataSource = await new DataSource({ entities: [Post], logging: false }).initialize();
    posts = dataSource.getRepository(Post);
    await posts.insert([
      { id: 'a', title: 'Ann' },
      { id: 'b', title: 'Bob' },
    ]);
    calls = [];
  });

  afterEach(() => dataSource.destroy());

  const shown = (found: readonly Post[]): (string | undefined)[] => found.map((post) => post.shown);

  it.each<[string, (repository: Repository<Post>) => Promise<readonly Post[]>]>([
    ['find', (repository) => repository.find()],
    ['find with an order', (repository) => repository.find({ order: { title: 'ASC' } })],
    ['findBy', (repository) => repository.findBy({ id: 'a' })],
    ['findOne', async (repository) => [(await repository.findOne({ where: { id: 'a' } }))!]],
    ['findOneByOrFail', async (repository) => [await repository.findOneByOrFail({ id: 'a' })]],
    ['findAndCount', async (repository) => (await repository.findAndCount())[0]],
    ['findPage', async (repository) => (await repository.findPage({ take: 1 })).items],
    ['getMany', (repository) => repository.getMany(['a', 'b'])],
    ['preload', async (repository) => [(await repository.preload({ id: 'a' }))!]],
    ['stream', (repository) => collected(repository.stream())],
  ])('is called by %s, which waits for it', async (_, read) => {
    const found = await read(posts);
    expect(shown(found)).toEqual(found.map(({ title }) => `${title}!`));
    expect(calls.filter((call) => call === 'afterLoad')).toHaveLength(found.length);
  });

  it('is called once for an entity that getMany hands out twice', async () => {
    await posts.getMany(['a', 'a']);
    expect(calls).toEqual(['base afterLoad', 'afterLoad']);
  });

  it('is not called by what hands out no entities', async () => {
    await posts.count();
    await posts.exists();
    await posts.maximum('title');
    await posts.update({ title: 'Ann' }, { title: 'Eve' });
    await posts.delete({ title: 'Bob' });
    expect(calls).toEqual([]);
  });

  it('is not called for what was saved', async () => {
    const post = await posts.save({ id: 'c', title: 'Cy' });
    expect(post.shown).toBeUndefined();
  });

  it('that throws fails the read', async () => {
    failing = 'afterLoad';
    await expect(posts.find()).rejects.toThrow('afterLoad will not have it');
    await expect(posts.getMany(['a'])).rejects.toThrow('afterLoad will not have it');
  });

  it('is called for a partly selected entity, with what was selected', async () => {
    const [found] = await posts.find({ select: { title: true }, where: { id: 'b' } });
    expect((found as Post).shown).toBe('Bob!');
  });

  it('is called for the entities of events', async () => {
    const events: EntityEvent<Post>[] = [];
    const subscription = posts.events().subscribe((event) => events.push(event));
    await posts.update('a', { title: 'Eve' });
    await posts.delete('b');
    await until(() => events.length === 2);
    subscription.unsubscribe();
    expect(events.map((event) => (event.type === 'upserted' ? event.entity.shown : event.type))).toEqual([
      'Eve!',
      'deleted',
    ]);
  });

  it('is called for the entities of live lists', async () => {
    const lists: (string | undefined)[][] = [];
    const ordered: (string | undefined)[][] = [];
    const subscription = posts.live().subscribe((list) => lists.push(shown(list)));
    subscription.add(posts.live({ order: { title: 'DESC' } }).subscribe((list) => ordered.push(shown(list))));
    await until(() => lists.length === 1 && ordered.length === 1);
    await posts.update('a', { title: 'Cy' });
    await until(() => lists.length === 2 && ordered.length === 2);
    subscription.unsubscribe();
    expect(lists).toEqual([
      ['Ann!', 'Bob!'],
      ['Cy!', 'Bob!'],
    ]);
    expect(ordered).toEqual([
      ['Bob!', 'Ann!'],
      ['Cy!', 'Bob!'],
    ]);
  });

  it('that throws ends a live list with the error', async () => {
    failing = 'afterLoad';
    const errors: unknown[] = [];
    posts.live().subscribe({ error: (error: unknown) => errors.push(error) });
    await until(() => errors.length > 0);
    expect(errors).toEqual([expect.objectContaining({ message: 'afterLoad will not have it' })]);
  });
});

async function collected(stream: AsyncIterable<Post>): Promise<Post[]> {
  const found: Post[] = [];
  for await (const post of stream) found.push(post);
  return found;
}

/** Goes on when it is so; the time limit of the test is that of the wait. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}

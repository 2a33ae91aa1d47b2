import type { Repository } from '../../src/index.js';
import {
  BeforeUpdate,
  DataSource,
  DustEntity,
  Field,
  Slug,
  UpdatedAtField,
  VersionField,
} from '../../src/index.js';
import { TestClock } from '../../src/testing/index.js';

/** What TypeORM's documentation says of the column options insert and update. */

class Place {
  @Field('string') city?: string | null;
  @Field('string') street?: string | null;
}

@DustEntity('users')
class User {
  @Slug() id!: string;
  @Field('string') name?: string | null;
  /** Who made the record. */
  @Field('string', { update: false }) author?: string | null;
  @Field('integer', { insert: false }) score?: number | null;
  @Field('string', { insert: false, default: 'new' }) state?: string | null;
  @Field('string', { insert: false, update: false }) readOnly?: string | null;
  @Field(() => Place, { update: false }) birthplace?: Place | null;
  @UpdatedAtField() updatedAt?: Date;
}

@DustEntity({ prefix: 'whole', mode: 'map' })
class Whole {
  @Slug() id!: string;
  @Field('string') name?: string | null;
  @Field('string', { update: false }) author?: string | null;
  @Field('integer', { insert: false }) score?: number | null;
}

@DustEntity('guarded')
class Guarded {
  @Slug() id!: string;
  @Field('string', { update: false }) author?: string | null;
  @Field('string') name?: string | null;
  @VersionField() version?: number;

  @BeforeUpdate()
  forge(): void {
    this.author = 'a hook';
  }
}

describe('columns that are not written by every write', () => {
  const clock = new TestClock();
  let dataSource: DataSource;
  let users: Repository<User>;
  let whole: Repository<Whole>;

  beforeEach(async () => {
    dataSource = await new DataSource({
      entities: [User, Whole, Guarded],
      clock,
      logging: false,
    }).initialize();
    users = dataSource.getRepository(User);
    whole = dataSource.getRepository(Whole);
  });

  afterEach(() => dataSource.destroy());

  const FULL = { id: 'a', name: 'Ann', author: 'root', score: 5, state: 'old', readOnly: 'x' };
  const ann = (): Promise<User> => users.findOneByOrFail({ id: 'a' });

  it('insert: false is left out by insert, and by save of a new entity', async () => {
    await users.insert(FULL);
    expect((await ann()).score).toBeUndefined();
    await users.save({ ...FULL, id: 'b' });
    expect((await users.findOneByOrFail({ id: 'b' })).score).toBeUndefined();
  });

  it('insert: false is left out by upsert, insertMany and in a batch', async () => {
    await users.upsert(FULL, ['id']);
    await users.insertMany([{ ...FULL, id: 'b' }]);
    await dataSource.manager.batch((batch) => void batch.insert(User, { ...FULL, id: 'c' }));
    expect((await users.find()).map(({ score }) => score)).toEqual([undefined, undefined, undefined]);
  });

  it('insert: false leaves the default to be written', async () => {
    await users.insert(FULL);
    expect((await ann()).state).toBe('new');
  });

  it('insert: false is written by save of a stored entity, and by update', async () => {
    await users.insert(FULL);
    const user = await ann();
    user.score = 7;
    await users.save(user);
    expect((await ann()).score).toBe(7);
    await users.update('a', { score: 8 });
    expect((await ann()).score).toBe(8);
  });

  it('update: false is written by insert', async () => {
    await users.insert({ ...FULL, birthplace: { city: 'Rome' } });
    expect(await ann()).toMatchObject({ author: 'root', birthplace: { city: 'Rome' } });
  });

  it('update: false is left out by save of a stored entity, without an error', async () => {
    await users.insert(FULL);
    const user = await ann();
    user.author = 'mallory';
    user.name = 'Eve';
    await users.save(user);
    expect(user.author).toBe('mallory');
    expect(await ann()).toMatchObject({ name: 'Eve', author: 'root' });
  });

  it('update: false alone makes no change: nothing is written', async () => {
    await users.insert(FULL);
    const user = await ann();
    const { updatedAt } = user;
    const revision = users.revisionOf(user);
    await clock.advance(1000);
    user.author = 'mallory';
    await users.save(user);
    expect(users.revisionOf(await ann())).toBe(revision);
    expect((await ann()).updatedAt).toEqual(updatedAt);
  });

  it('update: false is left out by save of a plain object whose record is there', async () => {
    await users.insert(FULL);
    await users.save({ id: 'a', author: 'mallory', name: 'Eve' });
    expect(await ann()).toMatchObject({ name: 'Eve', author: 'root' });
  });

  it('update: false is left out by update, beside others', async () => {
    await users.insert(FULL);
    await users.update('a', { author: 'mallory', name: 'Eve' });
    await users.update({ name: 'Eve' }, { author: 'mallory', state: 'x' });
    expect(await ann()).toMatchObject({ name: 'Eve', author: 'root', state: 'x' });
  });

  it('update: false alone leaves update nothing to write', async () => {
    await users.insert(FULL);
    await expect(users.update('a', { author: 'mallory' })).rejects.toMatchObject({
      kind: 'nothing_to_write',
    });
  });

  it('update: false is left out in a batch', async () => {
    await users.insert(FULL);
    const user = await ann();
    user.author = 'mallory';
    user.name = 'Eve';
    await dataSource.manager.batch((batch) => {
      batch.save(user);
      batch.update(User, 'a', { author: 'mallory', score: 1 });
    });
    expect(await ann()).toMatchObject({ name: 'Eve', author: 'root', score: 1 });
  });

  it('update: false holds for all of a nested object', async () => {
    await users.insert({ ...FULL, birthplace: { city: 'Rome' } });
    const user = await ann();
    user.birthplace!.city = 'Oslo';
    user.name = 'Eve';
    await users.save(user);
    expect((await ann()).birthplace).toEqual({ city: 'Rome' });
  });

  it('update: false is written by an insert over a stored record', async () => {
    await users.insert(FULL);
    await users.insert({ ...FULL, author: 'again' });
    expect((await ann()).author).toBe('again');
  });

  it('neither is written by anything', async () => {
    await users.insert(FULL);
    const user = await ann();
    user.readOnly = 'y';
    user.name = 'Eve';
    await users.save(user);
    expect((await ann()).readOnly).toBeUndefined();
  });

  it('both work in mode map, where the record is written as a whole', async () => {
    await whole.insert({ id: 'w', name: 'a', author: 'root', score: 5 });
    const read = await whole.findOneByOrFail({ id: 'w' });
    expect(read.score).toBeUndefined();
    Object.assign(read, { name: 'b', author: 'mallory', score: 6 });
    await whole.save(read);
    await whole.update('w', { name: 'c', author: 'mallory' });
    expect(await whole.findOneByOrFail({ id: 'w' })).toMatchObject({ name: 'c', author: 'root', score: 6 });
  });

  it('update: false holds against hooks, and beside a version', async () => {
    const guarded = dataSource.getRepository(Guarded);
    const entity = await guarded.save({ id: 'g', author: 'root', name: 'a' });
    entity.name = 'b';
    await guarded.save(entity);
    expect(await guarded.findOneByOrFail({ id: 'g' })).toMatchObject({ name: 'b', author: 'root' });
  });

  it.each([
    [{ insert: 'no' }, /insert must be true or false/],
    [{ update: 0 }, /update must be true or false/],
    [{ insert: false, required: true }, /Drop insert: false/],
  ])('are refused with the options %j', async (options, text) => {
    @DustEntity('odd')
    class Odd {
      @Slug() id!: string;
      @Field('string', options as never) name?: string;
    }
    await expect(new DataSource({ entities: [Odd] }).initialize()).rejects.toThrow(text);
  });

  it('are refused inside of nested classes', async () => {
    class Inner {
      @Field('string', { update: false }) name?: string;
    }
    @DustEntity('odd')
    class Odd {
      @Slug() id!: string;
      @Field(() => Inner) inner?: Inner;
    }
    await expect(new DataSource({ entities: [Odd] }).initialize()).rejects.toThrow(
      /written with what holds it/,
    );
  });
});

import type { Repository } from '../../src/index.js';
import {
  CreatedAtField,
  DataSource,
  DustEntity,
  Field,
  In,
  Not,
  Slug,
  UpdatedAtField,
} from '../../src/index.js';
import { TestClock } from '../../src/testing/index.js';

/** What TypeORM's documentation says of embedded entities, in terms of nested objects. */

class Name {
  @Field('string') first?: string | null;
  @Field('string') last?: string | null;

  full(): string {
    return [this.first, this.last].filter((part) => part).join(' ');
  }
}

class Likes {
  @Field('integer', { default: 0 }) up?: number;
  @Field('integer', { default: () => 7 }) down?: number;
}

class Stamps {
  @CreatedAtField() createdAt?: Date;
  @UpdatedAtField({ name: 'changed' }) updatedAt?: Date;
}

class Profile {
  @Field(() => Name) name?: Name | null;
  @Field('string') about?: string | null;
}

@DustEntity('users')
class User {
  @Slug() id!: string;
  @Field(() => Name) name?: Name | null;
  @Field(() => Profile) profile?: Profile | null;
  @Field(() => Likes) likes?: Likes;
  @Field(() => Stamps) stamps?: Stamps;
  @Field(() => [Name]) aliases?: Name[];
  @Field('string') state?: string | null;
}

@DustEntity({ prefix: 'strict', nullsOnRead: true })
class Nulled {
  @Slug() id!: string;
  @Field(() => Profile) profile?: Profile | null;
  @Field('string') state?: string | null;
}

describe('embedded entities', () => {
  const clock = new TestClock();
  let dataSource: DataSource;
  let users: Repository<User>;

  beforeEach(async () => {
    dataSource = await new DataSource({ entities: [User, Nulled], clock, logging: false }).initialize();
    users = dataSource.getRepository(User);
    await users.insert({ id: 'a', name: { first: 'Ann', last: 'Lee' }, state: 'new' });
  });

  afterEach(() => dataSource.destroy());

  const ann = (): Promise<User> => users.findOneByOrFail({ id: 'a' });

  it('are read as instances of their class', async () => {
    const { name } = await ann();
    expect(name).toBeInstanceOf(Name);
    expect(name?.full()).toBe('Ann Lee');
  });

  it('create makes instances of what is embedded, at each depth', () => {
    const user = users.create({ profile: { name: { first: 'Ann' } } });
    expect(user.profile).toBeInstanceOf(Profile);
    expect(user.profile?.name).toBeInstanceOf(Name);
  });

  it('create makes instances of the items of a list', () => {
    const user = users.create({ aliases: [{ first: 'A' }, { first: 'B' }] as never });
    expect(user.aliases?.map((alias) => alias.full())).toEqual(['A', 'B']);
  });

  it('create takes an instance as it is', () => {
    const name = Object.assign(new Name(), { first: 'Ann' });
    expect(users.create({ name }).name).toBe(name);
  });

  it('create takes null', () => {
    expect(users.create({ name: null }).name).toBeNull();
  });

  it('create leaves out what is not a column of the embedded class', () => {
    expect(users.create({ name: { first: 'Ann', middle: 'X' } as never }).name).not.toHaveProperty('middle');
  });

  it('merge goes into what is embedded', async () => {
    const user = await ann();
    users.merge(user, { name: { first: 'Eve' } });
    expect(user.name?.full()).toBe('Eve Lee');
  });

  it('merge takes several, the last one winning', async () => {
    const user = await ann();
    users.merge(user, { name: { first: 'Eve' } }, { name: { last: 'Fox' } }, { name: { first: 'Ida' } });
    expect(user.name?.full()).toBe('Ida Fox');
  });

  it('merge makes what is not there', async () => {
    const user = await ann();
    users.merge(user, { profile: { name: { first: 'Eve' } } });
    expect(user.profile?.name).toBeInstanceOf(Name);
  });

  it('merge takes null for the whole', async () => {
    const user = await ann();
    users.merge(user, { name: null });
    await users.save(user);
    expect((await ann()).name).toBeNull();
  });

  it('merge leaves out undefined', async () => {
    const user = await ann();
    users.merge(user, { name: { first: undefined, last: 'Fox' } });
    expect(user.name?.full()).toBe('Ann Fox');
  });

  it('preload has what is stored beside what is given', async () => {
    const user = await users.preload({ id: 'a', name: { last: 'Fox' } });
    expect(user?.name?.full()).toBe('Ann Fox');
    expect(user?.state).toBe('new');
  });

  it('update changes the given part', async () => {
    await users.update('a', { name: { last: 'Fox' } });
    expect((await ann()).name?.full()).toBe('Ann Fox');
  });

  it('update changes a part of what is embedded in what is embedded', async () => {
    await users.update('a', { profile: { about: 'x', name: { first: 'P', last: 'Q' } } });
    await users.update('a', { profile: { name: { last: 'R' } } });
    const { profile } = await ann();
    expect([profile?.about, profile?.name?.full()]).toEqual(['x', 'P R']);
  });

  it('update sets a part to null', async () => {
    await users.update('a', { name: { last: null } });
    expect((await ann()).name).toEqual(Object.assign(new Name(), { first: 'Ann', last: null }));
  });

  it('update passes over a part that is undefined', async () => {
    await users.update('a', { name: { first: undefined, last: 'Fox' } });
    expect((await ann()).name?.full()).toBe('Ann Fox');
  });

  it('update replaces a list', async () => {
    await users.update('a', { aliases: [{ first: 'A' }, { first: 'B' }] as never });
    await users.update('a', { aliases: [{ last: 'C' }] as never });
    expect((await ann()).aliases?.map((alias) => alias.full())).toEqual(['C']);
  });

  it('update of many by a condition on a part', async () => {
    await users.insert({ id: 'b', name: { first: 'Bo', last: 'Lee' } });
    await users.update({ name: { last: 'Lee' } }, { name: { last: 'Fox' } });
    expect((await users.find()).map((user) => user.name?.full())).toEqual(['Ann Fox', 'Bo Fox']);
  });

  it('save of a loaded entity writes what changed and leaves others to others', async () => {
    const user = await ann();
    user.name!.first = 'Eve';
    await users.update('a', { name: { last: 'Fox' } });
    await users.save(user);
    expect((await ann()).name?.full()).toBe('Eve Fox');
  });

  it('save of an unchanged entity writes nothing', async () => {
    const user = await ann();
    const before = users.revisionOf(user);
    await users.save(user);
    expect(users.revisionOf(await ann())).toBe(before);
  });

  it('save with another instance keeps what it leaves undefined', async () => {
    const user = await ann();
    user.name = Object.assign(new Name(), { first: 'Eve' });
    await users.save(user);
    expect((await ann()).name?.full()).toBe('Eve Lee');
  });

  it('save of a partial object with the key updates the record', async () => {
    await users.save({ id: 'a', name: { first: 'Eve' } });
    const user = await ann();
    expect([user.name?.full(), user.state]).toEqual(['Eve Lee', 'new']);
  });

  it('save of a partial object gives no defaults to a record that is there', async () => {
    await users.update('a', { likes: { up: 5 } });
    await users.save({ id: 'a', likes: { down: 1 } });
    expect((await ann()).likes).toEqual(Object.assign(new Likes(), { up: 5, down: 1 }));
  });

  it('save of a new object fills in the defaults of what is embedded', async () => {
    const saved = await users.save({ id: 'b', likes: {} });
    expect(saved.likes).toEqual(Object.assign(new Likes(), { up: 0, down: 7 }));
    expect((await users.findOneByOrFail({ id: 'b' })).likes).toEqual(saved.likes);
  });

  it('insert writes the defaults of what is embedded', async () => {
    await users.insert({ id: 'b', likes: { up: 3 } });
    expect((await users.findOneByOrFail({ id: 'b' })).likes).toMatchObject({ up: 3, down: 7 });
  });

  it('create and update dates may be embedded', async () => {
    const first = (await ann()).stamps;
    expect(first?.createdAt).toBeInstanceOf(Date);
    await clock.advance(1000);
    await users.update('a', { state: 'old' });
    const second = (await ann()).stamps;
    expect(second?.createdAt).toEqual(first?.createdAt);
    expect(+second!.updatedAt! - +first!.updatedAt!).toBe(1000);
  });

  it('embedded dates are on the entity after save', async () => {
    const user = await users.save(users.create({ id: 'b' }));
    expect(user.stamps?.createdAt).toBeInstanceOf(Date);
    await clock.advance(1000);
    user.state = 'x';
    await users.save(user);
    expect(+user.stamps!.updatedAt! - +user.stamps!.createdAt!).toBe(1000);
  });

  it('find by a part, and order by one', async () => {
    await users.insert({ id: 'b', name: { first: 'Bo', last: 'Ark' } });
    expect(await users.countBy({ name: { first: 'Bo' } })).toBe(1);
    const ordered = await users.find({ order: { name: { last: 'ASC' } } });
    expect(ordered.map(({ id }) => id)).toEqual(['b', 'a']);
  });

  it('Not(In([])) is true of every record, with or without the column', async () => {
    await users.insert({ id: 'b', name: { first: 'Bo' } });
    expect(await users.countBy({ state: Not(In([])) })).toBe(2);
    expect(await users.countBy({ state: In([]) })).toBe(0);
  });

  it('what is not there is undefined, or null for a class that wants it so', async () => {
    await dataSource.manager.insert(Nulled, { id: 'a', profile: { about: 'x' } });
    const nulled = await dataSource.manager.findOneByOrFail(Nulled, { id: 'a' });
    expect([nulled.state, nulled.profile?.name, nulled.profile?.about]).toEqual([null, null, 'x']);
    const before = dataSource.getRepository(Nulled).revisionOf(nulled);
    await dataSource.manager.save(nulled);
    expect(dataSource.getRepository(Nulled).revisionOf(nulled)).toBe(before);
    expect((await ann()).profile).toBeUndefined();
  });
});

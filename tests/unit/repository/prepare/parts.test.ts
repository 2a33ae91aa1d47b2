import { DustEntity, Field, Slug } from '../../../../src/index.js';
import type { StorageMode } from '../../../../src/metadata/types.js';
import { useDataSources } from '../support.js';

class Address {
  @Field('string', { required: true }) street!: string;
  @Field('string') city?: string | null;
}

function definePerson(mode: StorageMode) {
  @DustEntity({ prefix: 'people', mode })
  class Person {
    @Slug() id!: string;
    @Field('string') name?: string;
    @Field(() => Address) home?: Address | null;
  }
  return Person;
}

const connect = useDataSources();

describe.each(['flat', 'map'] as const)('parts of a nested object in %s mode', (mode) => {
  const Person = definePerson(mode);
  const people = async () => {
    const connected = await connect([Person]);
    const repository = connected.manager.getRepository(Person);
    await repository.insert([
      { id: 'a', name: 'A', home: { street: 'Main', city: 'Oslo' } },
      { id: 'b', name: 'B', home: { street: 'High', city: 'Bergen' } },
      { id: 'c', name: 'C' },
    ]);
    connected.control.writes.length = 0;
    return { ...connected, repository };
  };

  it('are updated, and the others stay', async () => {
    const { repository } = await people();
    await repository.update('a', { home: { city: 'Rome' } });
    await repository.update(['a', 'b'], { home: { street: 'Side' } });
    expect((await repository.getMany(['a', 'b'])).map(({ home }) => home)).toEqual([
      { street: 'Side', city: 'Rome' },
      { street: 'Side', city: 'Bergen' },
    ]);
  });

  it('are saved of what was not loaded, and the others stay', async () => {
    const { repository } = await people();
    await repository.save({ id: 'a', home: { city: 'Rome' } });
    await repository.save([
      { id: 'a', home: { street: 'Side' } },
      { id: 'b', home: { street: 'Side' } },
    ]);
    expect((await repository.getMany(['a', 'b'])).map(({ home }) => home)).toEqual([
      { street: 'Side', city: 'Rome' },
      { street: 'Side', city: 'Bergen' },
    ]);
  });

  it('are refused where they are all there is and lack what is required', async () => {
    const { repository, control } = await people();
    const invalid = { kind: 'validation' };
    await expect(repository.update('c', { home: { city: 'Rome' } })).rejects.toMatchObject(invalid);
    await expect(repository.save({ id: 'c', home: { city: 'Rome' } })).rejects.toMatchObject(invalid);
    expect(control.writes).toEqual([]);
  });

  it('are written into a record of a single leaf', async () => {
    const { repository } = await people();
    await repository.insert({ id: 'd', name: 'D' });
    await repository.save({ id: 'c', home: { street: 'Side' } });
    await repository.update(['a', 'd'], { home: { street: 'Side' } });
    await repository.insert({ id: 'e', name: 'E' });
    await repository.update('e', { home: { street: 'Side' } });
    expect(
      (await repository.getMany(['c', 'd', 'e'])).map((each) => [each?.name, each?.home?.street]),
    ).toEqual([
      ['C', 'Side'],
      ['D', 'Side'],
      ['E', 'Side'],
    ]);
  });

  it('of what was not loaded are a new record where theirs goes meanwhile', async () => {
    const { repository, control, inner } = await people();
    control.before = async (method) => {
      if (method !== 'subtree') return;
      control.before = () => undefined;
      await inner.delete('people/a');
    };
    const plain = { id: 'a', home: { street: 'Side' } };
    await repository.save(plain);
    const { name, home } = await repository.findOneByOrFail({ id: 'a' });
    expect([name, home?.street]).toEqual([undefined, 'Side']);
    control.writes.length = 0;
    await repository.save(plain);
    expect(control.writes).toEqual([]);
  });

  it('that are none change nothing', async () => {
    const { repository, control } = await people();
    const before = await repository.findOneByOrFail({ id: 'a' });
    expect(await repository.save({ id: 'a', home: {} })).toMatchObject({ id: 'a' });
    expect(await repository.findOneByOrFail({ id: 'a' })).toEqual(before);
    expect(control.writes).toHaveLength(mode === 'flat' ? 0 : 1);
  });

  it('that are none are no change to make at a revision', async () => {
    const { repository, control } = await people();
    const [current, stale] = (await repository.getMany(['a', 'b'])).map((each) =>
      repository.revisionOf(each)!,
    );
    const update = (slug: string, ifMatch: number) => repository.update(slug, { home: {} }, { ifMatch });
    await expect(update('b', stale! - 1)).rejects.toMatchObject({ kind: 'conflict' });
    // A map is written whole.
    if (mode === 'map') expect(await update('a', current!)).toMatchObject({ affected: 1 });
    else await expect(update('a', current!)).rejects.toMatchObject({ kind: 'nothing_to_write' });
    expect(control.writes).toHaveLength(mode === 'map' ? 1 : 0);
  });

  it('of a record that is not there are no write', async () => {
    const { repository, control } = await people();
    expect(await repository.update('none', { home: { city: 'Rome' } })).toMatchObject({ affected: 0 });
    expect(await repository.update(['none', 'a'], { home: { city: 'Rome' } })).toMatchObject({
      slugs: ['a'],
    });
    expect(control.writes).toHaveLength(1);
  });

  it('of a loaded entity are written as they have changed, into what others have written meanwhile', async () => {
    const { repository } = await people();
    const person = await repository.findOneByOrFail({ id: 'a' });
    await repository.update('a', { name: 'Theirs' });
    person.home!.city = 'Rome';
    await repository.save(person);
    const { name, home } = await repository.findOneByOrFail({ id: 'a' });
    expect([name, home]).toEqual([mode === 'flat' ? 'Theirs' : 'A', { street: 'Main', city: 'Rome' }]);
  });

  it('of a loaded entity whose record is gone are written with all the others', async () => {
    const { repository } = await people();
    const person = await repository.findOneByOrFail({ id: 'a' });
    await repository.delete('a');
    person.home!.city = 'Rome';
    await repository.save(person);
    const { name, home } = await repository.findOneByOrFail({ id: 'a' });
    expect([name, home]).toEqual(['A', { street: 'Main', city: 'Rome' }]);
  });

  it('of a loaded entity bring nothing back that others have removed', async () => {
    if (mode === 'map') return;
    const { repository, inner } = await people();
    const person = await repository.findOneByOrFail({ id: 'a' });
    await inner.set('people/a', { home: { street: 'Main' } });
    person.home!.city = 'Rome';
    await repository.save(person);
    expect((await inner.get('people/a'))?.value).toEqual({ home: { street: 'Main', city: 'Rome' } });
  });
});

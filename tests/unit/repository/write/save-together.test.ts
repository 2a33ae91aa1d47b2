import { Link, link, Profile, useDataSources } from '../support.js';

const connect = useDataSources();

describe('save of several', () => {
  const reads = async (names: readonly string[], sources: (name: string) => object) => {
    const { manager, control } = await connect([Link, Profile]);
    await manager.insert(Link, [link('a', { note: 'n' }), link('b', { note: 'n' })]);
    const asked: string[] = [];
    let [underWay, most] = [0, 0];
    control.before = async (method) => {
      asked.push(method);
      most = Math.max(most, ++underWay);
      await new Promise(setImmediate);
      underWay--;
    };
    await manager.save(Link, names.map(sources));
    return { manager, asked, most };
  };

  it('looks up all records at once of those that were not loaded', async () => {
    const { manager, asked, most } = await reads(['a', 'b', 'new'], (slug) =>
      link(slug, { title: 'changed' }),
    );
    expect(asked).toEqual(['exists', 'exists', 'exists', 'batchWrite']);
    expect(most).toBe(3);
    expect(await manager.find(Link)).toMatchObject([
      { slug: 'a', title: 'changed', note: 'n' },
      { slug: 'b', title: 'changed', note: 'n' },
      { slug: 'new', title: 'changed' },
    ]);
  });

  it('looks up two at once, too', async () => {
    const { asked, most } = await reads(['a', 'b'], (slug) => link(slug, { title: 'changed' }));
    expect([asked, most]).toEqual([['exists', 'exists', 'batchWrite'], 2]);
  });

  it('looks up nothing for those that were loaded and have not changed', async () => {
    const { manager, control } = await connect([Link]);
    const saved = await manager.save(Link, [link('a'), link('b')]);
    const asked: string[] = [];
    control.before = (method) => asked.push(method);
    await manager.save(saved);
    expect(asked).toEqual([]);
  });

  it('of one looks up its record by itself', async () => {
    const { manager, asked } = await reads(['a'], (slug) => link(slug, { title: 'changed' }));
    expect(asked).toEqual(['exists', 'merge']);
    expect(await manager.findOneBy(Link, { slug: 'a' })).toMatchObject({ title: 'changed', note: 'n' });
  });

  it('of two classes looks up the records of each class once', async () => {
    const { manager, control } = await connect([Link, Profile]);
    await manager.insert(Link, link('a', { note: 'n' }));
    await manager.insert(Profile, { slug: 'a', name: 'Ada', city: 'London' });
    const looked: unknown[] = [];
    control.before = (method, [path]) => {
      if (method === 'exists') looked.push(path);
    };
    await manager.save([
      manager.create(Link, link('a', { title: 'changed' })),
      manager.create(Profile, { slug: 'a', name: 'Eve' }),
      manager.create(Link, link('new')),
    ]);
    expect(looked).toEqual(['reading/links/a', 'reading/links/new', 'profiles/a']);
    expect(await manager.findOneBy(Link, { slug: 'a' })).toMatchObject({ title: 'changed', note: 'n' });
    expect(await manager.findOneBy(Profile, { slug: 'a' })).toMatchObject({ name: 'Eve', city: 'London' });
    expect(await manager.count(Link)).toBe(2);
  });

  it('refuses a record that it was given twice, and says where', async () => {
    const { manager, control } = await connect([Link]);
    await expect(manager.save(Link, [link('a'), link('b'), link('a')])).rejects.toMatchObject({
      kind: 'invalid_value',
      detail: 'duplicate_slug',
      opIndex: 2,
      message: expect.stringContaining('save was given the record twice, at position 0 and here'),
    });
    expect(control.writes).toEqual([]);
  });

  it('takes the same slug of two classes for two records', async () => {
    const { manager } = await connect([Link, Profile]);
    await manager.save([
      manager.create(Link, link('a')),
      manager.create(Profile, { slug: 'a', name: 'Ada' }),
    ]);
    expect([await manager.count(Link), await manager.count(Profile)]).toEqual([1, 1]);
  });

  it.each([null, 7, 'a', undefined])('says which of them is no entity: %p', async (odd) => {
    const { manager, control } = await connect([Link]);
    await expect(manager.save(Link, [link('a'), odd as unknown as Link])).rejects.toMatchObject({
      kind: 'invalid_value',
      opIndex: 1,
    });
    expect(control.writes).toEqual([]);
  });
});

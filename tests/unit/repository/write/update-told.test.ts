import { Document, Link, link, useDataSources } from '../support.js';

const connect = useDataSources();

describe('an update that subscribers are told of', () => {
  it.each([null, 7, 'note', ['note'], Promise.resolve({ note: 'n' })])(
    'of %p is refused as it is without them, and nobody is told',
    async (odd) => {
      const { manager, dataSource, control } = await connect([Link]);
      await manager.insert(Link, link('a'));
      control.writes.length = 0;
      const told = jest.fn();
      const refusal: unknown = await manager
        .update(Link, 'a', odd as object)
        .catch((error: unknown) => error);
      dataSource.subscribers.push({ beforeUpdate: told });
      expect(refusal).toMatchObject({ kind: 'invalid_value' });
      await expect(manager.update(Link, 'a', odd as object)).rejects.toEqual(refusal);
      expect(told).not.toHaveBeenCalled();
      expect(control.writes).toEqual([]);
    },
  );

  it('writes what they make of its partial, which its caller keeps as it was', async () => {
    const { manager, dataSource } = await connect([Link]);
    await manager.insert(Link, link('a'));
    const entities: unknown[] = [];
    dataSource.subscribers.push({
      beforeUpdate: ({ entity }) => void Object.assign(entity, { note: 'theirs' }),
      afterUpdate: ({ entity }) => void entities.push(entity),
    });
    const plain = { title: 'new' };
    const instance = Object.assign(manager.create(Link), { title: 'newer' });
    await manager.update(Link, 'a', plain);
    expect(await manager.findOneBy(Link, { slug: 'a' })).toMatchObject({ title: 'new', note: 'theirs' });
    await manager.update(Link, 'a', instance);
    expect(plain).toEqual({ title: 'new' });
    expect(instance.note).toBeUndefined();
    expect(entities[1]).toBeInstanceOf(Link);
    expect(entities[1]).not.toBe(instance);
  });
});

describe('a partial', () => {
  it.each([
    [{}, 'Properties that are undefined are not part of a write'],
    [{ title: undefined }, 'Properties that are undefined are not part of a write'],
    [{ slug: 'a' }, 'slug is the slug, which names the record and cannot be changed'],
  ])('of no field is refused: %j', async (partial, hint) => {
    const { manager } = await connect([Link]);
    await expect(manager.update(Link, 'a', partial)).rejects.toMatchObject({
      kind: 'nothing_to_write',
      message: expect.stringContaining(hint),
    });
  });

  it('names no property that is unknown, unless it is an instance', async () => {
    const { manager } = await connect([Document]);
    await manager.insert(Document, { slug: 'a', text: 'one' });
    const odd = { text: 'two', txt: 'three' };
    await expect(manager.update(Document, 'a', odd)).rejects.toMatchObject({
      kind: 'invalid_criteria',
      message: expect.stringContaining('Document has no field "txt"'),
    });
    const instance = Object.assign(manager.create(Document), odd);
    expect(await manager.update(Document, 'a', instance)).toMatchObject({ affected: 1 });
    expect(await manager.update(Document, 'a', { text: 'four', txt: undefined } as object)).toMatchObject({
      affected: 1,
    });
  });

  it('may name the slug of its record, and no other', async () => {
    const { manager, control } = await connect([Link, Document]);
    await manager.insert(Link, [link('a'), link('b')]);
    expect(await manager.update(Link, 'a', { slug: 'a', note: 'n' })).toMatchObject({ affected: 1 });
    control.writes.length = 0;
    for (const slug of ['b', '', null, 7]) {
      const partial = { slug: slug as string, note: 'n' };
      await expect(manager.update(Link, 'a', partial)).rejects.toMatchObject({
        kind: 'invalid_value',
        detail: 'slug_changed',
        property: 'slug',
      });
    }
    await expect(manager.update(Link, ['a', 'b'], { slug: 'a', note: 'n' })).rejects.toMatchObject({
      detail: 'slug_changed',
    });
    expect(control.writes).toEqual([]);
  });

  it('that is invalid says of which record, where it names one', async () => {
    const { manager } = await connect([Link]);
    await manager.insert(Link, link('a'));
    const invalid = { title: '' };
    await expect(manager.update(Link, 'a', { ...invalid, slug: 'a' })).rejects.toMatchObject({
      kind: 'validation',
      message: expect.stringContaining('"a"'),
    });
    await expect(manager.update(Link, 'a', invalid)).rejects.toMatchObject({
      kind: 'validation',
      message: expect.not.stringContaining('"a"'),
    });
  });
});

import type { DeepPartial } from '../../../../src/index.js';
import { ValidateBy } from 'class-validator';
import { AfterUpdate, BeforeInsert, BeforeUpdate, DustEntity, Field, Slug } from '../../../../src/index.js';
import { Document, Link, link, Profile, useDataSources } from '../support.js';

const connect = useDataSources();

let called: string[];
let onInsert: (entity: Hooked) => void;
let onUpdate: (entity: Hooked) => void;

@DustEntity('hooked')
class Hooked {
  @Slug({ generated: 'ulid' }) id!: string;
  @Field('string', { required: true }) text!: string;
  @Field('string') note?: string | null;

  @BeforeInsert() insert(): void {
    called.push('insert');
    onInsert(this);
  }
  @BeforeUpdate() change(): void {
    called.push('before');
    onUpdate(this);
  }
  @AfterUpdate() changed(): void {
    called.push('after');
  }
}

beforeEach(() => {
  called = [];
  onInsert = () => undefined;
  onUpdate = () => undefined;
});

describe('save of a loaded entity whose class has hooks', () => {
  const loaded = async () => {
    const connected = await connect([Hooked]);
    const { manager, control } = connected;
    await manager.insert(Hooked, { id: 'a', text: 'A' });
    const entity = await manager.findOneByOrFail(Hooked, { id: 'a' });
    called.length = 0;
    control.writes.length = 0;
    return { ...connected, entity };
  };

  it('writes nothing and calls nothing when nothing has changed', async () => {
    const { manager, control, entity } = await loaded();
    await manager.save(entity);
    expect([called, control.writes]).toEqual([[], []]);
  });

  it('is invalid unless the hooks make it valid', async () => {
    const { manager, control, entity } = await loaded();
    Reflect.set(entity, 'note', 7);
    await expect(manager.save(entity)).rejects.toMatchObject({ kind: 'validation' });
    expect([called, control.writes]).toEqual([['before'], []]);
    onUpdate = (hooked) => {
      hooked.note = 'seven';
    };
    await manager.save(entity);
    expect(await manager.findOneBy(Hooked, { id: 'a' })).toEqual({ id: 'a', text: 'A', note: 'seven' });
  });

  it('is followed by nothing when the hooks take the change back', async () => {
    const { manager, control, entity } = await loaded();
    entity.text = 'changed';
    onUpdate = (hooked) => {
      hooked.text = 'A';
    };
    await manager.save(entity);
    expect([called, control.writes]).toEqual([['before'], []]);
  });

  it('is refused when a hook gives it another slug, or takes its own', async () => {
    const { manager, control, entity } = await loaded();
    for (const id of ['b', undefined]) {
      Object.assign(entity, { id: 'a', text: `changed for ${id}` });
      onUpdate = (hooked) => {
        Reflect.set(hooked, 'id', id);
      };
      await expect(manager.save(entity)).rejects.toMatchObject({
        kind: 'invalid_value',
        detail: 'slug_changed',
      });
    }
    expect(control.writes).toEqual([]);
  });

  it('tells afterwards of the fields that were written in the end', async () => {
    const { manager, dataSource, entity } = await loaded();
    const told: string[][] = [];
    const namesOf = (fields: readonly { readonly propertyName: string }[]): string[] =>
      fields.map(({ propertyName }) => propertyName);
    dataSource.subscribers.push({
      beforeUpdate: ({ updatedFields }) => void told.push(namesOf(updatedFields)),
      afterUpdate: ({ updatedFields }) => void told.push(namesOf(updatedFields)),
    });
    onUpdate = (hooked) => {
      hooked.note = 'by the hook';
    };
    entity.text = 'changed';
    await manager.save(entity);
    expect(told).toEqual([['text'], ['text', 'note']]);
  });
});

describe('save of what was not loaded, whose record is there', () => {
  const stored = async () => {
    const connected = await connect([Hooked]);
    const { manager, control } = connected;
    await manager.insert(Hooked, { id: 'a', text: 'A', note: 'n' });
    called.length = 0;
    control.writes.length = 0;
    return connected;
  };

  it('writes what an instance gives, as the hooks leave it', async () => {
    const { manager } = await stored();
    onUpdate = (hooked) => {
      hooked.text = `${hooked.text}!`;
    };
    const instance = manager.create(Hooked, { id: 'a', text: 'B' });
    expect(await manager.save(instance)).toBe(instance);
    expect(called).toEqual(['before', 'after']);
    expect(instance).toMatchObject({ id: 'a', text: 'B!' });
    expect(await manager.findOneBy(Hooked, { id: 'a' })).toEqual({ id: 'a', text: 'B!', note: 'n' });
  });

  it('writes what a plain object gives, as the hooks leave the instance that stands for it', async () => {
    const { manager } = await stored();
    onUpdate = (hooked) => {
      hooked.note = 'by the hook';
    };
    await manager.save(Hooked, { id: 'a', text: 'B' });
    expect(await manager.findOneBy(Hooked, { id: 'a' })).toEqual({ id: 'a', text: 'B', note: 'by the hook' });
  });

  it('leaves out what a hook takes off', async () => {
    const { manager } = await stored();
    onUpdate = (hooked) => {
      delete hooked.note;
    };
    await manager.save(Hooked, { id: 'a', text: 'B', note: 'given' });
    await manager.save(manager.create(Hooked, { id: 'a', text: 'C', note: 'given' }));
    expect(await manager.findOneBy(Hooked, { id: 'a' })).toEqual({ id: 'a', text: 'C', note: 'n' });
  });

  it('is refused when a hook gives it another slug', async () => {
    const { manager, control } = await stored();
    onUpdate = (hooked) => {
      hooked.id = 'b';
    };
    await expect(manager.save(Hooked, { id: 'a', text: 'B' })).rejects.toMatchObject({
      detail: 'slug_changed',
    });
    expect(control.writes).toEqual([]);
  });

  it('calls nothing and writes nothing when it gives a slug alone', async () => {
    const { manager, control } = await stored();
    await manager.save(Hooked, { id: 'a' });
    await manager.save(manager.create(Hooked, { id: 'a' }));
    expect([called, control.writes]).toEqual([[], []]);
  });

  it('without a slug is an insert, and looks nowhere', async () => {
    const { manager, control } = await stored();
    const asked: string[] = [];
    control.before = (method) => asked.push(method);
    const saved = await manager.save(Hooked, { text: 'new' });
    expect([called, asked]).toEqual([['insert'], ['set']]);
    expect(saved.id).toHaveLength(26);
  });

  it('knows from then on what it wrote, and writes what changes after that', async () => {
    const { manager, control } = await stored();
    const plain: Partial<Hooked> = { id: 'a', text: 'B' };
    const saved = await manager.save(Hooked, plain);
    for (const each of [plain, saved]) {
      control.writes.length = 0;
      await manager.save(Hooked, each);
      expect(control.writes).toEqual([]);
    }
    const { revisionOf } = manager.getRepository(Hooked);
    expect(revisionOf.call(manager.getRepository(Hooked), saved)).toBe(2);
  });

  it('knows what it wrote of a plain object without a slug, too, which it gave one', async () => {
    const { manager, control } = await stored();
    const plain: Partial<Hooked> = { text: 'new' };
    const { id } = await manager.save(Hooked, plain);
    control.writes.length = 0;
    await manager.save(Hooked, plain);
    expect(control.writes).toEqual([]);
    await manager.save(Hooked, Object.assign(plain, { note: 'n' }));
    expect(control.writes).toEqual([['set', `hooked/${id}/note`, 'n', {}]]);
  });
});

it('a plain object whose hooks choose another slug at its insert is that record from then on', async () => {
  const { manager, control } = await connect([Hooked]);
  onInsert = (hooked) => {
    hooked.id = 'b';
  };
  const plain = { id: 'a', text: 'A' };
  expect(await manager.save(Hooked, plain)).toEqual({ id: 'b', text: 'A' });
  expect(plain).toEqual({ id: 'b', text: 'A' });
  control.writes.length = 0;
  await manager.save(Hooked, plain);
  await manager.save(Hooked, Object.assign(plain, { text: 'B' }));
  expect(control.writes).toEqual([['set', 'hooked/b/text', 'B', {}]]);
  expect(await manager.find(Hooked)).toEqual([{ id: 'b', text: 'B' }]);
});

@DustEntity('begun')
class Begun {
  @Slug() id!: string;
  @Field('string') text?: string = 'by an initialiser';
  @Field('string') note?: string;
}

describe('save of a plain object whose class has initialisers', () => {
  const stored = async () => {
    const { manager } = await connect([Begun]);
    await manager.insert(Begun, { id: 'a', text: 'T', note: 'n' });
    return { manager, read: () => manager.findOneBy(Begun, { id: 'a' }) };
  };

  it('writes what it gives alone, and resolves to an instance with no more than that', async () => {
    const { manager, read } = await stored();
    const saved = await manager.save(Begun, { id: 'a', note: 'mine' });
    expect(saved).toBeInstanceOf(Begun);
    expect(saved).toEqual({ id: 'a', note: 'mine' });
    await manager.save(Object.assign(saved, { note: 'again' }));
    expect(await read()).toEqual({ id: 'a', text: 'T', note: 'again' });
  });

  it('writes what it gives alone when it is saved again', async () => {
    const { manager, read } = await stored();
    const plain = { id: 'a', note: 'mine' };
    await manager.save(Begun, plain);
    const saved = await manager.save(Begun, Object.assign(plain, { note: 'again' }));
    expect(saved).toEqual({ id: 'a', note: 'again' });
    expect(await read()).toEqual({ id: 'a', text: 'T', note: 'again' });
  });

  it('writes what initialisers gave where there is no record yet', async () => {
    const { manager } = await stored();
    await manager.save(Begun, { id: 'b', note: 'mine' });
    expect(await manager.findOneBy(Begun, { id: 'b' })).toEqual({
      id: 'b',
      text: 'by an initialiser',
      note: 'mine',
    });
  });
});

let validated = 0;

@DustEntity('checked')
class Checked {
  @Slug() id!: string;
  @Field('string', { required: true }) text!: string;
  @Field('string')
  @ValidateBy({ name: 'counted', validator: { validate: () => ++validated > 0 } })
  note?: string;
  @Field('string', { update: false }) author?: string;
}

describe('save of a loaded entity whose record is gone', () => {
  const gone = async <T extends object>(entity: new () => T, record: DeepPartial<T>) => {
    const connected = await connect([Checked, Link, Profile]);
    const { manager, control } = connected;
    const repository = manager.getRepository<T>(entity);
    await repository.insert(record);
    const [loaded] = await repository.find();
    await repository.clear();
    control.writes.length = 0;
    validated = 0;
    return { ...connected, loaded: loaded! };
  };

  it('writes all of it anew, what an update leaves out, too, and validates it once', async () => {
    const record: Partial<Checked> = { id: 'a', text: 'A', note: 'n', author: 'root' };
    const { manager, loaded } = await gone(Checked, record);
    await manager.save(Object.assign(loaded, { text: 'B' }));
    expect(validated).toBe(1);
    expect(await manager.find(Checked)).toEqual([{ ...record, text: 'B' }]);
  });

  it('is refused where what an update leaves out cannot be stored', async () => {
    const { manager, control, loaded } = await gone(Checked, { id: 'a', text: 'A', author: 'root' });
    Object.assign(loaded, { text: 'B', author: 7 });
    await expect(manager.save(loaded)).rejects.toMatchObject({ kind: 'validation' });
    expect(control.writes).toEqual([]);
  });

  it('in map mode writes all of it, too', async () => {
    const { manager, loaded } = await gone(Profile, { slug: 'a', name: 'Ada', city: 'London' });
    await manager.save(Object.assign(loaded, { name: 'Eve' }));
    expect(await manager.find(Profile)).toMatchObject([{ name: 'Eve', city: 'London' }]);
  });
});

describe('save of a loaded entity', () => {
  it('writes what changed, and asks for nothing but whether its record is there', async () => {
    const { manager, control } = await connect([Link]);
    const saved = await manager.save(Link, link('a', { note: 'n' }));
    control.writes.length = 0;
    const asked: string[] = [];
    control.before = (method) => asked.push(method);
    await manager.save(Object.assign(saved, { title: 'new', note: null }));
    expect(control.writes).toEqual([['merge', 'reading/links/a', { title: 'new', note: null }, {}]]);
    expect(asked).toEqual(['exists', 'merge']);
  });

  it('that was not loaded looks once whether its record is there', async () => {
    const { manager, control } = await connect([Link]);
    await manager.insert(Link, link('a', { note: 'n' }));
    const asked: string[] = [];
    control.before = (method) => asked.push(method);
    await manager.save(Link, { slug: 'a', note: 'mine' });
    expect(asked).toEqual(['exists', 'set']);
  });

  it('of a plain object remembers what it has written by it', async () => {
    const { manager, control } = await connect([Link]);
    const plain = link('a', { note: 'n' });
    await manager.save(Link, plain);
    control.writes.length = 0;
    await manager.save(Link, plain);
    expect(control.writes).toEqual([]);
    await manager.save(Link, Object.assign(plain, { note: 'changed' }));
    expect(control.writes).toEqual([['set', 'reading/links/a/note', 'changed', {}]]);
    await manager.save(Link, plain);
    expect(control.writes).toHaveLength(1);
  });

  it('without some of its properties needs its record, and leaves the others in it', async () => {
    const { manager } = await connect([Link, Profile]);
    await manager.insert(Link, link('a', { note: 'n' }));
    await manager.insert(Profile, { slug: 'a', name: 'Ada', city: 'London' });
    const [part] = (await manager.find(Link, { select: ['slug', 'title'] })) as Link[];
    const [profile] = (await manager.find(Profile, { select: ['slug', 'name'] })) as Profile[];
    await manager.save([Object.assign(part!, { title: 'new' }), Object.assign(profile!, { name: 'Eve' })]);
    expect(await manager.findOneBy(Link, { slug: 'a' })).toMatchObject({ title: 'new', note: 'n' });
    expect(await manager.findOneBy(Profile, { slug: 'a' })).toMatchObject({ name: 'Eve', city: 'London' });
    await manager.clear(Link);
    await expect(manager.save(Object.assign(part!, { title: 'newer' }))).rejects.toMatchObject({
      kind: 'not_found',
      message: expect.stringContaining('so save has nothing to write to'),
    });
    expect(await manager.count(Link)).toBe(0);
  });

  it('with an empty text for its slug is refused, as with any other slug', async () => {
    const { manager } = await connect([Link]);
    const saved = await manager.save(Link, link('a'));
    await expect(manager.save(Object.assign(saved, { slug: '' }))).rejects.toMatchObject({
      kind: 'invalid_value',
      detail: 'slug_changed',
    });
    await expect(manager.remove(saved)).rejects.toMatchObject({ detail: 'slug_changed' });
  });
});

describe('save with the revision that its record must have', () => {
  it('of an entity with a version field settles it', async () => {
    const { manager } = await connect([Document]);
    const saved = await manager.save(Document, { slug: 'a', text: 'one' });
    saved.text = 'two';
    await manager.save(saved);
    expect(saved.version).toBe(2);
    saved.text = 'three';
    await manager.save(saved);
    expect(await manager.findOneBy(Document, { slug: 'a' })).toEqual({
      slug: 'a',
      text: 'three',
      version: 3,
    });
  });

  it('of a plain object with a version field settles that', async () => {
    const { manager } = await connect([Document]);
    const plain: Partial<Document> = { slug: 'a', text: 'one' };
    for (const text of ['one', 'two', 'three']) await manager.save(Document, Object.assign(plain, { text }));
    expect(plain).toEqual({ slug: 'a', text: 'three', version: 3 });
    await manager.update(Document, 'a', { text: 'theirs' });
    const stale = manager.save(Document, Object.assign(plain, { text: 'four' }));
    await expect(stale).rejects.toMatchObject({ kind: 'conflict' });
  });

  it('of a plain object that was never loaded calls the hooks of an update', async () => {
    const { manager } = await connect([Hooked]);
    const { revision } = await manager.insert(Hooked, { id: 'a', text: 'A' });
    called.length = 0;
    await manager.save(Hooked, { id: 'a', text: 'B' }, { ifMatch: revision! });
    expect(called).toEqual(['before', 'after']);
  });
});

import type { EntityManager, EntitySubscriberInterface } from '../../../../src/index.js';
import { ValidateBy } from 'class-validator';
import {
  AfterUpdate,
  BeforeInsert,
  BeforeUpdate,
  DustEntity,
  Field,
  Slug,
  UpdatedAtField,
} from '../../../../src/index.js';
import { Document, Link, link, methods, Profile, useDataSources } from '../support.js';

const connect = useDataSources();

let called: string[];
let onUpdate: (entity: Hooked) => void;

@DustEntity('hooked')
class Hooked {
  @Slug({ generated: 'ulid' }) id!: string;
  @Field('string', { required: true }) text!: string;
  @Field('string') note?: string | null;

  @BeforeInsert() insert(): void {
    called.push('insert');
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
    } as EntitySubscriberInterface);
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
});

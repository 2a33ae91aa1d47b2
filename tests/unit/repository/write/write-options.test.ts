import { DeletedAtField, DustEntity, Field, Slug } from '../../../../src/index.js';
import { useDataSources } from '../support.js';

@DustEntity('notes')
class Note {
  @Slug() id!: string;
  @Field('string') text?: string;
  @DeletedAtField() deletedAt?: Date | null;
}

@DustEntity('plain')
class Plain {
  @Slug() id!: string;
  @Field('string') text?: string;
}

const connect = useDataSources();
const METHODS = ['insert', 'insertMany', 'save', 'save of several', 'remove', 'softRemove', 'recover'];

describe.each(METHODS)('%s', (method) => {
  const call = async (options: object) => {
    const { manager, control, dataSource } = await connect([Note]);
    const note = await manager.save(Note, { id: 'a', text: 'A' });
    const told = jest.fn();
    dataSource.subscribers.push({
      beforeInsert: told,
      beforeUpdate: told,
      beforeRemove: told,
      beforeSoftRemove: told,
      beforeRecover: told,
    });
    note.text = 'B';
    control.writes.length = 0;
    const made = { id: 'b', text: 'B' };
    const calls: Readonly<Record<string, () => Promise<unknown>>> = {
      insert: () => manager.insert(Note, made, options),
      insertMany: () => manager.insertMany(Note, [made], options),
      save: () => manager.save(note, options),
      'save of several': () => manager.save([note, manager.create(Note, made)], options),
      remove: () => manager.remove(note, options),
      softRemove: () => manager.softRemove(note, options),
      recover: () => manager.recover(note, options),
    };
    const outcome: unknown = await calls[method]?.().catch((error: unknown) => error);
    return { outcome, told, control };
  };

  it.each(['no', null, 0])('refuses listeners: %p', async (listeners) => {
    const { outcome, told, control } = await call({ listeners });
    expect(outcome).toMatchObject({ kind: 'invalid_options', message: expect.stringContaining('listeners') });
    expect(told).not.toHaveBeenCalled();
    expect(control.writes).toEqual([]);
  });

  it('tells those who listen, unless it is not to', async () => {
    expect((await call({})).told).toHaveBeenCalled();
    expect((await call({ listeners: true })).told).toHaveBeenCalled();
    const { told, control } = await call({ listeners: false });
    expect(told).not.toHaveBeenCalled();
    expect(control.writes.length).toBeGreaterThan(0);
  });

  it('refuses options that it does not know', async () => {
    const { outcome, control } = await call({ listener: false });
    expect(outcome).toMatchObject({ kind: 'invalid_options', message: expect.stringContaining('listener') });
    expect(control.writes).toEqual([]);
  });

  it('does nothing once its signal is aborted', async () => {
    const { outcome, control } = await call({ signal: AbortSignal.abort() });
    expect(outcome).toMatchObject({ kind: 'aborted' });
    expect(control.writes).toEqual([]);
  });
});

describe('of a class without a time of deletion', () => {
  it.each(['softDelete', 'restore', 'softRemove', 'recover'] as const)(
    '%s says what is missing',
    async (method) => {
      const { manager, control } = await connect([Plain]);
      const plain = await manager.save(Plain, { id: 'a', text: 'A' });
      const refusal = {
        kind: 'invalid_metadata',
        message: expect.stringContaining(`Plain has no time of deletion for ${method} to write`),
      };
      control.writes.length = 0;
      const asked = jest.fn();
      control.before = asked;
      const calls = {
        softDelete: [
          () => manager.softDelete(Plain, 'a'),
          () => manager.softDelete(Plain, 'a', { ifMatch: 1 }),
        ],
        restore: [() => manager.restore(Plain, 'a'), () => manager.restore(Plain, 'a', { ifMatch: 1 })],
        softRemove: [() => manager.softRemove(plain), () => manager.softRemove([plain, plain])],
        recover: [() => manager.recover(plain), () => manager.recover([plain, plain])],
      };
      for (const call of calls[method]) await expect(call()).rejects.toMatchObject(refusal);
      expect(asked).not.toHaveBeenCalled();
    },
  );
});

describe('with ifMatch', () => {
  it.each(['softDelete', 'restore'] as const)('%s is about one record, and compares it', async (method) => {
    const { manager } = await connect([Note]);
    await manager.insert(Note, [
      { id: 'a', text: 'A' },
      { id: 'b', text: 'B' },
    ]);
    await expect(manager[method](Note, ['a', 'b'], { ifMatch: 1 })).rejects.toMatchObject({
      kind: 'invalid_criteria',
      message: `${method} with ifMatch is about exactly one record, and 2 were given. A revision belongs to one record.`,
    });
    await expect(manager[method](Note, 'b', { ifMatch: 1 })).rejects.toMatchObject({ kind: 'conflict' });
    expect(await manager[method](Note, 'b', { ifMatch: 2 })).toMatchObject({ affected: 1, slugs: ['b'] });
  });

  it.each(['softRemove', 'recover', 'remove'] as const)(
    '%s is about one entity, and compares it',
    async (method) => {
      const { manager } = await connect([Note]);
      const notes = await manager.save(Note, [
        { id: 'a', text: 'A' },
        { id: 'b', text: 'B' },
      ]);
      await expect(manager[method](notes, { ifMatch: 1 })).rejects.toMatchObject({
        kind: 'invalid_criteria',
        message: expect.stringContaining(
          `${method} with ifMatch is about exactly one record, and 2 were given`,
        ),
      });
      await expect(manager[method](notes[1]!, { ifMatch: 1 })).rejects.toMatchObject({ kind: 'conflict' });
      await manager[method](notes[1]!, { ifMatch: 2 });
      await expect(manager[method](notes[1]!, { ifMatch: 2 })).rejects.toMatchObject({ kind: 'conflict' });
    },
  );
});

describe('of what has no record', () => {
  it.each(['softRemove', 'recover'] as const)('%s fails, and makes none', async (method) => {
    const { manager } = await connect([Note]);
    const note = manager.create(Note, { id: 'a', text: 'A' });
    await expect(manager[method](note)).rejects.toMatchObject({
      kind: 'not_found',
      message: `Note "a" does not exist, so ${method} has nothing to write to. Insert it first.`,
    });
    expect(await manager.count(Note, { withDeleted: true })).toBe(0);
  });
});

it('insertMany refuses what cannot be called with its progress', async () => {
  const { manager, control } = await connect([Note]);
  const onProgress = 'often' as unknown as () => void;
  await expect(manager.insertMany(Note, [{ id: 'a', text: 'A' }], { onProgress })).rejects.toMatchObject({
    kind: 'invalid_options',
    message: expect.stringContaining('onProgress'),
  });
  expect(control.writes).toEqual([]);
});

it.each([null, 7, 'abc', {}, new Date()])('insertMany takes no records from %p', async (odd) => {
  const { manager } = await connect([Note]);
  await expect(manager.insertMany(Note, odd as never)).rejects.toMatchObject({
    kind: 'invalid_value',
    message: expect.stringContaining('insertMany takes an array or another (async) iterable of records'),
  });
});

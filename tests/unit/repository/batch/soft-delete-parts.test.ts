import { setImmediate as turn } from 'node:timers/promises';
import type { EntityManager, EntitySubscriberInterface, WriteBatch } from '../../../../src/index.js';
import { DeletedAtField, DustEntity, Field, Slug } from '../../../../src/index.js';
import { Link, useDataSources } from '../support.js';

@DustEntity('notes')
class Note {
  @Slug() id!: string;
  @Field('string') text?: string | null;
  @DeletedAtField() deletedAt?: Date | null;
}

@DustEntity({ prefix: 'wholes', mode: 'map' })
class Whole {
  @Slug() id!: string;
  @Field('string') text?: string | null;
  @DeletedAtField() deletedAt?: Date | null;
}

const connect = useDataSources();

/** `a` is there, `gone` is deleted softly, `none` is not there. */
async function open(entity: typeof Note | typeof Whole = Note, options = {}) {
  const { manager, control, dataSource } = await connect([Note, Whole, Link], {}, options);
  await manager.insert<Note | Whole>(entity, [
    { id: 'a', text: 'A' },
    { id: 'gone', text: 'G' },
  ]);
  await manager.softDelete<Note | Whole>(entity, 'gone');
  control.writes.length = 0;
  return { manager, control, dataSource };
}

const deletedIn = async (manager: EntityManager): Promise<string[]> =>
  (await manager.find(Note, { withDeleted: true }))
    .filter(({ deletedAt }) => (deletedAt ?? null) !== null)
    .map(({ id }) => id);

const loaded = (manager: EntityManager, id: string) =>
  manager.findOneOrFail(Note, { where: { id }, withDeleted: true });

describe('soft deletes in a batch', () => {
  it('write nothing where it is so already', async () => {
    const { manager, control } = await open();
    const parts = manager.batch((b) => b.softDelete(Note, 'gone').restore(Note, 'a'));
    expect(await parts).toEqual({ storeSeq: null, operations: 0 });
    expect(control.writes).toEqual([]);
  });

  it('find what earlier parts have made', async () => {
    const { manager } = await open();
    const note = await loaded(manager, 'a');
    await manager.batch((b) => {
      b.insert(Note, { id: 'new', text: 'N' }).softDelete(Note, 'new');
      b.update(Note, 'a', { text: 'B' }).softRemove(note);
      b.update(Note, 'gone', { text: 'H' }).restore(Note, 'gone');
    });
    expect(await deletedIn(manager)).toEqual(['a', 'new']);
    expect(note.deletedAt).toBeInstanceOf(Date);
    expect(await loaded(manager, 'a')).toMatchObject({ text: 'B' });
    expect(await loaded(manager, 'gone')).toMatchObject({ text: 'H', deletedAt: null });
    // What was deleted softly is there to later parts.
    await manager.batch((b) => b.softDelete(Note, 'gone').update(Note, 'gone', { text: 'I' }));
    expect(await loaded(manager, 'gone')).toMatchObject({ text: 'I', deletedAt: expect.any(Date) });
  });

  it.each<[string, (b: WriteBatch, note: Note) => unknown, object]>([
    ['where there is no record', (b) => b.delete(Note, 'x').softDelete(Note, 'none'), { kind: 'not_found' }],
    [
      'of what an earlier part has deleted',
      (b) => b.delete(Note, 'a').softDelete(Note, 'a'),
      { kind: 'not_found', message: expect.stringContaining('softDelete') },
    ],
    [
      'of an entity whose record an earlier part has deleted',
      (b, note) => b.delete(Note, 'a').softRemove(note),
      { kind: 'not_found', message: expect.stringContaining('softRemove') },
    ],
    [
      'at a revision, behind another part of its record',
      (b) => b.update(Note, 'a', { text: 'B' }).softDelete(Note, 'a', { ifMatch: 1 }),
      { detail: 'earlier_in_batch', message: expect.stringContaining('softDelete') },
    ],
    [
      'of an entity at a revision, behind another part of its record',
      (b, note) => b.update(Note, 'a', { text: 'B' }).softRemove(note, { ifMatch: 1 }),
      { detail: 'earlier_in_batch', message: expect.stringContaining('softRemove') },
    ],
    [
      'at another revision than it has',
      (b) => b.delete(Note, 'x').restore(Note, 'a', { ifMatch: 99 }),
      { kind: 'conflict' },
    ],
    [
      'before a part that its revision counts for',
      (b) => b.softDelete(Note, 'a').delete(Note, 'a', { ifMatch: 1 }),
      { detail: 'earlier_in_batch' },
    ],
    [
      'of an entity, before a part that its revision counts for',
      (b, note) => b.softRemove(note).delete(Note, 'a', { ifMatch: 1 }),
      { detail: 'earlier_in_batch' },
    ],
  ])('fail the batch %s', async (_, build, expected) => {
    const { manager, control } = await open();
    const note = await loaded(manager, 'a');
    const parts = manager.batch((b) => {
      build(b, note);
    });
    await expect(parts).rejects.toMatchObject({ ...expected, opIndex: 1 });
    expect([control.writes, note.deletedAt]).toEqual([[], undefined]);
  });

  it('in map mode must be the first of their record where it is written whole', async () => {
    const { manager } = await open(Whole);
    const whole = await manager.findOneByOrFail(Whole, { id: 'a' });
    const late = { detail: 'earlier_in_batch', opIndex: 1 };
    const removing = manager.batch((b) => b.update(Whole, 'a', { text: 'B' }).softRemove(whole));
    await expect(removing).rejects.toMatchObject(late);
    const deleting = manager.batch((b) => b.update(Whole, 'a', { text: 'B' }).softDelete(Whole, 'a'));
    await expect(deleting).rejects.toMatchObject(late);
    await manager.batch((b) => b.softRemove(whole).restore(Whole, 'gone'));
    expect((await manager.find(Whole)).map(({ id, text }) => [id, text])).toEqual([['gone', 'G']]);
  });

  it('are refused at once for what they cannot be made of', async () => {
    const { manager, control } = await open();
    const link = manager.create(Link, { slug: 'a' });
    await manager.batch((b) => {
      for (const method of ['softRemove', 'recover'] as const) {
        expect(() => b[method](link)).toThrow(expect.objectContaining({ kind: 'invalid_metadata' }));
        expect(() => b[method](new Note(), { ifMatch: 'x' } as object)).toThrow(
          expect.objectContaining({ kind: 'invalid_options', message: expect.stringContaining(method) }),
        );
      }
      for (const method of ['softDelete', 'restore'] as const) {
        expect(() => b[method](Link, 'a')).toThrow(expect.objectContaining({ kind: 'invalid_metadata' }));
        expect(() => b[method](Note, '')).toThrow(expect.objectContaining({ kind: 'invalid_criteria' }));
        expect(() => b[method](Note, 'a', { ifMatch: 'x' } as object)).toThrow(
          expect.objectContaining({ kind: 'invalid_options', message: expect.stringContaining(method) }),
        );
      }
      b.delete(Note, 'none');
    });
    expect(control.writes).toHaveLength(1);
  });
});

describe('subscribers of writes by slug in a batch', () => {
  const listening = async () => {
    const told: string[] = [];
    let turns = 10;
    // The earlier one is asked, the longer it takes.
    const note = (name: string) => async () => {
      for (let n = turns--; n > 0; n--) await turn();
      told.push(name);
    };
    const subscriber: EntitySubscriberInterface = {
      beforeUpdate: note('beforeUpdate'),
      afterUpdate: note('afterUpdate'),
      beforeRemove: note('beforeRemove'),
      afterRemove: note('afterRemove'),
      beforeSoftRemove: note('beforeSoftRemove'),
      afterSoftRemove: note('afterSoftRemove'),
      beforeRecover: note('beforeRecover'),
      afterRecover: note('afterRecover'),
    };
    const { manager, control } = await open(Note, { subscribers: [subscriber] });
    told.length = 0;
    turns = 10;
    control.before = (method) => method === 'batchWrite' && told.push('sent');
    return { manager, control, told };
  };

  it('are told before it is sent and when it has landed', async () => {
    const { manager, told } = await listening();
    await manager.batch((b) => {
      b.update(Note, 'a', { text: 'B' }).softDelete(Note, 'a').restore(Note, 'gone').delete(Note, 'x');
    });
    const names = ['Update', 'SoftRemove', 'Recover', 'Remove'];
    expect(told).toEqual([
      ...names.map((name) => `before${name}`),
      'sent',
      ...names.map((name) => `after${name}`),
    ]);
  });

  it('hear nothing of what is so already, and nothing after what did not land', async () => {
    const { manager, control, told } = await listening();
    await manager.batch((b) => b.softDelete(Note, 'gone').restore(Note, 'a'));
    expect(told).toEqual([]);
    control.before = (method) => {
      if (method === 'batchWrite') throw new Error('not sent');
    };
    const failing = manager.batch((b) => b.softDelete(Note, 'a').delete(Note, 'x'));
    await expect(failing).rejects.toThrow('not sent');
    expect(told).toEqual(['beforeSoftRemove', 'beforeRemove']);
  });
});

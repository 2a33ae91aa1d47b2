import { DustEntity, Field, Slug, UpdatedAtField, VersionField } from '../../../../src/index.js';
import type { StorageMode } from '../../../../src/metadata/types.js';
import { useDataSources } from '../support.js';

/** A field with an earlier name, and one whose default is applied to records that lack it. */
function defineTask(mode: StorageMode) {
  @DustEntity({ prefix: 'tasks', mode })
  class Task {
    @Slug() id!: string;
    @Field('string', { required: true, from: ['name'] }) title!: string;
    @Field('string') note?: string | null;
    @Field('integer', { required: true, default: 3, applyOnRead: true }) priority!: number;
  }
  return Task;
}

@DustEntity('stamped')
class Stamped {
  @Slug() id!: string;
  @Field('string', { from: ['name'] }) title?: string;
  @UpdatedAtField() changedAt?: Date;
}

@DustEntity('versioned')
class Versioned {
  @Slug() id!: string;
  @Field('string', { from: ['name'] }) title?: string;
  @VersionField() version?: number;
}

const connect = useDataSources();

describe.each(['flat', 'map'] as const)('an entity of an older record in %s mode, not changed', (mode) => {
  const Task = defineTask(mode);
  const loaded = async (record: Record<string, string | number>) => {
    const connected = await connect([Task]);
    const { manager, control, inner } = connected;
    await inner.set('tasks/a', record);
    const tasks = manager.getRepository(Task);
    const task = await tasks.findOneByOrFail({ id: 'a' });
    control.writes.length = 0;
    const stored = async () => (await inner.get('tasks/a'))?.value;
    return { ...connected, tasks, task, stored };
  };

  it('brings it up to date, and stands for what is stored then', async () => {
    const { tasks, task, inner, stored, control } = await loaded({ name: 'Old', note: 'n', priority: 1 });
    await tasks.save(task);
    expect(await stored()).toEqual({ title: 'Old', note: 'n', priority: 1 });
    expect(tasks.revisionOf(task)).toBe((await inner.get('tasks/a'))?.revision);
    const { storeSeq } = await tasks.update('a', { note: 'other' });
    expect(tasks.revisionOf(task)).toBeLessThan(storeSeq!);
    control.writes.length = 0;
    await tasks.save(task);
    expect(control.writes).toEqual([]);
    await tasks.save(Object.assign(task, { title: 'New' }));
    expect(await stored()).toMatchObject({ title: 'New', priority: 1 });
  });

  it('writes nothing when it is gone', async () => {
    const { tasks, task, stored, control } = await loaded({ name: 'Old', priority: 1 });
    await tasks.delete('a');
    control.writes.length = 0;
    expect(await tasks.save(task)).toBe(task);
    expect([control.writes, await stored()]).toEqual([[], undefined]);
  });

  it('writes its default where there is none', async () => {
    const { tasks, task, stored } = await loaded({ title: 'T' });
    expect(task.priority).toBe(3);
    await tasks.save(task);
    expect(await stored()).toEqual({ title: 'T', priority: 3 });
  });

  it('leaves the changes of others alone when its own is none', async () => {
    const { tasks, task, inner, stored, control } = await loaded({ name: 'Old', priority: 1 });
    await inner.set('tasks/a', { title: 'Theirs', priority: 2 });
    control.writes.length = 0;
    await tasks.save(task);
    expect(await stored()).toEqual({ title: 'Theirs', priority: 2 });
    expect(control.writes.length).toBe(mode === 'map' ? 1 : 0);
  });
});

describe('an entity whose record lacks a default', () => {
  const Task = defineTask('flat');
  const loaded = async (select: readonly ('id' | 'title' | 'note' | 'priority')[] | undefined) => {
    const connected = await connect([Task]);
    const { manager, control, inner } = connected;
    await inner.set('tasks/a', { title: 'T', note: 'n' });
    const tasks = manager.getRepository(Task);
    const [found] = await tasks.find(select === undefined ? {} : { select: [...select] });
    control.writes.length = 0;
    const stored = async () => (await inner.get('tasks/a'))?.value;
    return { ...connected, tasks, task: found!, stored };
  };

  describe.each([
    ['loaded whole', undefined],
    ['loaded in part', ['id', 'note', 'priority'] as const],
  ])('%s', (_, select) => {
    it('writes it alone when nothing else has changed', async () => {
      const { tasks, task, stored } = await loaded(select);
      await tasks.save(task);
      expect(await stored()).toEqual({ title: 'T', note: 'n', priority: 3 });
      expect(tasks.revisionOf(task)).toBe(2);
    });

    it('writes it with what has changed', async () => {
      const { tasks, task, stored, control } = await loaded(select);
      await tasks.save(Object.assign(task, { note: 'new' }));
      expect(await stored()).toEqual({ title: 'T', note: 'new', priority: 3 });
      expect(control.writes).toHaveLength(1);
    });

    it('leaves alone what somebody else has written meanwhile', async () => {
      const { tasks, task, inner, stored } = await loaded(select);
      await inner.set('tasks/a/priority', 9);
      await tasks.save(task);
      expect(await stored()).toEqual({ title: 'T', note: 'n', priority: 9 });
      await tasks.save(Object.assign(task, { note: 'new' }));
      expect(await stored()).toEqual({ title: 'T', note: 'new', priority: 9 });
    });

    it('writes it as any other field when it was changed', async () => {
      const { tasks, task, inner, stored } = await loaded(select);
      await inner.set('tasks/a/priority', 9);
      await tasks.save(Object.assign(task, { priority: 4 }));
      expect(await stored()).toEqual({ title: 'T', note: 'n', priority: 4 });
    });
  });

  it.each([{}, { note: 'new' }])('makes no record of a part that has changed by %j', async (change) => {
    const { tasks, task, stored } = await loaded(['id', 'note', 'priority']);
    await tasks.delete('a');
    await expect(tasks.save(Object.assign(task, change))).rejects.toMatchObject({ kind: 'not_found' });
    expect(await stored()).toBeUndefined();
  });

  it('is written by a compare-and-swap as it stands', async () => {
    const { tasks, task, stored } = await loaded(['id', 'note', 'priority']);
    await tasks.save(task, { ifMatch: tasks.revisionOf(task)! });
    expect(await stored()).toEqual({ title: 'T', note: 'n', priority: 3 });
  });
});

it('a change of an entity whose record lacks nothing but that is written as it stands', async () => {
  const Task = defineTask('flat');
  const { manager, inner, control } = await connect([Task]);
  await inner.set('tasks/a', { title: 'T', priority: 1 });
  const task = await manager.findOneByOrFail(Task, { id: 'a' });
  control.writes.length = 0;
  await manager.save(Object.assign(task, { note: 'new' }));
  expect(control.writes).toEqual([['set', 'tasks/a/note', 'new', {}]]);
});

it('a time of change moves with what brings a record up to date, and only then', async () => {
  const { manager, inner, control } = await connect([Stamped]);
  await inner.set('stamped/a', { name: 'Old' });
  const entity = await manager.findOneByOrFail(Stamped, { id: 'a' });
  await manager.save(entity);
  expect(entity.changedAt).toBeInstanceOf(Date);
  expect((await inner.get('stamped/a'))?.value).toEqual({
    title: 'Old',
    changedAt: entity.changedAt?.toISOString(),
  });
  await inner.set('stamped/b', { name: 'Old' });
  const other = await manager.findOneByOrFail(Stamped, { id: 'b' });
  await inner.set('stamped/b', { title: 'Theirs' });
  control.writes.length = 0;
  await manager.save(other);
  expect(control.writes).toEqual([]);
  expect(other.changedAt).toBeUndefined();
});

it('what is written again to say a revision takes nothing away that lies below it', async () => {
  const { manager, inner } = await connect([Versioned, Stamped]);
  await inner.set('versioned/a', { name: 'Old', title: 'New' });
  await inner.set('versioned/a/title/odd', 1);
  const entity = await manager.findOneByOrFail(Versioned, { id: 'a' });
  await manager.save(entity);
  expect((await inner.subtree('versioned/a')).map(({ path }) => path)).toEqual([
    'versioned/a/title',
    'versioned/a/title/odd',
  ]);
  await manager.save(Object.assign(entity, { title: 'Newer' }));
});

it('a version is the one that it was loaded at, also when nothing but the form is to be changed', async () => {
  const { manager, inner } = await connect([Versioned]);
  await inner.set('versioned/a', { name: 'Old' });
  const [mine, theirs] = await Promise.all([1, 2].map(() => manager.findOneByOrFail(Versioned, { id: 'a' })));
  await manager.save(mine!);
  expect((await inner.get('versioned/a'))?.value).toEqual({ title: 'Old' });
  expect(mine!.version).toBe((await inner.get('versioned/a'))?.revision);
  await manager.save(Object.assign(mine!, { title: 'New' }));
  await expect(manager.save(theirs!)).rejects.toMatchObject({
    kind: 'conflict',
    currentRevision: mine!.version,
  });
});

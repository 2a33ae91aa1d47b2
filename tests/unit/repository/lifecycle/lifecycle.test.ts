import { filter, firstValueFrom } from 'rxjs';
import type { EntityManager, EntitySubscriberInterface } from '../../../../src/index.js';
import {
  AfterInsert,
  AfterLoad,
  BeforeInsert,
  BeforeUpdate,
  DeletedAtField,
  DustEntity,
  DustError,
  EventSubscriber,
  Field,
  Slug,
} from '../../../../src/index.js';
import { useDataSources, WRITES } from '../support.js';

@DustEntity('notes')
class Note {
  @Slug() id!: string;
  @Field('string') text?: string;
  @DeletedAtField() deletedAt?: Date | null;
}

@DustEntity('long-notes')
class LongNote extends Note {
  @Field('string') more?: string;
}

@DustEntity('others')
class Other {
  @Slug() id!: string;
  @Field('string') text?: string;
}

const WITHOUT_BATCHES = { atomicBatch: false, batchCheck: false, batchIfAbsent: false };

const connect = useDataSources();

/** Some turns of the loop: longer than anything takes that is not waited for. */
async function aWhile(): Promise<void> {
  for (let i = 0; i < 5; i++) await new Promise(setImmediate);
}

type Work = (manager: EntityManager, note: Note) => Promise<unknown>;

const CASES: readonly [name: string, told: string, work: Work, isDeleted?: boolean][] = [
  ['insert', 'Insert', (manager) => manager.insert(Note, { id: 'b', text: 'B' })],
  ['insertMany', 'Insert', (manager) => manager.insertMany(Note, [{ id: 'b', text: 'B' }])],
  ['save of a new entity', 'Insert', (manager) => manager.save(Note, { id: 'b', text: 'B' })],
  ['save of new entities', 'Insert', (manager) => manager.save(Note, [{ id: 'b', text: 'B' }])],
  ['save of a loaded entity', 'Update', (manager, note) => manager.save(Object.assign(note, { text: 'C' }))],
  ['save of a plain object', 'Update', (manager) => manager.save(Note, { id: 'a', text: 'C' })],
  ['update', 'Update', (manager) => manager.update(Note, 'a', { text: 'C' })],
  ['remove', 'Remove', (manager, note) => manager.remove(note)],
  ['delete', 'Remove', (manager) => manager.delete(Note, 'a')],
  ['softRemove', 'SoftRemove', (manager, note) => manager.softRemove(note)],
  ['softDelete', 'SoftRemove', (manager) => manager.softDelete(Note, 'a')],
  ['recover', 'Recover', (manager, note) => manager.recover(note), true],
  ['restore', 'Recover', (manager) => manager.restore(Note, 'a'), true],
];

describe.each(CASES)('%s', (_, told, work, isDeleted = false) => {
  const connected = async (subscriber: EntitySubscriberInterface) => {
    const { manager, control, dataSource } = await connect([Note]);
    await manager.insert(Note, { id: 'a', text: 'A' });
    if (isDeleted) await manager.softDelete(Note, 'a');
    const note = await manager.findOneOrFail(Note, { where: { id: 'a' }, withDeleted: true });
    control.writes.length = 0;
    dataSource.subscribers.push(subscriber);
    return { manager, control, note };
  };

  it('waits for what comes before it, and for what comes after it', async () => {
    const seen: string[] = [];
    const slowly = (name: string) => async () => {
      seen.push(`${name} begins`);
      await aWhile();
      seen.push(`${name} ends`);
    };
    const { manager, control, note } = await connected({
      [`before${told}`]: slowly('before'),
      [`after${told}`]: slowly('after'),
    });
    control.before = (method) => (WRITES.includes(method) ? seen.push('sent') : undefined);
    await work(manager, note);
    seen.push('done');
    expect(seen).toEqual(['before begins', 'before ends', 'sent', 'after begins', 'after ends', 'done']);
  });

  it('is not sent when what comes before it fails, and nothing comes after it', async () => {
    const after = jest.fn();
    const refused = new RangeError('refused');
    const { manager, control, note } = await connected({
      [`before${told}`]: async () => {
        await aWhile();
        throw refused;
      },
      [`after${told}`]: after,
    });
    const failure: unknown = await work(manager, note).catch((error: unknown) => error);
    expect(failure instanceof DustError ? failure.cause : failure).toBe(refused);
    expect(control.writes).toEqual([]);
    expect(after).not.toHaveBeenCalled();
  });

  it('that fails is followed by nothing', async () => {
    const after = jest.fn();
    const { manager, control, note } = await connected({ [`after${told}`]: after });
    control.before = (method) => {
      if (WRITES.includes(method)) throw new DustError('forbidden', 'no');
    };
    await expect(work(manager, note)).rejects.toMatchObject({ kind: 'forbidden' });
    expect(after).not.toHaveBeenCalled();
  });

  it('fails with what comes after it, and is done', async () => {
    const refused = new RangeError('refused');
    const { manager, control, note } = await connected({
      [`after${told}`]: async () => {
        await aWhile();
        throw refused;
      },
    });
    const failure: unknown = await work(manager, note).catch((error: unknown) => error);
    expect(failure instanceof DustError ? failure.cause : failure).toBe(refused);
    expect(control.writes).toHaveLength(1);
  });
});

describe('several writes of one call', () => {
  it('are followed by all that follows them, whatever one of it throws; the call fails with the first', async () => {
    const { manager, dataSource } = await connect([Note]);
    const told: unknown[] = [];
    dataSource.subscribers.push({
      afterInsert: ({ entityId }) => {
        told.push(entityId);
        if (entityId !== 'a') throw new RangeError(`refused ${entityId}`);
      },
    });
    const notes = ['a', 'b', 'c'].map((id) => ({ id, text: 'T' }));
    await expect(manager.save(Note, notes)).rejects.toThrow('refused b');
    expect(told).toEqual(['a', 'b', 'c']);
    expect(await manager.count(Note)).toBe(3);
  });

  it('fail with what stopped them, and what follows those that had landed is called', async () => {
    const { manager, dataSource, control } = await connect([Note], WITHOUT_BATCHES);
    const told: unknown[] = [];
    dataSource.subscribers.push({
      afterInsert: ({ entityId }) => {
        told.push(entityId);
        throw new RangeError('refused');
      },
    });
    control.before = (method, [path]) => {
      if (WRITES.includes(method) && String(path).startsWith('notes/b')) {
        throw new DustError('forbidden', 'no');
      }
    };
    const notes = [
      { id: 'a', text: 'A' },
      { id: 'b', text: 'B' },
    ];
    await expect(manager.save(Note, notes)).rejects.toMatchObject({ kind: 'forbidden' });
    expect(told).toEqual(['a']);
  });

  it('are told of one after the other, and all of them before anything is sent', async () => {
    const { manager, dataSource, control } = await connect([Note]);
    const seen: string[] = [];
    dataSource.subscribers.push({
      beforeInsert: async ({ entityId }) => {
        seen.push(`${entityId} begins`);
        await aWhile();
        seen.push(`${entityId} ends`);
      },
    });
    control.before = (method) => (WRITES.includes(method) ? seen.push('sent') : undefined);
    await manager.insert(Note, [
      { id: 'a', text: 'T' },
      { id: 'b', text: 'T' },
    ]);
    expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'sent']);
  });
});

describe('those who listen', () => {
  it('are called one after the other, hooks first, each when the one before has come to its end', async () => {
    const seen: string[] = [];
    const slowly = async (name: string): Promise<void> => {
      seen.push(`${name} begins`);
      await aWhile();
      seen.push(`${name} ends`);
    };

    @DustEntity('hooked')
    class Hooked {
      @Slug() id!: string;
      @Field('string') text?: string;
      @BeforeInsert() first(): Promise<void> {
        return slowly('hook');
      }
      @BeforeInsert() second(): void {
        seen.push('another hook');
      }
    }
    const { manager, dataSource } = await connect([Hooked]);
    dataSource.subscribers.push({ beforeInsert: () => slowly('subscriber') });
    dataSource.subscribers.push({ beforeInsert: () => void seen.push('another subscriber') });
    await manager.insert(Hooked, { id: 'a', text: 'T' });
    expect(seen).toEqual([
      'hook begins',
      'hook ends',
      'another hook',
      'subscriber begins',
      'subscriber ends',
      'another subscriber',
    ]);
  });

  it.each<[string, (() => unknown) | undefined, readonly string[]]>([
    ['listenTo', undefined, ['notes', 'long', 'others']],
    ['undefined', () => undefined, ['notes', 'long', 'others']],
    ['null', () => null, ['notes', 'long', 'others']],
    ['Object', () => Object, ['notes', 'long', 'others']],
    ['a class that another one extends', () => Note, ['notes', 'long']],
    ['a class that extends another one', () => LongNote, ['long']],
    ['another class', () => Other, ['others']],
    ['no class at all', () => 'notes', []],
  ])('without or with %s hear of these alone', async (_, listenTo, expected) => {
    const { manager, dataSource } = await connect([Note, LongNote, Other]);
    const heard: unknown[] = [];
    dataSource.subscribers.push({
      ...(listenTo === undefined ? {} : { listenTo: listenTo as () => typeof Note }),
      afterInsert: ({ entityId }: { readonly entityId: string | undefined }) => void heard.push(entityId),
    });
    await manager.insert(Note, { id: 'notes', text: 'T' });
    await manager.insert(LongNote, { id: 'long', text: 'T' });
    await manager.insert(Other, { id: 'others', text: 'T' });
    expect(heard).toEqual(expected);
  });

  it('hear of the class that @EventSubscriber names, unless listenTo names another', async () => {
    const heard: string[] = [];

    @EventSubscriber(Note)
    class OfNotes {
      afterInsert(): void {
        heard.push('declared');
      }
    }

    @EventSubscriber(Note)
    class OfOthers {
      listenTo(): typeof Other {
        return Other;
      }
      afterInsert(): void {
        heard.push('by listenTo');
      }
    }
    const { manager } = await connect([Note, Other], {}, { subscribers: [OfNotes, OfOthers] });
    await manager.insert(Note, { id: 'a', text: 'T' });
    expect(heard).toEqual(['declared']);
    await manager.insert(Other, { id: 'a', text: 'T' });
    expect(heard).toEqual(['declared', 'by listenTo']);
  });

  it('are told by the manager and the metadata what it is about', async () => {
    const { manager, dataSource } = await connect([Note]);
    const [told, loaded]: unknown[][] = [[], []];
    dataSource.subscribers.push({
      beforeInsert: (event) => void told!.push(event),
      afterLoad: (entity, event) => void loaded!.push(entity, event),
    });
    const note = manager.create(Note, { id: 'a', text: 'A' });
    await manager.insert(Note, note);
    const { metadata } = manager.getRepository(Note);
    const about = { manager, metadata };
    expect(told).toEqual([
      { ...about, entity: note, entityId: 'a', databaseEntity: undefined, updatedFields: [] },
    ]);
    const [read] = await manager.find(Note);
    expect(loaded).toEqual([read, { ...about, entity: read }]);
  });

  it('see nothing of what an entity was loaded as that is inserted again', async () => {
    const { manager, dataSource } = await connect([Note]);
    const note = await manager.save(Note, { id: 'a', text: 'A' });
    const told: unknown[] = [];
    dataSource.subscribers.push({ beforeInsert: (event) => void told.push(event) });
    await manager.insert(Note, Object.assign(note, { text: 'B' }));
    expect(told).toMatchObject([{ entity: note, databaseEntity: undefined }]);
  });

  it('are given no slug while there is none', async () => {
    const { manager, dataSource } = await connect([Note]);
    const ids: unknown[] = [];
    dataSource.subscribers.push({
      beforeInsert: ({ entity, entityId }) => {
        ids.push(entityId);
        Reflect.set(entity, 'id', 'made');
      },
      afterInsert: ({ entityId }) => void ids.push(entityId),
      beforeRemove: ({ entity, entityId }) => void ids.push(entity, entityId),
    });
    await manager.insert(Note, { text: 'A' });
    await manager.delete(Note, 'made');
    expect(ids).toEqual([undefined, 'made', undefined, undefined]);
  });

  it('see what a removed entity was loaded as', async () => {
    const { manager, dataSource } = await connect([Note]);
    const before: unknown[] = [];
    const subscriber: EntitySubscriberInterface<Note> = {
      beforeRemove: ({ databaseEntity }) => void before.push(databaseEntity?.text),
      beforeSoftRemove: ({ databaseEntity }) => void before.push(databaseEntity?.text),
    };
    dataSource.subscribers.push(subscriber);
    const note = await manager.save(Note, { id: 'a', text: 'A' });
    note.text = 'changed';
    await manager.softRemove(note);
    await manager.remove(note);
    await manager.insert(Note, { id: 'b', text: 'B' });
    await manager.remove(manager.create(Note, { id: 'b', text: 'mine' }));
    expect(before).toEqual(['A', 'A', undefined]);
  });
});

@DustEntity('shown')
class Shown {
  @Slug() id!: string;
  @Field('string') text?: string;
  shown?: string;
  @AfterLoad() async show(): Promise<void> {
    await aWhile();
    this.shown = `${this.text}!`;
  }
}

describe.each([
  ['a hook', Shown, undefined],
  [
    'a subscriber',
    Note,
    async (entity: object): Promise<void> => {
      await aWhile();
      Object.assign(entity, { shown: `${String(Reflect.get(entity, 'text'))}!` });
    },
  ],
] as const)('afterLoad of %s alone', (_, entity, afterLoad) => {
  const connected = async () => {
    const { manager, dataSource } = await connect([Note, Shown]);
    if (afterLoad !== undefined) dataSource.subscribers.push({ afterLoad });
    return manager.getRepository<Note | Shown>(entity);
  };

  it('is waited for by a read', async () => {
    const repository = await connected();
    await repository.insert({ id: 'a', text: 'A' });
    expect(await repository.find()).toMatchObject([{ shown: 'A!' }]);
  });

  it('is waited for by events and live lists', async () => {
    const repository = await connected();
    const event = firstValueFrom(repository.events());
    const list = firstValueFrom(repository.live().pipe(filter(({ length }) => length > 0)));
    await repository.insert({ id: 'a', text: 'A' });
    expect(await event).toMatchObject({ entity: { shown: 'A!' } });
    expect(await list).toMatchObject([{ shown: 'A!' }]);
  });
});

describe('afterLoad', () => {
  it('is told of nothing that is read for a write by criteria', async () => {
    const { manager, dataSource, control } = await connect([Note]);
    await manager.insert(Note, [
      { id: 'a', text: 'T' },
      { id: 'b', text: 'T' },
    ]);
    const [told, asked]: [jest.Mock, unknown[]] = [jest.fn(), []];
    dataSource.subscribers.push({ afterLoad: told });
    control.before = (method, args) => {
      if (!WRITES.includes(method)) asked.push(args.at(-1));
    };
    await manager.update(Note, { text: 'T' }, { text: 'U' });
    await manager.softDelete(Note, { text: 'U' });
    await manager.restore(Note, { text: 'U' });
    await manager.delete(Note, { text: 'U' });
    expect(told).not.toHaveBeenCalled();
    expect(asked.length).toBeGreaterThan(3);
    for (const options of asked) expect(options).toMatchObject({ forWrite: true });
    expect(await manager.count(Note)).toBe(0);
  });

  it('of one entity waits for nobody else', async () => {
    const { manager, dataSource } = await connect([Note]);
    await manager.insert(Note, [
      { id: 'a', text: 'T' },
      { id: 'b', text: 'T' },
    ]);
    const seen: string[] = [];
    dataSource.subscribers.push({
      afterLoad: async (entity) => {
        const id = String(Reflect.get(entity, 'id'));
        seen.push(`${id} begins`);
        await aWhile();
        seen.push(`${id} ends`);
      },
    });
    await manager.find(Note);
    expect(seen).toEqual(['a begins', 'b begins', 'a ends', 'b ends']);
  });

  it('that throws fails the read, also when others, who are under way, fail later', async () => {
    const { manager, dataSource } = await connect([Note]);
    await manager.insert(Note, [
      { id: 'a', text: 'T' },
      { id: 'b', text: 'T' },
    ]);
    let isOver = false;
    dataSource.subscribers.push({
      afterLoad: (entity) => {
        if (Reflect.get(entity, 'id') === 'b') throw new RangeError('at once');
        return aWhile().then(() => {
          isOver = true;
          throw new RangeError('later');
        });
      },
    });
    await expect(manager.find(Note)).rejects.toThrow('at once');
    while (!isOver) await aWhile();
    await aWhile();
  });
});

it('a hook whose method is meanwhile none is passed over', async () => {
  const called: string[] = [];

  @DustEntity('hooked')
  class Hooked {
    @Slug() id!: string;
    @Field('string') text?: string;
    @BeforeInsert() before(): void {
      called.push('before');
    }
    @AfterInsert() after(): void {
      called.push('after');
    }
    @BeforeUpdate() change(): void {
      called.push('change');
    }
  }
  const { manager } = await connect([Hooked]);
  const hooked = Object.defineProperty(manager.create(Hooked, { id: 'a', text: 'T' }), 'before', {
    value: 'none',
  });
  await manager.insert(Hooked, hooked);
  expect(called).toEqual(['after']);
});

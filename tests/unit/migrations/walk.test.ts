import type { DataSource, MigrationProgress, WalkOptions, WalkResult } from '../../../src/index.js';
import type { Step } from './support.js';
import { FIRST, gate, migration, Note, notes, Tag, useWorld } from './support.js';

const used = useWorld();

async function withNotes(step: Step, count = 10): Promise<DataSource> {
  const dataSource = await used.world.open([migration(FIRST, step, step)]);
  await dataSource.getRepository(Note).insertMany(notes(count));
  return dataSource;
}

/** How often the place of a walk was written, of all writes of the record. */
function placesKept(dataSource: DataSource): { readonly count: () => number } {
  let writes = 0;
  dataSource.transport.watch(`_dust:migrations/${FIRST}`).subscribe(() => (writes += 1));
  // One as it begins, one as it ends.
  return { count: () => writes - 2 };
}

describe('walk', () => {
  it.each<[string, (walk: (...args: never[]) => Promise<unknown>) => Promise<unknown>, string]>([
    [
      'no function',
      (walk) => walk(Note as never, 7 as never),
      'walk: its second argument must be a function',
    ],
    ['an unknown option', (walk) => walk(Note as never, undefined as never, { page: 1 } as never), '"page"'],
    [
      'no page',
      (walk) => walk(Note as never, undefined as never, { pageSize: 0 } as never),
      'pageSize must be',
    ],
    ['no key', (walk) => walk(Note as never, undefined as never, { key: '' } as never), 'key must be'],
    ['no class of the data source', (walk) => walk(class Odd {} as never), 'does not know the entity Odd'],
  ])('refuses %s', async (_, call, message) => {
    const dataSource = await withNotes(({ walk }) => call(walk));
    await expect(dataSource.runMigrations()).rejects.toThrow(message);
  });

  it('has nothing to do in an empty store', async () => {
    const results: WalkResult[] = [];
    const dataSource = await withNotes(async ({ walk }) => {
      results.push(await walk(Note, () => ({ text: 'none' })));
    }, 0);
    await dataSource.runMigrations();
    expect(results).toEqual([{ processed: 0, written: 0 }]);
  });

  it('writes what differs and nothing else', async () => {
    const dataSource = await withNotes(({ walk }) => walk(Note, (note) => ({ text: note.text ?? '' })));
    const { storeSeq } = used.world.store.status();
    await dataSource.runMigrations();
    // The lock and its end; begun, walked, done.
    expect(used.world.store.status().storeSeq).toBe(storeSeq + 5);
  });

  it('sees properties that reads leave out, and keeps them', async () => {
    const dataSource = await withNotes(({ walk }) =>
      walk(Note, (note) => ({ text: `${note.secret ?? ''}!` })),
    );
    const repository = dataSource.getRepository(Note);
    await repository.update('n0001', { secret: 'hidden' });
    await dataSource.runMigrations();
    const found = await repository.findOneOrFail({
      where: { slug: 'n0001' },
      select: ['slug', 'text', 'secret'],
    });
    expect(found).toMatchObject({ text: 'hidden!', secret: 'hidden' });
  });

  it('passes a record that was inserted behind it by, and takes one before it', async () => {
    const seen: string[] = [];
    const step: Step = ({ walk, manager }) =>
      walk(
        Note,
        async (note) => {
          seen.push(note.slug);
          if (note.slug === 'n0001') await manager.insert(Note, [notes(1, 'a')[0]!, notes(1, 'z')[0]!]);
        },
        { pageSize: 2 },
      );
    const dataSource = await withNotes(step, 4);
    await dataSource.runMigrations();
    expect(seen).toEqual(['n0000', 'n0001', 'n0002', 'n0003', 'z0000']);
  });

  it('saves what comes before a record that cannot be saved, and goes on there', async () => {
    let isBroken = true;
    const dataSource = await withNotes(({ walk }) =>
      walk(Note, (note) => {
        note.text = isBroken && note.slug === 'n0004' ? (7 as never) : 'new';
      }),
    );
    await expect(dataSource.runMigrations()).rejects.toMatchObject({
      kind: 'validation',
      message: expect.stringContaining(FIRST),
    });
    expect(await dataSource.migrationStatus()).toMatchObject([
      { state: 'failed', walks: [{ key: 'notes', processed: 4, written: 4, isDone: false }] },
    ]);
    isBroken = false;
    await dataSource.runMigrations();
    expect(await dataSource.migrationStatus()).toMatchObject([
      { state: 'done', walks: [{ processed: 10, written: 10, isDone: true }] },
    ]);
  });

  it('does not go again through what it has passed, in the next run of a migration that failed later', async () => {
    const seen: string[] = [];
    const results: WalkResult[] = [];
    let isBroken = true;
    const dataSource = await withNotes(async ({ walk }) => {
      results.push(await walk(Note, (note) => void seen.push(note.slug)));
      if (isBroken) throw new RangeError('later');
    }, 3);
    await expect(dataSource.runMigrations()).rejects.toThrow('later');
    isBroken = false;
    await dataSource.runMigrations();
    expect(seen).toEqual(['n0000', 'n0001', 'n0002']);
    expect(results).toEqual([
      { processed: 3, written: 0 },
      { processed: 3, written: 0 },
    ]);
  });

  it('begins anew when a migration is undone', async () => {
    const seen: string[] = [];
    const dataSource = await withNotes(({ walk }) => walk(Note, (note) => void seen.push(note.slug)), 2);
    await dataSource.runMigrations();
    await dataSource.undoLastMigration();
    await dataSource.runMigrations();
    expect(seen).toEqual(['n0000', 'n0001', 'n0000', 'n0001', 'n0000', 'n0001']);
  });

  it('has a place of its own for each walk of a migration, also side by side', async () => {
    const step: Step = async ({ walk }) => {
      await Promise.all([
        walk(Note, () => ({ text: 'one' }), { pageSize: 2 }),
        walk(Tag, () => ({ title: 'one' })),
      ]);
      await walk(Note, () => ({ text: 'two' }));
      await walk(Note, undefined, { key: 'my own' });
    };
    const dataSource = await withNotes(step, 5);
    await dataSource.getRepository(Tag).insert({ slug: 'a', title: 'zero' });
    await dataSource.runMigrations();
    const [status] = await dataSource.migrationStatus();
    expect(status!.walks.toSorted((a, b) => (a.key < b.key ? -1 : 1))).toEqual([
      { key: 'my own', processed: 5, written: 0, isDone: true },
      { key: 'notes', processed: 5, written: 5, isDone: true },
      { key: 'notes#2', processed: 5, written: 5, isDone: true },
      { key: 'tags', processed: 1, written: 1, isDone: true },
    ]);
  });

  it('refuses a key that another walk of the migration has', async () => {
    const dataSource = await withNotes(async ({ walk }) => {
      await walk(Note, undefined, { key: 'same' });
      await walk(Note, undefined, { key: 'same' });
    });
    await expect(dataSource.runMigrations()).rejects.toThrow('is that of another walk');
  });

  it.each<[string, WalkOptions, number, number]>([
    ['every so many records', { pageSize: 2, checkpointRecords: 4 }, 0, 6],
    ['every so many milliseconds', { pageSize: 2, checkpointInterval: 30 }, 10, 7],
    ['at its end alone', { pageSize: 2 }, 0, 1],
  ])('keeps its place %s', async (_, options, ms, expected) => {
    const dataSource = await withNotes(
      ({ walk }) => walk(Note, () => used.world.clock.advance(ms), options),
      20,
    );
    const places = placesKept(dataSource);
    await dataSource.runMigrations();
    expect(places.count()).toBe(expected);
  });

  it('tells how many records there are, how fast it goes and what time is left', async () => {
    const told: MigrationProgress[] = [];
    const dataSource = await withNotes(({ walk }) =>
      walk(
        Note,
        async (note) => {
          await used.world.clock.advance(100);
          if (note.slug === 'n0000') note.text = 'new';
        },
        { pageSize: 5 },
      ),
    );
    await dataSource.runMigrations({ onProgress: (progress) => void told.push(progress) });
    const about = { name: FIRST, direction: 'up', stage: 'working', entity: 'Note', total: 10, rate: 10 };
    expect(told.slice(1, -1)).toEqual([
      { ...about, processed: 5, written: 1, timeLeft: 500 },
      { ...about, processed: 10, written: 1, timeLeft: 0 },
    ]);
  });

  it('in a second run counts what the first has passed, and goes by the speed of its own', async () => {
    let stop = new AbortController();
    const dataSource = await withNotes(({ walk }) =>
      walk(
        Note,
        async (note) => {
          await used.world.clock.advance(100);
          if (note.slug === 'n0005') stop.abort();
        },
        { pageSize: 5 },
      ),
    );
    await expect(dataSource.runMigrations({ signal: stop.signal })).rejects.toMatchObject({
      kind: 'aborted',
    });
    stop = new AbortController();
    const told: MigrationProgress[] = [];
    await dataSource.runMigrations({ onProgress: (progress) => void told.push(progress) });
    expect(told[1]).toMatchObject({ processed: 10, total: 10, rate: 10, timeLeft: 0 });
  });

  it('is done with nothing but reading where nobody changes anything, without a function', async () => {
    const results: WalkResult[] = [];
    const dataSource = await withNotes(async ({ walk }) => void results.push(await walk(Note)));
    await dataSource.runMigrations();
    expect(results).toEqual([{ processed: 10, written: 0 }]);
  });

  it('that is called off leaves its migration undone, though that keeps quiet about it', async () => {
    const stop = new AbortController();
    const dataSource = await withNotes(({ walk }) =>
      walk(Note, () => {
        stop.abort();
      }).catch(() => undefined),
    );
    await expect(dataSource.runMigrations({ signal: stop.signal })).rejects.toMatchObject({
      kind: 'aborted',
    });
    expect(await dataSource.migrationStatus()).toMatchObject([{ state: 'interrupted' }]);
  });

  it.each<
    [
      string,
      number,
      (stop: AbortController) => { fn?: (slug: string) => void; told?: (processed: number) => void },
    ]
  >([
    ['within a page', 7, (stop) => ({ fn: (slug) => slug === 'n0006' && stop.abort() })],
    ['at the last record of a page', 5, (stop) => ({ fn: (slug) => slug === 'n0004' && stop.abort() })],
    ['between two pages', 5, (stop) => ({ told: (processed) => processed === 5 && stop.abort() })],
  ])('that is called off %s has kept all that it visited', async (_, visited, makeStop) => {
    const seen: string[] = [];
    const stop = new AbortController();
    const { fn, told } = makeStop(stop);
    const dataSource = await withNotes(({ walk }) =>
      walk(
        Note,
        (note) => {
          seen.push(note.slug);
          fn?.(note.slug);
          return { text: `${note.text}!` };
        },
        { pageSize: 5 },
      ),
    );
    const onProgress = ({ processed }: MigrationProgress): void => told?.(processed ?? 0);
    const run = dataSource.runMigrations({ signal: stop.signal, onProgress });
    await expect(run).rejects.toMatchObject({ kind: 'aborted' });
    expect(seen).toHaveLength(visited);
    expect(await dataSource.migrationStatus()).toMatchObject([
      { state: 'interrupted', walks: [{ processed: visited, written: visited, isDone: false }] },
    ]);
    await dataSource.runMigrations();
    expect(seen).toEqual(notes(10).map(({ slug }) => slug));
    const texts = (await dataSource.getRepository(Note).find()).map(({ text }) => text);
    expect(texts).toEqual(notes(10).map(({ text }) => `${text}!`));
  });

  it('whose data source is destroyed has kept all that it visited', async () => {
    const seen: string[] = [];
    const { open, opened } = gate();
    const step: Step = ({ walk }) =>
      walk(Note, async (note) => {
        seen.push(note.slug);
        if (note.slug === 'n0003') {
          open();
          await Promise.resolve();
        }
      });
    const dataSource = await withNotes(step);
    const run = dataSource.runMigrations();
    run.catch(() => undefined);
    await opened;
    await dataSource.destroy();
    await expect(run).rejects.toMatchObject({ kind: 'aborted' });
    const next = await used.world.open([migration(FIRST, step)]);
    await next.runMigrations();
    expect(seen).toEqual(notes(10).map(({ slug }) => slug));
  });

  it('that its migration does not await fails it, and nothing is left under way', async () => {
    let isAwaited = false;
    const dataSource = await withNotes(async ({ walk }) => {
      const walked = walk(Note, async () => Promise.resolve({ text: 'walked' }), { pageSize: 2 });
      if (isAwaited) await walked;
    });
    await expect(dataSource.runMigrations()).rejects.toMatchObject({
      kind: 'invalid_options',
      detail: 'walk_not_awaited',
      message: expect.stringMatching(new RegExp(`${FIRST}.*walk\\(Note\\).*await`)),
    });
    const [status] = await dataSource.migrationStatus();
    expect(status).toMatchObject({ state: 'failed', error: expect.stringContaining('await') });
    const { storeSeq } = used.world.store.status();
    await new Promise((resolve) => setImmediate(resolve));
    expect(used.world.store.status().storeSeq).toBe(storeSeq);
    isAwaited = true;
    await dataSource.runMigrations();
    expect((await dataSource.getRepository(Note).find()).every(({ text }) => text === 'walked')).toBe(true);
  });

  it('beside one that fails is stopped and its place kept before the failure is recorded', async () => {
    const { open, opened } = gate();
    const dataSource = await withNotes(({ walk }) =>
      Promise.all([
        walk(Note, async (note) => {
          if (note.slug === 'n0003') open();
          await Promise.resolve();
        }),
        walk(Tag, async () => {
          await opened;
          throw new RangeError('no luck');
        }),
      ]),
    );
    await dataSource.getRepository(Tag).insert({ slug: 'a', title: 'b' });
    await expect(dataSource.runMigrations()).rejects.toThrow('no luck');
    const [status] = await dataSource.migrationStatus();
    expect(status).toMatchObject({ state: 'failed', error: 'no luck' });
    expect(status!.walks).toMatchObject([{ key: 'notes', isDone: false }]);
    const { storeSeq } = used.world.store.status();
    await new Promise((resolve) => setImmediate(resolve));
    expect(used.world.store.status().storeSeq).toBe(storeSeq);
  });

  it('that begins when its migration has ended is refused', async () => {
    const late: Promise<unknown>[] = [];
    const { open, opened } = gate();
    const dataSource = await withNotes(({ walk }) => {
      late.push(opened.then(() => walk(Note)));
      return Promise.resolve();
    });
    await dataSource.runMigrations();
    open();
    await expect(late[0]).rejects.toMatchObject({ detail: 'walk_not_awaited' });
  });

  it('that nothing can stop is not waited for without end', async () => {
    const dataSource = await withNotes(({ walk }) => {
      void walk(Note, () => new Promise<void>(() => undefined));
      return Promise.resolve();
    });
    await expect(used.world.passing(dataSource.runMigrations())).rejects.toMatchObject({
      detail: 'walk_not_awaited',
    });
  });

  it('stops when what hears of it throws', async () => {
    const dataSource = await withNotes(({ walk }) => walk(Note, undefined, { pageSize: 2 }));
    const onProgress = ({ processed = 0 }: MigrationProgress): void => {
      if (processed >= 4) throw new RangeError('enough');
    };
    await expect(dataSource.runMigrations({ onProgress })).rejects.toThrow('enough');
    expect(await dataSource.migrationStatus()).toMatchObject([{ walks: [{ processed: 4 }] }]);
  });

  it('goes without comparing where the transport has no atomic batches', async () => {
    const odd = { capabilities: { atomicBatch: false } };
    const dataSource = await used.world.open(
      [migration(FIRST, ({ walk }) => walk(Note, () => ({ text: 'new' })))],
      {},
      odd,
    );
    await (await used.world.open([])).getRepository(Note).insertMany(notes(3));
    await dataSource.runMigrations();
    expect((await dataSource.getRepository(Note).find()).map(({ text }) => text)).toEqual([
      'new',
      'new',
      'new',
    ]);
  });
});

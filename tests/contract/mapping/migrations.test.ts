import type { DataSource, MigrationContext, MigrationInterface } from '../../../src/index.js';
import { DeletedAtField, DustEntity, DustError, Field, Slug } from '../../../src/index.js';
import { describeContract } from '../describe-contract.js';
import type { Note } from '../entities.js';
import { defineNote } from '../entities.js';

/** Milliseconds that no test takes: what must not run out while time is moved on. */
const LONG = 300_000;

/** Of migrations there is one list in a store, and stores are shared: each test has names of its own. */
let tests = 0;

type Step = (context: MigrationContext) => Promise<unknown>;

function migration(name: string, up: Step, down?: Step): MigrationInterface {
  return down === undefined ? { name, up } : { name, up, down };
}

const nothing: Step = () => Promise.resolve();

describeContract('migrations', (context) => {
  let names: { first: string; second: string };
  let entity: ReturnType<typeof defineNote>;

  beforeEach(() => {
    tests += 1;
    const time = 1_700_000_000_000 + tests * 10;
    names = { first: `First${time}`, second: `Second${time + 1}` };
    entity = defineNote(context.uniquePrefix());
  });

  const connect = (...migrations: MigrationInterface[]): Promise<DataSource> =>
    context.connect([entity], { migrations });

  const notes = (count: number): Pick<Note, 'slug' | 'text'>[] =>
    Array.from({ length: count }, (_, i) => ({ slug: `n${String(i).padStart(4, '0')}`, text: `${i}` }));

  /** Moves time on until the work is done: who waits for the right to run migrations looks again after a while. */
  const passing = async <T>(work: Promise<T>): Promise<T> => {
    const other = await context.otherWriter();
    let isDone = false;
    const done = work.finally(() => {
      isDone = true;
    });
    done.catch(() => undefined);
    while (!isDone) {
      await context.clock.advance(20);
      // No faster than the store answers.
      await other.delete('_dust:nothing');
    }
    return done;
  };

  it('run in the order of their time stamps, each once', async () => {
    const calls: string[] = [];
    const noting =
      (name: string): Step =>
      () =>
        Promise.resolve(calls.push(name));
    const dataSource = await connect(
      migration(names.second, noting('second')),
      migration(names.first, noting('first')),
    );
    expect((await dataSource.runMigrations()).map(({ name }) => name)).toEqual([names.first, names.second]);
    expect(await dataSource.runMigrations()).toEqual([]);
    const again = await connect(migration(names.first, noting('again')), migration(names.second, nothing));
    expect(await again.runMigrations()).toEqual([]);
    expect(calls).toEqual(['first', 'second']);
  });

  it('of which one fails are recorded so, and the next run goes on there', async () => {
    const fails = jest.fn().mockRejectedValueOnce(new RangeError('no luck')).mockResolvedValue(undefined);
    const dataSource = await connect(migration(names.first, nothing), migration(names.second, fails));
    await expect(dataSource.runMigrations()).rejects.toThrow(new RangeError('no luck'));
    expect((await dataSource.migrationStatus()).filter(({ isKnown }) => isKnown)).toMatchObject([
      { name: names.first, state: 'done', direction: 'up', attempts: 1 },
      { name: names.second, state: 'failed', direction: 'up', attempts: 1, error: 'no luck' },
    ]);
    expect(await dataSource.showMigrations()).toBe(true);
    expect(await dataSource.runMigrations()).toMatchObject([{ name: names.second }]);
    expect((await dataSource.migrationStatus()).filter(({ isKnown }) => isKnown)).toMatchObject([
      { name: names.first, state: 'done' },
      { name: names.second, state: 'done', attempts: 2 },
    ]);
    expect(await dataSource.showMigrations()).toBe(false);
  });

  it('fail with the kind of a DustError, and the name of the migration', async () => {
    const cause = new DustError('invalid_value', 'The text is too long.', { path: 'notes/a' });
    const dataSource = await connect(migration(names.first, () => Promise.reject(cause)));
    await expect(dataSource.runMigrations()).rejects.toMatchObject({
      name: 'MigrationError',
      kind: 'invalid_value',
      path: 'notes/a',
      migration: names.first,
      direction: 'up',
      cause,
    });
  });

  it('are undone from the last one on, and are pending then', async () => {
    const undone: string[] = [];
    const dataSource = await connect(
      migration(names.first, nothing, () => Promise.resolve(undone.push('first'))),
      migration(names.second, nothing, () => Promise.resolve(undone.push('second'))),
    );
    await dataSource.runMigrations();
    expect(await dataSource.undoLastMigration()).toMatchObject({ name: names.second });
    expect(await dataSource.undoLastMigration()).toMatchObject({ name: names.first });
    expect(undone).toEqual(['second', 'first']);
    expect((await dataSource.migrationStatus()).filter(({ isKnown }) => isKnown)).toMatchObject([
      { name: names.first, state: 'pending' },
      { name: names.second, state: 'pending' },
    ]);
    expect(await dataSource.runMigrations()).toHaveLength(2);
    // Others look for the last one, too.
    await dataSource.undoLastMigration();
    await dataSource.undoLastMigration();
  });

  it('run in one of several processes at a time, and the others see them done', async () => {
    let calls = 0;
    let begin: () => void = () => {};
    const begun = new Promise<void>((resolve) => (begin = resolve));
    let end: () => void = () => {};
    const ended = new Promise<void>((resolve) => (end = resolve));
    const step: Step = async () => {
      calls += 1;
      begin();
      await ended;
    };
    const mine = await connect(migration(names.first, step));
    const theirs = await connect(migration(names.first, step));
    const first = mine.runMigrations({ ttl: LONG });
    await begun;
    const onWait = jest.fn(() => end());
    const second = theirs.runMigrations({ onWait, ttl: LONG });
    expect(await Promise.all([passing(first), passing(second)])).toMatchObject([[{ name: names.first }], []]);
    expect(onWait).toHaveBeenCalledTimes(1);
    expect(onWait).toHaveBeenCalledWith(
      expect.stringContaining(`process ${process.pid}`),
      expect.any(Number),
    );
    expect(calls).toBe(1);
  });

  it('run when the data source is opened, if it is told to', async () => {
    const dataSource = await context.connect([entity], {
      migrationsRun: true,
      migrations: [
        migration(names.first, ({ manager }) => manager.insert(entity, { slug: 'made', text: 'by it' })),
      ],
    });
    expect(await dataSource.getRepository(entity).findOneBy({ slug: 'made' })).toMatchObject({
      text: 'by it',
    });
  });

  it('walk through all records by pages and save what changed', async () => {
    const other = await connect();
    await other.getRepository(entity).insertMany(notes(25));
    const seen: string[] = [];
    const step: Step = async ({ walk }) => {
      const result = await walk(
        entity,
        (note) => {
          seen.push(note.slug);
          if (Number(note.text) % 2 === 0) note.text = `even ${note.text}`;
          return note.slug === 'n0003' ? { text: 'merged' } : undefined;
        },
        { pageSize: 10 },
      );
      expect(result).toEqual({ processed: 25, written: 14 });
    };
    const dataSource = await connect(migration(names.first, step));
    await dataSource.runMigrations();
    expect(seen).toEqual(notes(25).map(({ slug }) => slug));
    const found = await other.getRepository(entity).find();
    expect(found.filter(({ text }) => text?.startsWith('even'))).toHaveLength(13);
    expect(found[3]).toMatchObject({ text: 'merged' });
  });

  it('walk through records that were deleted softly, and those that are not within the default scope', async () => {
    @DustEntity({ prefix: context.uniquePrefix(), defaultScope: { where: { text: 'shown' } } })
    class Hidden {
      @Slug() slug!: string;
      @Field('string') text?: string;
      @DeletedAtField() deletedAt?: Date | null;
    }
    const step: Step = ({ walk }) => walk(Hidden, ({ text }) => ({ text: `${text}!` }));
    const dataSource = await context.connect([Hidden], { migrations: [migration(names.first, step)] });
    const repository = dataSource.getRepository(Hidden);
    await repository.insert([
      { slug: 'a', text: 'shown' },
      { slug: 'b', text: 'shown' },
      { slug: 'c', text: 'other' },
    ]);
    await repository.softDelete('a');
    await dataSource.runMigrations();
    const found = await repository.find({ withDeleted: true, unscoped: true });
    expect(found.map(({ text, deletedAt }) => [text, deletedAt instanceof Date])).toEqual([
      ['shown!', true],
      ['shown!', false],
      ['other!', false],
    ]);
  });

  it('bring records that an older class wrote into the present form, by a walk without a function', async () => {
    const prefix = context.uniquePrefix();
    const old = defineNote(prefix);
    @DustEntity({ prefix, version: 2, upgrade: { 2: ({ text, ...raw }) => ({ ...raw, title: text ?? '' }) } })
    class Titled {
      @Slug() slug!: string;
      @Field('string', { required: true }) title!: string;
    }
    const writer = await context.connect([old]);
    await writer.getRepository(old).insertMany(notes(7));
    const step: Step = async ({ walk }) => {
      expect(await walk(Titled, undefined, { pageSize: 3 })).toEqual({ processed: 8, written: 7 });
    };
    const dataSource = await context.connect([Titled], { migrations: [migration(names.first, step)] });
    await dataSource.getRepository(Titled).insert({ slug: 'new', title: 'of version 2' });
    await dataSource.runMigrations();
    const other = await context.otherWriter();
    const leaves = await other.subtree(prefix.join('/'));
    expect(leaves.filter(({ path }) => path.endsWith('/text'))).toEqual([]);
    expect(leaves.filter(({ path }) => path.endsWith('/_schema')).map(({ value }) => value)).toEqual(
      Array.from({ length: 8 }, () => 2),
    );
  });

  it('leave alone what a walk says no to', async () => {
    const dataSource = await connect(
      migration(names.first, ({ walk }) =>
        walk(entity, (note) => {
          note.text = 'changed';
          return note.slug === 'n0001' ? undefined : false;
        }),
      ),
    );
    const repository = dataSource.getRepository(entity);
    await repository.insertMany(notes(3));
    await dataSource.runMigrations();
    expect((await repository.find()).map(({ text }) => text)).toEqual(['0', 'changed', '2']);
  });

  it('refuse a walk that gives entities another slug', async () => {
    let calls = 0;
    const rename: Step = ({ walk }) =>
      walk(
        entity,
        (note) => {
          if (++calls > 20) throw new RangeError('endless');
          return { slug: `x${note.slug}` };
        },
        { pageSize: 2 },
      );
    const dataSource = await connect(migration(names.first, rename));
    const repository = dataSource.getRepository(entity);
    await repository.insertMany(notes(4));
    await expect(dataSource.runMigrations()).rejects.toMatchObject({
      name: 'MigrationError',
      kind: 'invalid_value',
      detail: 'slug_changed',
      message: expect.stringContaining('"n0000"'),
    });
    expect((await repository.find()).map(({ slug }) => slug)).toEqual(['n0000', 'n0001', 'n0002', 'n0003']);
  });

  it('go on behind the record that a walk stopped before', async () => {
    const seen: string[] = [];
    let isFixed = false;
    const dataSource = await connect(
      migration(names.first, ({ walk }) =>
        walk(
          entity,
          (note) => {
            seen.push(note.slug);
            if (note.slug === 'n0013' && !isFixed) throw new RangeError('odd');
            note.text = `${note.text}!`;
          },
          { pageSize: 5 },
        ),
      ),
    );
    const repository = dataSource.getRepository(entity);
    await repository.insertMany(notes(20));
    await expect(dataSource.runMigrations()).rejects.toThrow(new RangeError('odd'));
    const [status] = (await dataSource.migrationStatus()).filter(({ isKnown }) => isKnown);
    expect(status?.walks).toMatchObject([{ processed: 13, written: 13, isDone: false }]);
    isFixed = true;
    await dataSource.runMigrations();
    expect(seen).toEqual([...notes(14), ...notes(20).slice(13)].map(({ slug }) => slug));
    expect((await repository.find()).map(({ text }) => text)).toEqual(
      notes(20).map(({ text }) => `${text}!`),
    );
    const [done] = (await dataSource.migrationStatus()).filter(({ isKnown }) => isKnown);
    expect(done?.walks).toMatchObject([{ processed: 20, written: 20, isDone: true }]);
  });

  it('do not undo what other writers do to a record while a walk changes it', async () => {
    const other = (await connect()).getRepository(entity);
    await other.insertMany(notes(4));
    const meanwhile = new Map<string, () => Promise<unknown>>([
      ['n0001', () => other.update('n0001', { text: 'theirs' })],
      ['n0002', () => other.delete('n0002')],
    ]);
    const dataSource = await connect(
      migration(names.first, ({ walk }) =>
        walk(entity, async (note) => {
          const change = meanwhile.get(note.slug);
          meanwhile.delete(note.slug);
          await change?.();
          note.text = `${note.text} and mine`;
        }),
      ),
    );
    // A conflict waits a moment.
    await passing(dataSource.runMigrations({ ttl: LONG }));
    expect((await other.find()).map(({ slug, text }) => `${slug}: ${text}`)).toEqual([
      'n0000: 0 and mine',
      'n0001: theirs and mine',
      'n0003: 3 and mine',
    ]);
  });

  it('stop when they are called off, and go on there', async () => {
    const stop = new AbortController();
    const seen: string[] = [];
    const dataSource = await connect(
      migration(names.first, ({ walk }) =>
        walk(
          entity,
          (note) => {
            seen.push(note.slug);
            if (seen.length === 7) stop.abort();
            note.text = 'seen';
          },
          { pageSize: 5 },
        ),
      ),
    );
    await dataSource.getRepository(entity).insertMany(notes(10));
    await expect(dataSource.runMigrations({ signal: stop.signal })).rejects.toMatchObject({
      kind: 'aborted',
    });
    const [status] = (await dataSource.migrationStatus()).filter(({ isKnown }) => isKnown);
    expect(status).toMatchObject({ state: 'interrupted', walks: [{ processed: 7 }] });
    await dataSource.runMigrations();
    expect(seen.slice(7)).toEqual(
      notes(10)
        .map(({ slug }) => slug)
        .slice(7),
    );
  });

  context.itWith(
    'clock',
    'of a process that gave no sign of life are gone on with by another one',
    async () => {
      let resume: () => void = () => {};
      const paused = new Promise<void>((resolve) => (resume = resolve));
      let begin: () => void = () => {};
      const begun = new Promise<void>((resolve) => (begin = resolve));
      // Its clock stands still, and with it its signs of life.
      const frozen = { now: () => context.clock.now(), schedule: () => () => undefined };
      const slow = await context.connect([entity], {
        clock: frozen,
        migrations: [
          migration(names.first, () => {
            begin();
            return paused;
          }),
        ],
      });
      const quick = await connect(migration(names.first, nothing));
      const late = slow.runMigrations({ ttl: 3000 });
      late.catch(() => undefined);
      await begun;
      expect(await passing(quick.runMigrations({ ttl: LONG }))).toMatchObject([{ name: names.first }]);
      resume();
      await expect(late).rejects.toMatchObject({ kind: 'not_held', detail: 'migration_taken_over' });
      expect((await quick.migrationStatus()).filter(({ isKnown }) => isKnown)).toMatchObject([
        { state: 'done', attempts: 2 },
      ]);
    },
  );
});

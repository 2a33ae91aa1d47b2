import type { LogFields, MigrationInterface, MigrationProgress } from '../../../src/index.js';
import { DataSource, silentLogger } from '../../../src/index.js';
import type { Step } from './support.js';
import { FIRST, gate, migration, nothing, Note, notes, SECOND, useWorld } from './support.js';

const used = useWorld();

describe('migrations', () => {
  it('are classes, named by themselves or by a property', async () => {
    class AddText1700000000002 implements MigrationInterface {
      up(): Promise<void> {
        return Promise.resolve();
      }
    }
    class Mangled extends AddText1700000000002 {
      readonly name = 'Named1700000000003';
    }
    const dataSource = new DataSource({
      entities: [Note],
      migrations: [Mangled, AddText1700000000002, migration(FIRST, nothing)],
      logger: silentLogger,
    });
    await dataSource.initialize();
    try {
      expect((await dataSource.runMigrations()).map(({ name, timestamp }) => [name, timestamp])).toEqual([
        [FIRST, 1_700_000_000_000],
        ['AddText1700000000002', 1_700_000_000_002],
        ['Named1700000000003', 1_700_000_000_003],
      ]);
      expect(dataSource.migrations).toHaveLength(3);
      expect(dataSource.migrations[2]).toBeInstanceOf(Mangled);
    } finally {
      await dataSource.destroy();
    }
  });

  it.each<[string, unknown, string]>([
    ['no list', {}, 'migrations must be an array'],
    ['a number', [7], 'migrations[0] must be a class or an object with an up method'],
    ['an object without up', [{ name: FIRST }], 'migrations[0] must be'],
  ])('are refused at once when they are %s', (_, migrations, message) => {
    expect(() => new DataSource({ entities: [Note], migrations: migrations as never })).toThrow(
      expect.objectContaining({ kind: 'invalid_options', message: expect.stringContaining(message) }),
    );
  });

  it.each<[string, readonly unknown[], string]>([
    ['have no time stamp', [migration('AddText', nothing)], 'AddText1700000000000'],
    ['occur twice', [migration(FIRST, nothing), migration(FIRST, nothing)], `two migrations ${FIRST}`],
    ['have no up', [class Without1700000000000 {}], 'has no method up'],
    [
      'cannot be made',
      [
        class Failing1700000000000 {
          up = nothing;
          constructor() {
            throw new RangeError('no luck.');
          }
        },
      ],
      'no luck. A migration',
    ],
    ['are files', ['migrations/*.ts'], 'only the command dust-orm migrate loads'],
  ])('are refused when they are to run and %s', async (_, migrations, message) => {
    const dataSource = await used.world.open(migrations as MigrationInterface[]);
    const refused = { kind: 'invalid_options', message: expect.stringContaining(message) };
    await expect(dataSource.runMigrations()).rejects.toMatchObject(refused);
    await expect(dataSource.migrationStatus()).rejects.toMatchObject(refused);
    expect(() => dataSource.migrations).toThrow(expect.objectContaining(refused));
  });

  it('that are files are refused at once where they are to run with the program', () => {
    const options = { entities: [Note], migrations: ['a.ts'], migrationsRun: true };
    expect(() => new DataSource(options)).toThrow(expect.objectContaining({ detail: 'migration_files' }));
  });

  it('need a data source that is open', async () => {
    const dataSource = used.world.dataSource([migration(FIRST, nothing)]);
    await expect(dataSource.runMigrations()).rejects.toMatchObject({ kind: 'not_initialized' });
    await expect(dataSource.undoLastMigration()).rejects.toMatchObject({ kind: 'not_initialized' });
  });

  it.each([
    [{ transaction: 'all' }, 'There are no transactions'],
    [{ ttl: 0 }, 'ttl must be'],
    [{ fake: 1 }, 'fake must be'],
    [{ onProgress: 1 }, 'onProgress must be'],
  ])('refuse the options %p', async (options, message) => {
    const dataSource = await used.world.open([migration(FIRST, nothing)]);
    const refused = { kind: 'invalid_options', message: expect.stringContaining(message) };
    await expect(dataSource.runMigrations(options as never)).rejects.toMatchObject(refused);
    await expect(dataSource.undoLastMigration(options as never)).rejects.toMatchObject(refused);
  });

  it('are recorded without being called when that is asked for', async () => {
    const step = jest.fn(nothing);
    const dataSource = await used.world.open([migration(FIRST, step)]);
    expect(await dataSource.runMigrations({ fake: true })).toHaveLength(1);
    expect(await dataSource.showMigrations()).toBe(false);
    await dataSource.undoLastMigration({ fake: true });
    expect(await dataSource.showMigrations()).toBe(true);
    expect(step).not.toHaveBeenCalled();
  });

  it('are not locked when there is nothing to do', async () => {
    const dataSource = await used.world.open([migration(FIRST, nothing)]);
    await dataSource.runMigrations();
    const { storeSeq } = used.world.store.status();
    await dataSource.runMigrations();
    expect(used.world.store.status().storeSeq).toBe(storeSeq);
  });

  it('leave nothing but their records', async () => {
    const dataSource = await used.world.open([migration(FIRST, nothing)]);
    await dataSource.runMigrations();
    const leaves = await dataSource.transport.subtree('_dust:migrations');
    expect(leaves.map(({ path }) => path)).toEqual([`_dust:migrations/${FIRST}`]);
    expect(await dataSource.transport.exists('_dust:migrations-lock')).toBe(false);
  });

  it('tell of something else where they are recorded', async () => {
    const dataSource = await used.world.open([migration(FIRST, nothing)]);
    await dataSource.transport.set(`_dust:migrations/${FIRST}`, 7);
    await expect(dataSource.runMigrations()).rejects.toMatchObject({ kind: 'occupied' });
  });

  it('are logged as they begin, end, fail and are shown', async () => {
    const lines: [string, LogFields | undefined][] = [];
    const logger = {
      ...silentLogger,
      info: (message: string, fields?: LogFields) => void lines.push([message, fields]),
      error: (message: string, fields?: LogFields) => void lines.push([message, fields]),
    };
    const fails: Step = () => Promise.reject(new RangeError('no luck'));
    const dataSource = await used.world.open([migration(FIRST, nothing), migration(SECOND, fails)], {
      logger,
      logging: 'info',
    });
    lines.length = 0;
    await dataSource.runMigrations().catch(() => undefined);
    await dataSource.showMigrations();
    expect(lines).toEqual([
      [`migration ${FIRST} (up) begins`, { migration: FIRST, direction: 'up' }],
      [`migration ${FIRST} (up) is done`, { migration: FIRST, direction: 'up' }],
      [`migration ${SECOND} (up) begins`, { migration: SECOND, direction: 'up' }],
      [`migration ${SECOND} failed: no luck`, expect.objectContaining({ migration: SECOND })],
      [`migration ${FIRST}: done`, { migration: FIRST, state: 'done' }],
      [`migration ${SECOND}: failed`, { migration: SECOND, state: 'failed' }],
    ]);
  });

  it('tell how far they are', async () => {
    const told: MigrationProgress[] = [];
    const dataSource = await used.world.open([
      migration(FIRST, async ({ progress }) => {
        progress(3);
        progress(4, 8);
      }),
    ]);
    await dataSource.runMigrations({ onProgress: (progress) => void told.push(progress) });
    const about = { name: FIRST, direction: 'up' };
    expect(told).toEqual([
      { ...about, stage: 'begun' },
      { ...about, stage: 'working', processed: 3 },
      { ...about, stage: 'working', processed: 4, total: 8 },
      { ...about, stage: 'done' },
    ]);
  });
});

describe('undoing', () => {
  it('has nothing to do at first', async () => {
    const dataSource = await used.world.open([migration(FIRST, nothing, nothing)]);
    expect(await dataSource.undoLastMigration()).toBeUndefined();
  });

  it('needs a down, and says so before anything is written', async () => {
    const dataSource = await used.world.open([migration(FIRST, nothing)]);
    await dataSource.runMigrations();
    await expect(dataSource.undoLastMigration()).rejects.toMatchObject({
      kind: 'not_supported',
      detail: 'no_down',
    });
    expect(await dataSource.migrationStatus()).toMatchObject([{ state: 'done' }]);
  });

  it('needs the program that has the last one', async () => {
    const newer = await used.world.open([migration(FIRST, nothing), migration(SECOND, nothing)]);
    await newer.runMigrations();
    const older = await used.world.open([migration(FIRST, nothing, nothing)]);
    await expect(older.undoLastMigration()).rejects.toMatchObject({ detail: 'unknown_migration' });
    expect(await older.migrationStatus()).toMatchObject([
      { name: FIRST, isKnown: true },
      { name: SECOND, isKnown: false, state: 'done' },
    ]);
    expect(await older.showMigrations()).toBe(false);
  });

  it('takes one that failed, too; one that fails to be undone can be done or undone again', async () => {
    let isBroken = true;
    const fails: Step = () => (isBroken ? Promise.reject(new RangeError('broken')) : Promise.resolve());
    const dataSource = await used.world.open([migration(FIRST, fails, fails)]);
    await expect(dataSource.runMigrations()).rejects.toThrow('broken');
    await expect(dataSource.undoLastMigration()).rejects.toThrow('broken');
    expect(await dataSource.migrationStatus()).toMatchObject([{ state: 'failed', direction: 'down' }]);
    isBroken = false;
    expect(await dataSource.runMigrations()).toHaveLength(1);
    await dataSource.undoLastMigration();
    expect(await dataSource.migrationStatus()).toMatchObject([{ state: 'pending' }]);
  });
});

describe('initialize() with migrationsRun', () => {
  it('is not done before they are', async () => {
    const { open, opened } = gate();
    const begun = gate();
    const dataSource = used.world.dataSource(
      [
        migration(FIRST, async () => {
          begun.open();
          await opened;
        }),
      ],
      { migrationsRun: true },
    );
    const opening = dataSource.initialize();
    await begun.opened;
    let isSecondDone = false;
    const second = dataSource.initialize().then(() => (isSecondDone = true));
    await Promise.resolve();
    expect([dataSource.isInitialized, isSecondDone]).toEqual([false, false]);
    open();
    await Promise.all([opening, second]);
    expect(dataSource.isInitialized).toBe(true);
  });

  it('fails as they do, and leaves nothing open', async () => {
    let isBroken = true;
    const dataSource = used.world.dataSource(
      [migration(FIRST, () => (isBroken ? Promise.reject(new RangeError('broken')) : Promise.resolve()))],
      { migrationsRun: true },
    );
    await expect(dataSource.initialize()).rejects.toThrow('broken');
    expect(dataSource.isInitialized).toBe(false);
    await expect(dataSource.getRepository(Note).count()).rejects.toMatchObject({ kind: 'not_initialized' });
    isBroken = false;
    await dataSource.initialize();
    expect(await dataSource.getRepository(Note).count()).toBe(0);
  });

  it('is called off by destroy()', async () => {
    const begun = gate();
    const dataSource = used.world.dataSource(
      [
        migration(FIRST, ({ signal }) => {
          begun.open();
          return new Promise((_, reject) => {
            signal.addEventListener('abort', () => reject(signal.reason as Error));
          });
        }),
      ],
      { migrationsRun: true },
    );
    const opening = dataSource.initialize();
    opening.catch(() => undefined);
    await begun.opened;
    await dataSource.destroy();
    await expect(opening).rejects.toMatchObject({ kind: 'aborted' });
    expect(dataSource.isInitialized).toBe(false);
  });
});

it('destroy() calls a run off, and waits until its place is kept and its lock is given back', async () => {
  const begun = gate();
  const step: Step = ({ walk, signal }) =>
    walk(
      Note,
      async (note) => {
        if (note.slug !== 'n0003') return;
        begun.open();
        await new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason as Error));
        });
      },
      { pageSize: 2 },
    );
  const dataSource = await used.world.open([migration(FIRST, step)]);
  await dataSource.getRepository(Note).insertMany(notes(6));
  const running = dataSource.runMigrations();
  running.catch(() => undefined);
  await begun.opened;
  await dataSource.destroy();
  await expect(running).rejects.toMatchObject({ kind: 'aborted' });
  const next = await used.world.open([migration(FIRST, nothing)]);
  expect(await next.migrationStatus()).toMatchObject([{ state: 'interrupted', walks: [{ processed: 3 }] }]);
  expect(await next.transport.exists('_dust:migrations-lock')).toBe(false);
});

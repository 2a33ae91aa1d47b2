import { rmSync } from 'node:fs';
import type { MigrationContext } from '../../../src/index.js';
import { DataSource, silentLogger } from '../../../src/index.js';
import { Note } from '../records.js';
import type { Drives, World } from '../world.js';
import { refused } from '../world.js';

const make = ({ row }: World, lane: number): DataSource =>
  new DataSource({ ...row.options(lane), entities: [Note], logger: silentLogger });

const MIGRATION = {
  name: 'Walk1700000000000',
  up: ({ walk }: MigrationContext): Promise<unknown> => walk(Note, undefined, { pageSize: 7 }),
  down: ({ walk }: MigrationContext): Promise<unknown> => walk(Note, () => false),
};

const migrated = ({ row }: World, lane: number): Promise<DataSource> =>
  new DataSource({
    ...row.options(lane),
    entities: [Note],
    logger: silentLogger,
    migrations: [MIGRATION],
  }).initialize();

/** The life of a data source, from opening to closing. Each takes a folder or a connection of its own. */
export const LIFE: Drives = {
  initialize: async (world, lane) => {
    const dataSource = make(world, lane);
    await dataSource.initialize();
    await dataSource.initialize();
    await dataSource.destroy();
  },
  destroy: async (world, lane) => {
    const dataSource = await make(world, lane).initialize();
    dataSource.status$.subscribe();
    await dataSource.getRepository(Note).findOneBy({ id: 'nobody' });
    await dataSource.destroy();
    await dataSource.destroy();
  },
  '[Symbol.asyncDispose]': async (world, lane) => {
    const dataSource = await make(world, lane).initialize();
    await dataSource[Symbol.asyncDispose]();
  },
  backup: async (world, lane) => {
    const dataSource = await make(world, lane).initialize();
    const folder = world.row.backups?.(lane);
    const out = folder ?? 'none-backup';
    await (folder === undefined ? refused(dataSource.backup(out), 'not_supported') : dataSource.backup(out));
    rmSync(out, { recursive: true, force: true });
    await refused(dataSource.backup(`${out}/nowhere/at/all`), 'not_supported', 'storage');
    await dataSource.destroy();
  },
  runMigrations: async (world, lane) => {
    const dataSource = await migrated(world, lane);
    // Several lanes may have one store: one of them runs it, and the others wait.
    await dataSource.runMigrations({ ttl: 2000 });
    await dataSource.runMigrations();
    await refused(dataSource.runMigrations({ ttl: 0 }), 'invalid_options');
    await dataSource.destroy();
  },
  undoLastMigration: async (world, lane) => {
    const dataSource = await migrated(world, lane);
    await dataSource.runMigrations({ ttl: 2000 });
    await dataSource.undoLastMigration({ ttl: 2000 });
    await dataSource.destroy();
  },
  endSubscriptions: async (world, lane) => {
    const dataSource = await make(world, lane).initialize();
    dataSource
      .getRepository(Note)
      .live()
      .subscribe({ error: () => undefined });
    dataSource.endSubscriptions();
    await dataSource.destroy();
  },
};

import { Note, Scrap } from '../records.js';
import type { Drives } from '../world.js';
import { refused, slugOf, whereAble } from '../world.js';

/** What only a manager has, by name. */
export const MANAGER: Drives = {
  getRepository: ({ dataSource }) => dataSource.manager.getRepository(Note),
  batch: async ({ dataSource: { manager }, capabilities }, lane, turn) => {
    const scrap = manager.create(Scrap, { id: `b${lane}`, text: `${turn}` });
    await manager.batch((batch) => {
      batch.insert(Scrap, { id: `b${lane}-1`, text: 'x' });
      batch.update(Note, slugOf(lane), { text: `batch ${turn}` });
      batch.save(scrap);
      batch.delete(Scrap, `b${lane}-2`);
    });
    await manager.batch((batch) => batch.remove(scrap));
    const { atomicBatch, batchCounters } = capabilities;
    const changes = manager.batch((batch) =>
      batch
        .increment(Note, slugOf(lane), 'views', 2)
        .decrement(Note, slugOf(lane), 'views', 2)
        .addTo(Note, slugOf(lane), 'tags', 'batch')
        .removeFrom(Note, slugOf(lane), 'tags', 'batch'),
    );
    await whereAble(atomicBatch && batchCounters, changes);
    const failing = manager.batch(() => {
      throw new Error('on purpose');
    });
    await failing.catch(() => undefined);
  },
  /** Outrun once and then not, and each time. */
  retryOnConflict: async ({ dataSource, capabilities, signal }, lane) => {
    if (!capabilities.atomicBatch) return;
    const notes = dataSource.getRepository(Note);
    const change = async (isOutrun: boolean): Promise<void> => {
      const note = await notes.findOneByOrFail({ id: slugOf(lane) });
      if (isOutrun) await notes.update(note.id, { text: 'faster' });
      await notes.update(note.id, { text: 'slower' }, { ifMatch: notes.revisionOf(note) });
    };
    await dataSource.retryOnConflict((_, attempt) => change(attempt === 1), { signal });
    await refused(
      dataSource.manager.retryOnConflict(() => change(true), { attempts: 1, signal }),
      'conflict',
    );
  },
  lease: async ({ dataSource: { manager }, capabilities, signal }, lane) => {
    const key = `leases/${lane}`;
    if (!capabilities.leases) {
      await refused(manager.lease(key), 'not_supported');
      return;
    }
    const lease = await manager.lease(key, { ttl: 60_000, signal });
    await refused(manager.lease(key), 'held');
    await lease.renew();
    await lease[Symbol.asyncDispose]();
    if (await lease.release()) throw new Error('released twice');
  },
  /** Computed, found, waited for, failed and called off. */
  singleFlight: async ({ dataSource: { manager }, capabilities, signal }, lane, turn) => {
    const key = `flights/${lane}`;
    const options = { staleAfter: 0.001, signal };
    const calls = [
      manager.singleFlight(key, () => turn, options),
      manager.singleFlight(key, () => turn, options),
    ];
    await whereAble(capabilities.leases, Promise.all(calls));
    await Promise.allSettled(calls);
    if (turn % 4 === 0) {
      const fails = manager.singleFlight(`${key}-fails`, () => {
        throw new Error('on purpose');
      });
      await fails.catch(() => undefined);
    }
    await refused(
      manager.singleFlight(key, () => turn, { signal: AbortSignal.abort() }),
      'aborted',
    );
  },
};

/** What a data source has beside repositories and manager, while it is open. */
export const DATA_SOURCE: Drives = {
  getRepository: ({ dataSource }) => dataSource.getRepository(Note),
  retryOnConflict: ({ dataSource }) => dataSource.retryOnConflict((manager) => manager),
  hasMetadata: ({ dataSource }) => dataSource.hasMetadata(Note),
  getMetadata: ({ dataSource }) => dataSource.getMetadata(Note),
  entityMetadatas: ({ dataSource }) => dataSource.entityMetadatas,
  isInitialized: ({ dataSource }) => dataSource.isInitialized,
  migrations: ({ dataSource }) => dataSource.migrations,
  migrationStatus: ({ dataSource }) => dataSource.migrationStatus(),
  showMigrations: ({ dataSource }) => dataSource.showMigrations(),
  transport: ({ dataSource }) => dataSource.transport.status(),
  status$: ({ dataSource }) => {
    dataSource.status$.subscribe().unsubscribe();
  },
};

import { openLmdbStorage } from '../../../src/store/lmdb/index.js';
import { rangeBelow } from '../../../src/protocol/paths/order.js';
import { Store } from '../../../src/store/index.js';
import type { StoreStorage } from '../../../src/store/storage.js';
import { useDataFolder } from '../../unit/store/lmdb/data-folder.js';
import { useCompiledStore } from '../compiled-sources.js';
import { randomInts } from '../random-ints.js';
import type { AcknowledgedLeaf, WriterMessage } from './writer-process.js';
import { WriterProcess } from './writer-process.js';

const KILLS = 50;

const compiled = useCompiledStore();
const data = useDataFolder();

/** What the writers were told, over all runs. */
class Ledger {
  readonly leaves: AcknowledgedLeaf[] = [];
  readonly increments = new Map<string, number>();
  acknowledgements = 0;
  lastSeq = 0;

  note(message: WriterMessage): void {
    if (message.type === 'refused') throw new Error(`a writer was refused: ${message.message}`);
    this.acknowledgements++;
    this.leaves.push(...message.leaves);
    const { incremented } = message;
    if (incremented !== undefined) {
      this.increments.set(incremented.path, (this.increments.get(incremented.path) ?? 0) + 1);
    }
    for (const { storeSeq } of incremented === undefined ? message.leaves : [incremented]) {
      this.lastSeq = Math.max(this.lastSeq, storeSeq);
    }
  }
}

/** Acknowledged leaves that are not in the store as they were acknowledged. */
const lostLeaves = (store: Store, leaves: readonly AcknowledgedLeaf[]) =>
  leaves.filter(({ path, value, storeSeq }) => {
    const found = store.get(path);
    return found?.value !== value || found.revision !== storeSeq;
  });

/** Batches below `path` of which the store holds some leaves but not all. Each leaf's value is the size of its batch. */
const tornBatches = (storage: StoreStorage, path: string) => {
  const sizes = new Map<string, { readonly expected: unknown; found: number }>();
  for (const { path: leaf, value } of storage.leaves.range(rangeBelow(path))) {
    const key = leaf.slice(0, leaf.lastIndexOf('/'));
    const batch = sizes.get(key) ?? { expected: value, found: 0 };
    batch.found++;
    sizes.set(key, batch);
  }
  return [...sizes].filter(([, { expected, found }]) => found !== expected);
};

/** Seqs of the log that do not follow on the one before, and operations whose leaf says otherwise. */
const logFaults = (storage: StoreStorage) => {
  const operations = [...storage.log.since(0)];
  const { storeSeq } = storage.readCounters();
  const firstSeq = storeSeq - operations.length + 1;
  return operations.filter(
    (operation, i) =>
      operation.storeSeq !== firstSeq + i ||
      (operation.op === 'set' && storage.leaves.get(operation.path)?.revision !== operation.storeSeq),
  );
};

describe('a durable store whose writer is killed', () => {
  it(`loses no acknowledged write in ${KILLS} kills`, async () => {
    const random = randomInts(20_240_229);
    const ledger = new Ledger();
    for (let run = 1; run <= KILLS; run++) {
      const writer = new WriterProcess(compiled.folder, data.path, run);
      try {
        await writer.message(1 + random(200));
      } finally {
        await writer.kill();
      }
      const known = ledger.leaves.length;
      for (const message of writer.messages) ledger.note(message);

      const storage = await openLmdbStorage({ path: data.path });
      const store = new Store({ storage });
      try {
        expect(storage.readCounters().storeSeq).toBeGreaterThanOrEqual(ledger.lastSeq);
        const isLast = run === KILLS;
        expect(lostLeaves(store, ledger.leaves.slice(isLast ? 0 : known))).toEqual([]);
        expect(tornBatches(storage, isLast ? 'batch' : `batch/${run}`)).toEqual([]);
        expect(logFaults(storage)).toEqual([]);
        for (const [path, acknowledged] of ledger.increments) {
          const counted = Number(store.get(path)?.value);
          expect(counted).toBeGreaterThanOrEqual(acknowledged);
          expect(counted).toBeLessThanOrEqual(acknowledged + run);
        }
      } finally {
        await store.close();
      }
    }
    expect(ledger.acknowledgements).toBeGreaterThan(KILLS * 40);
  }, 120_000);
});

import type { Registry } from 'prom-client';
import { Pattern } from '../../protocol/paths/pattern.js';
import { OPERATION_KINDS } from '../../protocol/requests/operation.js';
import type { Store } from '../../store/index.js';
import type { Looks } from './looks.js';
import type { Prometheus, Sample } from './prometheus.js';
import { addCounter, addGauge } from './prometheus.js';

const EVERYTHING = Pattern.parse('**');

type Stores = ReadonlyMap<string, Store>;

/** Adds what is known of the stores. Returns what ends the watch over their commits. */
export function addStoreMetrics(
  prometheus: Prometheus,
  registry: Registry,
  { stores, looks }: { readonly stores: Stores; readonly looks: Looks },
): () => void {
  const readable = looks.once(
    () =>
      new Map(
        [...stores].filter(([, store]) =>
          passes(() => {
            store.probe();
          }),
        ),
      ),
  );
  for (const { name, help, read, ofUnreadable = false } of READINGS) {
    const samples = (): readonly Sample[] => samplesOf(ofUnreadable ? stores : readable(), read);
    addGauge(prometheus, registry, { name, help, labels: ['store'], samples });
  }
  return addOperationCounter(prometheus, registry, stores);
}

const READINGS: readonly {
  readonly name: string;
  readonly help: string;
  readonly read: (store: Store) => number | undefined;
  /** Whether it is told of a store that cannot be read, too. A data file that is gone still answers from memory. Default false. */
  readonly ofUnreadable?: boolean;
}[] = [
  {
    name: 'dust_store_seq',
    help: 'The seq of the last operation.',
    read: (store) => store.status().storeSeq,
  },
  {
    name: 'dust_store_snapshot_seq',
    help: 'The seq of the last compaction.',
    read: (store) => store.status().snapshotSeq,
  },
  {
    name: 'dust_store_log_operations',
    help: 'Operations that the log keeps.',
    read: (store) => store.status().operationCount,
  },
  { name: 'dust_store_leaves', help: 'Leaves.', read: (store) => store.size().leafCount },
  {
    name: 'dust_store_file_bytes',
    help: 'Bytes of the contents of files.',
    read: (store) => store.size().fileBytes,
  },
  {
    name: 'dust_store_disk_bytes',
    help: 'Bytes on the disk, those kept for later use included; 0 in memory.',
    read: (store) => store.size().storedBytes,
  },
  {
    name: 'dust_store_lmdb_readers',
    help: 'Slots of the table of readers of the data file that are taken.',
    read: (store) => store.condition().readers,
  },
  {
    name: 'dust_store_readable',
    help: '1 while the store can be read and is up to date, as /readyz asks; else 0.',
    read: (store) =>
      passes(() => {
        store.assertCurrent();
      })
        ? 1
        : 0,
    ofUnreadable: true,
  },
  {
    name: 'dust_cluster_lag_seconds',
    help: 'How long ago this copy of the store was all that the log of the cluster had.',
    read: (store) => {
      const { lag } = store.condition();
      return lag === undefined ? undefined : lag / 1000;
    },
    ofUnreadable: true,
  },
];

function passes(check: () => void): boolean {
  try {
    check();
    return true;
  } catch {
    return false;
  }
}

/** A store that cannot be read has no sample, and hides no other. */
function samplesOf(stores: Stores, read: (store: Store) => number | undefined): readonly Sample[] {
  return [...stores].flatMap(([store, each]) => {
    try {
      const value = read(each);
      return value === undefined ? [] : [[{ store }, value] as const];
    } catch {
      return [];
    }
  });
}

function addOperationCounter(prometheus: Prometheus, registry: Registry, stores: Stores): () => void {
  const counts = new Map<string, Map<string, number>>();
  const ends = [...stores].map(([name, store]) => {
    const byKind = new Map<string, number>(OPERATION_KINDS.map((kind) => [kind, 0]));
    counts.set(name, byKind);
    return store.watch(EVERYTHING, ({ operations }) => {
      for (const { op } of operations) byKind.set(op, (byKind.get(op) ?? 0) + 1);
    });
  });
  addCounter(prometheus, registry, {
    name: 'dust_operations_total',
    help: 'Operations that were committed, by whomever, since the server listens.',
    labels: ['store', 'kind'],
    samples: () =>
      [...counts].flatMap(([store, byKind]) =>
        [...byKind].map(([kind, count]): Sample => [{ store, kind }, count]),
      ),
  });
  return () => {
    for (const end of ends) end();
  };
}

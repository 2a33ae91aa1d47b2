import { ClusterNode } from '../../../src/cluster/cluster-node.js';
import type { LogEntry, ReplicatedLog } from '../../../src/cluster/log/replicated-log.js';
import { MemoryLog } from '../../../src/cluster/logs/memory/memory-log.js';
import { upgradeCluster } from '../../../src/cluster/observe/index.js';
import { defaultClusterParts } from '../../../src/cluster/parts.js';
import { silentLogger } from '../../../src/logging.js';
import type { IndexDefinition } from '../../../src/protocol/values/record-access.js';
import { Store, createMemoryStorage } from '../../../src/store/index.js';
import { TestClock } from '../../../src/testing/test-clock.js';
import { refusalOf } from '../../unit/store/open-store.js';
import type { RecordedLog } from './replay.js';
import { standingOf } from './replay.js';

const UNIQUE: IndexDefinition = { prefix: 'r', parts: [{ path: 'u', type: 'string' }], unique: true };

/** What is to be recorded. */
export interface Recording {
  readonly about: string;
  readonly level: number;
  /** When the log says that it took an entry in. Default when it did. */
  readonly timeOf?: ((entry: LogEntry) => number) | undefined;
}

/**
 * Has two nodes do everything that a log can hold, by a clock that moves on, and records the log. To be kept for each level before a
 * version is released that writes it: DUST_RECORD_CLUSTER=level-3 npx jest tests/conformance/cluster-logs --selectProjects define
 */
export async function record({ about, level, timeOf = ({ time }) => time }: Recording): Promise<RecordedLog> {
  const time = new TestClock();
  const memory = new MemoryLog({ clock: time });
  const clock = new TestClock();
  const nodes: ClusterNode[] = [];
  const storage = createMemoryStorage();
  const stores = ['one', 'other'].map(
    (name, i) =>
      new Store({
        storage: i === 0 ? storage : createMemoryStorage(),
        order: (copy) => {
          const parts = { ...defaultClusterParts, knownLevel: level };
          const node = new ClusterNode(
            copy,
            { log: dated(memory.connect(), timeOf), clock, logger: silentLogger, name },
            parts,
          );
          nodes.push(node);
          return node;
        },
      }),
  );
  const [one, other] = stores as [Store, Store];
  try {
    for (const store of stores) await work(store, one, other, time);
    if (level > 1) await upgradeCluster(memory.connect(), { level, knownLevel: level });
    // What was taken in already, and arrives once more.
    memory.append(memory.read(3, 1)[0]!.bytes);
    await nodes[0]!.snapshot();
    await time.advance(700_000);
    for (const store of stores) await work(store, other, one, time);
    // None of it is so new that it has to be kept.
    await time.advance(700_000);
    await one.write({ op: 'increment', path: 'n', value: 1 });
    await time.advance(700_000);
    await one.compact({ keep: 3 });
    for (const store of stores) await store.barrier();
    await one.barrier();
    const frames = memory
      .read(1, Infinity)
      .map((entry) => ({ time: timeOf(entry), text: new TextDecoder().decode(entry.bytes) }));
    await nodeAt(nodes[0]!, frames.length);
    return { about, frames, standing: standingOf(storage, nodes[0]!) };
  } finally {
    for (const store of stores) await store.close();
  }
}

/** The same log, whose entries are dated in another way. */
function dated(log: ReplicatedLog, timeOf: (entry: LogEntry) => number): ReplicatedLog {
  const read = log.read.bind(log);
  return Object.assign(log, {
    read: async (...args: Parameters<typeof read>) =>
      (await read(...args)).map((entry) => ({ ...entry, time: timeOf(entry) })),
  });
}

async function nodeAt(node: ClusterNode, position: number): Promise<void> {
  while (node.mark.position < position) await new Promise((resolve) => setImmediate(resolve));
}

async function work(on: Store, one: Store, other: Store, time: TestClock): Promise<void> {
  const deviceId = 'recorder';
  await Promise.all([
    on.write({ op: 'set', path: 'a/b', value: { c: 1, d: [1, 'x', null], e: 0.5 }, deviceId }),
    one.write({ op: 'increment', path: 'n', value: 2 }),
    other.write({ op: 'increment', path: 'n', value: 3 }),
    one.write({ op: 'add', path: 'tags', value: 'x' }),
    other.write({ op: 'add', path: 'tags', value: 'y' }),
  ]);
  await time.advance(1234);
  const { storeSeq } = await on.write({
    op: 'set',
    path: 'v',
    value: 'first',
    clientOpId: `v-${time.now()}`,
  });
  await on.write({ op: 'set', path: 'v', value: 'again', clientOpId: `v-${time.now()}` });
  await refusalOf(one.write({ op: 'set', path: 'v', value: 1, ifMatch: storeSeq - 1 }));
  await refusalOf(other.write({ op: 'set', path: 'v', value: 1, ifAbsent: true }));
  await on.writeBatch({
    operations: [
      { op: 'merge', path: 'a/b', value: { c: 2, f: true } },
      { op: 'remove', path: 'tags', value: 'x' },
      { op: 'delete', path: 'a/b/d' },
    ],
  });
  await refusalOf(on.writeBatch({ operations: [{ op: 'check', path: 'v', revision: 1 }] }));
  const { token } = await one.lease({ path: 'lock', ttl: 1000, holder: 'one' });
  await refusalOf(other.lease({ path: 'lock', ttl: 1000 }));
  await one.write({ op: 'set', path: 'fenced', value: token, fence: { key: 'lock', token } });
  await time.advance(800);
  await one.renew({ path: 'lock', token, ttl: 1000 });
  await time.advance(1500);
  await refusalOf(one.write({ op: 'set', path: 'fenced', value: 0, fence: { key: 'lock', token } }));
  const next = await other.lease({ path: 'lock', ttl: 1000 });
  await other.release({ path: 'lock', token: next.token });
  await on.putFile({ path: 'f', content: new TextEncoder().encode('content'), filename: 'a.txt' });
  await on.keepIndexes('r', [UNIQUE]);
  await one.write({ op: 'set', path: 'r/1', value: { u: 'x', t: 'é' } });
  await refusalOf(other.write({ op: 'set', path: 'r/2', value: { u: 'x' } }));
  await other.dropIndex('r', UNIQUE);
  await other.write({ op: 'set', path: 'r/2', value: { u: 'x' } });
  await one.write({ op: 'delete', path: 'r/2' });
  await on.rollback({ toSeq: storeSeq, path: 'a' });
  await refusalOf(on.rollback({ toSeq: Number.MAX_SAFE_INTEGER }));
  await on.compact({ keep: 5 });
}

import { ClusterNode } from '../../../src/cluster/cluster-node.js';
import { MemoryLog } from '../../../src/cluster/logs/memory/memory-log.js';
import { silentLogger } from '../../../src/logging.js';
import { Store, createMemoryStorage } from '../../../src/store/index.js';

interface Member {
  readonly store: Store;
  readonly node: ClusterNode;
}

function join(log: MemoryLog): Member {
  let node: ClusterNode | undefined;
  const store = new Store({
    storage: createMemoryStorage(),
    order: (copy) => (node = new ClusterNode(copy, { log: log.connect(), logger: silentLogger })),
  });
  return { store, node: node! };
}

describe('three nodes over one log', () => {
  it('come to the same store, and each increment counts once', async () => {
    const log = new MemoryLog();
    const members = [join(log), join(log), join(log)];
    await Promise.all(
      members.flatMap(({ store }) =>
        Array.from({ length: 50 }, () => store.write({ op: 'increment', path: 'counters/a', value: 1 })),
      ),
    );
    for (const { store } of members) await store.barrier();
    expect(members.map(({ store }) => store.get('counters/a')?.value)).toEqual([150, 150, 150]);
    expect(new Set(members.map(({ store }) => store.status().storeSeq))).toEqual(new Set([150]));
    for (const { store } of members) await store.close();
  });

  it('agree on who was first, whoever asked', async () => {
    const log = new MemoryLog();
    const members = [join(log), join(log), join(log)];
    const tries = await Promise.allSettled(
      members.map(({ store }, i) => store.write({ op: 'set', path: 'a', value: i, ifAbsent: true })),
    );
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const { store } of members) await store.close();
  });
});

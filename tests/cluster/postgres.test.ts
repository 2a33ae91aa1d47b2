import { ClusterNode } from '../../src/cluster/cluster-node.js';
import { openPostgresLog } from '../../src/cluster/logs/postgres/postgres-log.js';
import { Store, createMemoryStorage } from '../../src/store/index.js';

it('works over PostgreSQL', async () => {
  const members = await Promise.all(
    [1, 2, 3].map(async () => {
      const log = await openPostgresLog({ url: 'postgres://postgres@127.0.0.1:55432/postgres', store: 'acme/a' });
      return new Store({ storage: createMemoryStorage(), order: (copy) => new ClusterNode(copy, { log }) });
    }),
  );
  const started = performance.now();
  await Promise.all(
    members.flatMap((store) =>
      Array.from({ length: 500 }, () => store.write({ op: 'increment', path: 'counters/a', value: 1 })),
    ),
  );
  console.log('1500 increments', performance.now() - started);
  for (const store of members) await store.barrier();
  console.log(members.map((store) => store.get('counters/a')?.value));
  const { hash } = await members[0]!.putFile({ path: 'f', content: Buffer.alloc(3_000_000, 7), filename: 'a.bin' });
  await members[1]!.barrier();
  expect((await members[1]!.file(hash))?.content.byteLength).toBe(3_000_000);
  for (const store of members) await store.close();
});

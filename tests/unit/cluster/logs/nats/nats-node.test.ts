import { ClusterNode } from '../../../../../src/cluster/cluster-node.js';
import { openNatsLog } from '../../../../../src/cluster/logs/nats/index.js';
import { namesOf } from '../../../../../src/cluster/logs/nats/names.js';
import { silentLogger } from '../../../../../src/logging.js';
import type { StoreStorage } from '../../../../../src/store/index.js';
import { Store, createMemoryStorage } from '../../../../../src/store/index.js';
import { TestClock } from '../../../../../src/testing/test-clock.js';
import { goOn } from '../../model/turns.js';
import { FakeNats } from './fake-nats.js';

const STORE = 'acme/app';
const { stream } = namesOf(STORE).log;

interface World {
  readonly node: ClusterNode;
  readonly store: Store;
  readonly clock: TestClock;
}

async function open(nats: FakeNats, storage: StoreStorage): Promise<World> {
  const clock = new TestClock();
  const log = await openNatsLog({ url: 'nats://one', store: STORE, driver: nats, clock });
  let node: ClusterNode | undefined;
  const order = (copy: ConstructorParameters<typeof ClusterNode>[0]): ClusterNode =>
    (node = new ClusterNode(copy, { log, clock, logger: silentLogger, random: () => 1 }));
  const store = new Store({ storage, order });
  return { node: node!, store, clock };
}

it('a node that begins beside a leader which is behind waits for half a minute before it halts', async () => {
  const nats = new FakeNats();
  const storage = { ...createMemoryStorage(), close: () => Promise.resolve() };
  const first = await open(nats, storage);
  await first.store.write({ op: 'set', path: 'a', value: 1 });
  await first.store.close();

  nats.fateOf = (asked) =>
    asked === `$JS.API.STREAM.INFO.${stream}`
      ? { config: nats.streams.get(stream)!.config, state: { messages: 0, first_seq: 0, last_seq: 0 } }
      : undefined;
  const { node, store, clock } = await open(nats, storage);
  await goOn(20);
  for (let seconds = 0; seconds < 29; seconds++) {
    await clock.advance(1_000);
    await goOn(20);
  }
  expect(node.state).toMatchObject({ name: 'following', position: 1 });
  nats.fateOf = () => undefined;
  await clock.advance(2_000);
  await goOn(20);
  expect(node.state).toMatchObject({ name: 'following', lag: expect.any(Number) });
  await store.close();
});

it('a node whose log has lost what it applied halts', async () => {
  const nats = new FakeNats();
  const { node, store, clock } = await open(nats, createMemoryStorage());
  await store.write({ op: 'set', path: 'a', value: 1 });
  const held = nats.streams.get(stream)!;
  held.messages = [];
  held.last = 0;
  for (let seconds = 0; seconds < 40; seconds++) {
    await clock.advance(1_000);
    await goOn(20);
  }
  expect(node.state).toMatchObject({ name: 'halted', cause: { detail: 'log_shorter' } });
  await store.close();
});

import { requestAborted, untilAborted } from '../../../../src/abort-listener.js';
import { ClusterNode } from '../../../../src/cluster/cluster-node.js';
import type { ReplicatedLog } from '../../../../src/cluster/log/replicated-log.js';
import { MemoryLog } from '../../../../src/cluster/logs/memory/memory-log.js';
import { defaultClusterParts } from '../../../../src/cluster/parts.js';
import { observe, upgradeCluster } from '../../../../src/cluster/observe/index.js';
import { silentLogger } from '../../../../src/logging.js';
import type { StoreStorage } from '../../../../src/store/index.js';
import { Store, createMemoryStorage } from '../../../../src/store/index.js';
import { EmbeddedTransport } from '../../../../src/transport/embedded/index.js';
import { TestClock } from '../../../../src/testing/test-clock.js';
import { refusalOf } from '../../store/open-store.js';
import { goOn } from '../model/turns.js';

interface Running {
  readonly store: Store;
  readonly node: ClusterNode;
  readonly clock: TestClock;
  readonly storage: StoreStorage;
}

describe('the members of a cluster', () => {
  let time: TestClock;
  let memory: MemoryLog;
  let running: Running[];

  /** Begins a node that understands levels up to `knownLevel`. */
  function begin(
    name: string,
    { knownLevel = 1, storage = createMemoryStorage(), log = memory.connect() }: Begin = {},
  ): Running {
    const clock = new TestClock();
    let node: ClusterNode | undefined;
    const store = new Store({
      storage,
      order: (copy) =>
        (node = new ClusterNode(
          copy,
          { log, clock, logger: silentLogger, name },
          { ...defaultClusterParts, knownLevel },
        )),
    });
    const one = { store, node: node!, clock, storage };
    running.push(one);
    return one;
  }

  interface Begin {
    readonly knownLevel?: number;
    readonly storage?: StoreStorage;
    readonly log?: ReplicatedLog;
  }

  async function end(one: Running): Promise<void> {
    running = running.filter((other) => other !== one);
    await one.store.close();
  }

  /** Its last word is not taken in, and nobody waits for it for long. */
  async function endUnheard(one: Running): Promise<void> {
    const ending = end(one);
    await goOn(5);
    await one.clock.advance(1000);
    await ending;
  }

  /** A connection that takes nothing in while `isAway` says so. */
  function failing(isAway: () => boolean): ReplicatedLog {
    const connection = memory.connect();
    const append: ReplicatedLog['append'] = (bytes, options = {}) =>
      isAway()
        ? untilAborted(new Promise<number>(() => undefined), options.signal, requestAborted)
        : Reflect.apply(appended, connection, [bytes, options]);
    const { append: appended } = connection;
    return Object.assign(connection, { append });
  }

  const membersOf = ({ node }: Running): string[] => node.mark.members.map(({ name }) => name).sort();

  beforeEach(() => {
    time = new TestClock();
    memory = new MemoryLog({ clock: time });
    running = [];
  });

  afterEach(async () => {
    for (const { store } of running) await store.close();
  });

  it('make themselves known when they begin, and are forgotten when they end', async () => {
    const [one, other] = [begin('one'), begin('other')];
    await one.store.barrier();
    await other.store.barrier();
    expect(membersOf(one)).toEqual(['one', 'other']);
    expect(other.node.mark).toEqual(one.node.mark);
    await end(other);
    await one.store.barrier();
    expect(membersOf(one)).toEqual(['one']);
  });

  it('are told by each store, and by the status of its transport', async () => {
    const [one, other] = [begin('one'), begin('other')];
    await one.store.barrier();
    await other.store.barrier();
    const known = { level: 1, position: 0, heardAt: time.now() };
    const named = (self: string) =>
      ['one', 'other'].map((name) => ({
        ...known,
        name,
        isSelf: name === self,
        position: expect.any(Number),
      }));
    expect(one.store.members).toEqual(expect.arrayContaining(named('one')));
    expect(other.store.members).toEqual(expect.arrayContaining(named('other')));
    const transport = new EmbeddedTransport({ store: other.store });
    await transport.connect();
    expect((await transport.status()).members).toEqual(other.store.members);
    await transport.close();
    const alone = new Store({ storage: createMemoryStorage() });
    expect(alone.members).toBeUndefined();
    await alone.close();
  });

  it('tell every 30 seconds how far they have come', async () => {
    const one = begin('one');
    await one.store.write({ op: 'set', path: 'a', value: 1 });
    expect(one.node.mark.members).toMatchObject([{ name: 'one', level: 1, position: 0 }]);
    const { position } = one.node.mark;
    await time.advance(1000);
    await one.clock.advance(30_000);
    await goOn(5);
    expect(one.node.mark.members).toMatchObject([{ position, time: time.now() }]);
  });

  it('are forgotten when they were silent for five minutes', async () => {
    const one = begin('one');
    let isDead = false;
    const other = begin('other', { log: failing(() => isDead) });
    await one.store.barrier();
    await other.store.barrier();
    isDead = true;
    for (let i = 0; i < 9; i++) {
      await time.advance(30_000);
      await one.clock.advance(30_000);
      await goOn(5);
    }
    expect(membersOf(one)).toEqual(['one', 'other']);
    await time.advance(30_000);
    await one.clock.advance(30_000);
    await goOn(5);
    expect(membersOf(one)).toEqual(['one']);
    await endUnheard(other);
  });

  it('close while the log is away', async () => {
    const one = begin('one', { log: failing(() => true) });
    await goOn();
    await endUnheard(one);
  });

  describe('of different versions', () => {
    it('go on together until the upgrade, which waits until all understand it', async () => {
      const [old, young] = [begin('old'), begin('young', { knownLevel: 2 })];
      await old.store.write({ op: 'set', path: 'a', value: 1 });
      await young.store.write({ op: 'set', path: 'b', value: 1 });
      const refused = await refusalOf(upgradeCluster(memory.connect(), { level: 2, knownLevel: 2 }));
      expect(refused).toMatchObject({ kind: 'conflict', detail: 'members_behind' });
      expect(refused.message).toContain('old (level 1)');
      await old.store.write({ op: 'set', path: 'c', value: 1 });
      await end(old);
      expect(await upgradeCluster(memory.connect(), { level: 2, knownLevel: 2 })).toBe(2);
      await young.store.write({ op: 'set', path: 'd', value: 1 });
      expect(young.node.mark.level).toBe(2);
      expect((await observe(memory.connect(), { knownLevel: 2 })).level).toBe(2);
    });

    it('an old one that was away halts at the upgrade, before it, and goes on as a new one', async () => {
      const old = begin('old');
      const storage = createMemoryStorage();
      Object.assign(storage, { close: () => Promise.resolve() });
      const away = begin('away', { storage });
      await away.store.barrier();
      const { position } = away.node.mark;
      await end(away);
      await end(old);
      const young = begin('young', { knownLevel: 2 });
      await young.store.barrier();
      await upgradeCluster(memory.connect(), { level: 2, knownLevel: 2 });
      await young.store.write({ op: 'set', path: 'a', value: 2 });
      const late = begin('away', { storage });
      expect(await refusalOf(late.store.barrier())).toMatchObject({ kind: 'storage', detail: 'halted' });
      expect(late.node.state).toMatchObject({ name: 'halted', cause: { detail: 'unknown_level' } });
      expect(late.node.mark.position).toBeGreaterThanOrEqual(position);
      expect(late.node.mark.level).toBe(1);
      await end(late);
      const upgraded = begin('away', { storage, knownLevel: 2 });
      await upgraded.store.barrier();
      expect(upgraded.store.get('a')).toMatchObject({ value: 2 });
      await end(upgraded);
      // What has gone beyond the upgrade is not opened by an old one.
      expect(() => begin('away', { storage })).toThrow(expect.objectContaining({ detail: 'unknown_level' }));
    });

    it('one that dies without a word no longer stands in the way after five minutes', async () => {
      const connection = memory.connect();
      const old = begin('old', { log: connection });
      await old.store.barrier();
      await connection.close();
      expect(await refusalOf(upgradeCluster(memory.connect(), { level: 2, knownLevel: 2 }))).toMatchObject({
        detail: 'members_behind',
      });
      await time.advance(300_000);
      expect(await upgradeCluster(memory.connect(), { level: 2, knownLevel: 2 })).toBe(2);
      await endUnheard(old);
    });

    it('a level that is reached already stays', async () => {
      await begin('one').store.barrier();
      expect(await upgradeCluster(memory.connect(), { level: 1, knownLevel: 1 })).toBe(1);
    });
  });
});

import { ClusterNode } from '../../src/cluster/cluster-node.js';
import type { ReplicatedLog } from '../../src/cluster/log/replicated-log.js';
import { silentLogger } from '../../src/logging.js';
import { Store, createMemoryStorage } from '../../src/store/index.js';

/** A server of a test's own that orders the writes of nodes. */
export interface EngineOfTest {
  /** A new connection to the log of a store. */
  open(store: string): Promise<ReplicatedLog>;
  /** Ends it without warning, and begins it again with its data. */
  killAndBegin(): Promise<void>;
  remove(): Promise<void>;
}

/** `count` writes at once. */
export const times = (count: number, write: () => Promise<unknown>): Promise<unknown>[] =>
  Array.from({ length: count }, write);

/** Nodes that a test has begun, to be ended by {@link close}. */
export class Nodes {
  readonly #open: (store: string) => Promise<ReplicatedLog>;
  readonly #writeTimeout: number | undefined;
  readonly #stores: Store[] = [];

  /** @param writeTimeout how long writes wait for their outcome, in milliseconds. Default a node's own */
  constructor(open: (store: string) => Promise<ReplicatedLog>, writeTimeout?: number) {
    this.#open = open;
    this.#writeTimeout = writeTimeout;
  }

  async join(store = 'acme/app'): Promise<Store> {
    const log = await this.#open(store);
    const joined = new Store({
      storage: createMemoryStorage(),
      order: (copy) => new ClusterNode(copy, { log, logger: silentLogger, writeTimeout: this.#writeTimeout }),
    });
    this.#stores.push(joined);
    return joined;
  }

  async close(): Promise<void> {
    for (const store of this.#stores.splice(0)) await store.close();
  }
}

/** What nodes do over every engine. */
export function describeNodes(name: string, start: () => Promise<EngineOfTest>): void {
  describe(`nodes over ${name}`, () => {
    let engine: EngineOfTest;
    const nodes = new Nodes((store) => engine.open(store));
    const join = (store?: string): Promise<Store> => nodes.join(store);

    beforeAll(async () => {
      engine = await start();
    }, 120_000);

    afterEach(() => nodes.close());

    afterAll(() => engine.remove());

    it('begin at once on an empty log, and count each increment of each node', async () => {
      const all = await Promise.all([join(), join(), join()]);
      const writes = all.map((node) =>
        times(100, () => node.write({ op: 'increment', path: 'counters/a', value: 1 })),
      );
      await Promise.all(writes.flat());
      for (const node of all) await node.barrier();
      expect(all.map((node) => node.get('counters/a')?.value)).toEqual([300, 300, 300]);
    });

    it('read what was written before they began', async () => {
      const first = await join('acme/late');
      await first.write({ op: 'set', path: 'a', value: { b: 1 } });
      const late = await join('acme/late');
      await late.barrier();
      expect(late.get('a/b')).toMatchObject({ value: 1, revision: 1 });
      expect(late.status()).toEqual(first.status());
    });

    it('keep the logs of stores apart', async () => {
      const [one, other] = [await join('acme/one'), await join('acme/other')];
      await one.write({ op: 'set', path: 'a', value: 1 });
      await other.barrier();
      expect(other.get('a')).toBeNull();
    });

    it('give each other files, in parts', async () => {
      const [one, other] = [await join(), await join()];
      const content = Buffer.alloc(2_500_000, 'dust');
      const { hash } = await one.putFile({
        path: 'files/a',
        content,
        filename: 'a.txt',
        contentType: 'text/plain',
      });
      await other.barrier();
      const file = await other.file(hash);
      expect(file).toMatchObject({ filename: 'a.txt', contentType: 'text/plain' });
      expect(Buffer.from(file?.content ?? []).equals(content)).toBe(true);
      expect(await other.file('sha256:none')).toBeNull();
    });

    it('go on when the server was killed and began again, and lose nothing', async () => {
      const [one, other] = [await join('acme/killed'), await join('acme/killed')];
      const before = times(50, () => one.write({ op: 'increment', path: 'n', value: 1 }));
      await Promise.all(before);
      const during = times(50, () => one.write({ op: 'increment', path: 'n', value: 1 }));
      await engine.killAndBegin();
      await Promise.all(during);
      await other.barrier();
      expect(other.get('n')?.value).toBe(100);
    });
  });
}

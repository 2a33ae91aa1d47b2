import type { Clock } from '../../../../src/clock.js';
import type { IndexDefinition } from '../../../../src/protocol/values/record-access.js';
import { Store, createMemoryStorage } from '../../../../src/store/index.js';
import { TestClock } from '../../../../src/testing/index.js';
import { FailingTransport } from '../../../../src/testing/failing-transport.js';
import { PlannedFailures } from '../../../../src/testing/planned-failures.js';
import { ClaimingTransport, surveyClaims } from '../../../../src/transport/claims/index.js';
import { EmbeddedTransport } from '../../../../src/transport/embedded/index.js';
import type { RequestMethod } from '../../../../src/transport/forwarding-transport.js';
import { ForwardingTransport } from '../../../../src/transport/forwarding-transport.js';
import type {
  BatchOperation,
  BatchReceipt,
  Transport,
  TransportCapabilities,
  WriteOptions,
} from '../../../../src/transport/transport.js';

export const EMAIL: IndexDefinition = {
  prefix: 'users',
  parts: [{ path: 'email', type: 'string' }],
  unique: true,
};
export const COUNT: IndexDefinition = {
  prefix: 'users',
  parts: [{ path: 'count', type: 'number', absent: 0 }],
  unique: true,
};

/** A way to a store that can do what one to a server of version 0.1 can, and notes what it is asked. */
export class OldWay extends ForwardingTransport {
  protected readonly way: Transport;
  readonly asked: string[] = [];
  /** What a request waits for before it is made. */
  gate: ((method: RequestMethod) => Promise<void>) | undefined;
  #changes: Partial<TransportCapabilities>;

  constructor(way: Transport, changes: Partial<TransportCapabilities>) {
    super();
    this.way = way;
    this.#changes = changes;
  }

  override get capabilities(): TransportCapabilities {
    return {
      ...super.capabilities,
      batchIfAbsent: false,
      batchMerge: false,
      batchCounters: false,
      batchCheck: false,
      uniqueIndexes: false,
      ...this.#changes,
    };
  }

  change(changes: Partial<TransportCapabilities>): void {
    this.#changes = changes;
  }

  override useIndexes(): Promise<void> {
    return Promise.resolve();
  }

  /** A server of version 0.1 takes no notice of \`ifAbsent\` in a batch. */
  override batchWrite(operations: readonly BatchOperation[], options?: WriteOptions): Promise<BatchReceipt> {
    const taken = operations.map((operation): BatchOperation =>
      operation.op === 'set' ? { ...operation, ifAbsent: false } : operation,
    );
    return super.batchWrite(taken, options);
  }

  protected override async run<T>(
    method: RequestMethod,
    request: (way: Transport) => Promise<T>,
  ): Promise<T> {
    this.asked.push(method);
    await this.gate?.(method);
    return super.run(method, request);
  }
}

/** One client of a scene. */
export interface ClaimingClient {
  readonly claiming: ClaimingTransport;
  readonly old: OldWay;
  readonly failures: PlannedFailures;
  /** Writes a record with this e-mail. */
  insert(slug: string, email: string): Promise<unknown>;
}

/** A store and clients that keep its values unique by claims. Time moves when it is told to. */
export class ClaimScene {
  readonly clock = new TestClock();
  readonly store = new Store({ storage: createMemoryStorage(), clock: this.clock });
  readonly #closing: (() => Promise<void>)[] = [];

  async client(
    definitions: readonly IndexDefinition[] = [EMAIL],
    changes: Partial<TransportCapabilities> = {},
    clock: Clock = this.clock,
  ): Promise<ClaimingClient> {
    const old = new OldWay(new EmbeddedTransport({ store: this.store }), changes);
    const failures = new PlannedFailures();
    const claiming = new ClaimingTransport({ way: new FailingTransport(old, failures), clock });
    this.#closing.push(() => claiming.close());
    await claiming.connect();
    await claiming.useIndexes('users', definitions);
    old.asked.length = 0;
    return {
      claiming,
      old,
      failures,
      insert: (slug, email) => claiming.set(`users/${slug}`, { email, note: 'n' }),
    };
  }

  /** The claims as they lie there: where, and whose. */
  get claims(): Record<string, unknown> {
    return Object.fromEntries(this.store.subtree('_dust:unique').map(({ path, value }) => [path, value]));
  }

  emailOf(slug: string): unknown {
    return this.store.get(`users/${slug}/email`)?.value;
  }

  survey(definitions: readonly IndexDefinition[] = [EMAIL]) {
    const way = new EmbeddedTransport({ store: this.store });
    return way.connect().then(() => surveyClaims(way, 'users', definitions));
  }

  /** Time goes on until the work is settled. */
  async whileTimePasses<T>(work: readonly Promise<T>[]): Promise<PromiseSettledResult<T>[]> {
    const all = Promise.allSettled(work);
    let isSettled = false;
    void all.then(() => {
      isSettled = true;
    });
    while (!isSettled) await this.clock.advance(10);
    return all;
  }

  async close(): Promise<void> {
    for (const close of this.#closing.splice(0)) await close();
    await this.store.close();
  }
}

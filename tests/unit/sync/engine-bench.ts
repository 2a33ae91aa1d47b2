import { setImmediate as settled } from 'node:timers/promises';
import { silentLogger } from '../../../src/logging.js';
import type { Path } from '../../../src/protocol/paths/path.js';
import { parsePath } from '../../../src/protocol/paths/path.js';
import type { JsonObject, JsonValue, Leaf } from '../../../src/protocol/values/value.js';
import type { OperationKind } from '../../../src/protocol/requests/operation.js';
import type { WireJoinReply } from '../../../src/protocol/wire/frames.js';
import type { StoreStorage } from '../../../src/store/index.js';
import { createMemoryStorage } from '../../../src/store/index.js';
import { SyncEngine } from '../../../src/sync/index.js';
import type {
  Link,
  LinkEnd,
  LinkHandlers,
  Linker,
  PushReply,
  SyncEngineOptions,
} from '../../../src/sync/index.js';
import { TestClock } from '../../../src/testing/test-clock.js';

interface Push {
  readonly event: string;
  readonly payload: Readonly<Record<string, any>>;
  readonly reply: (reply: PushReply) => void;
}

/** A link whose other end is the test. */
export class FakeLink implements Link {
  readonly pushes: Push[] = [];
  readonly #handlers: LinkHandlers;
  joinedFrom: number | undefined;
  /** What it was told of being held back. */
  readonly held: boolean[] = [];
  isClosed = false;
  #onJoined: ((reply: WireJoinReply) => void) | undefined;

  constructor(handlers: LinkHandlers) {
    this.#handlers = handlers;
  }

  join(lastStoreSeq: number): Promise<WireJoinReply> {
    this.joinedFrom = lastStoreSeq;
    return new Promise((resolve) => {
      this.#onJoined = resolve;
    });
  }

  push(event: string, payload: JsonObject): Promise<PushReply> {
    return new Promise((resolve) => {
      this.pushes.push({ event, payload, reply: resolve });
      if (event === 'ack_seq') resolve({ status: 'ok', response: {} });
    });
  }

  hold(isHeld: boolean): void {
    this.held.push(isHeld);
  }

  close(): void {
    this.isClosed = true;
  }

  /** The writes among the pushes. */
  get writes(): Push[] {
    return this.pushes.filter(({ event }) => event === 'write');
  }

  accept(storeSeq: number): void {
    const permissions = { read: true, write: true };
    const store_access = { mode: 'all', store_ids: [] };
    this.#onJoined?.({
      store_seq: storeSeq,
      capver: 3,
      capver_min: 3,
      permissions,
      scopes: [],
      store_access,
    });
  }

  say(event: string, payload: unknown): void {
    if (!this.isClosed) this.#handlers.onMessage(event, payload);
  }

  event(
    store_seq: number,
    op: OperationKind,
    path: Path,
    value: JsonValue = null,
    client_op_id = `c${store_seq}`,
  ): void {
    const path_segments = parsePath(path);
    this.say('event', { store_seq, op, path, path_segments, value, device_id: 'other', client_op_id });
  }

  complete(through_seq: number): void {
    this.say('catch_up_complete', { through_seq });
  }

  end(end: LinkEnd = { kind: 'lost', reason: 'test' }): void {
    this.#handlers.onEnd(end);
  }
}

/** An engine whose server, clock and dice are the test's. */
export class EngineBench {
  readonly clock = new TestClock(0);
  readonly links: FakeLink[] = [];
  readonly storage: StoreStorage;
  readonly engine: SyncEngine;
  /** What the reader answers; a failure when undefined. */
  readable: Map<Path, Leaf> | undefined = new Map();
  reads = 0;

  constructor(options: Partial<SyncEngineOptions> = {}) {
    this.storage = options.storage ?? createMemoryStorage();
    const linker: Linker = {
      open: (handlers) => {
        const link = new FakeLink(handlers);
        this.links.push(link);
        return link;
      },
    };
    let dice = 1;
    this.engine = new SyncEngine({
      store: 'acme/main',
      linker,
      reader: {
        getMany: (paths) => {
          this.reads++;
          if (this.readable === undefined) return Promise.reject(new Error('no route'));
          const found = paths.flatMap((path): [Path, Leaf][] => {
            const leaf = this.readable?.get(path);
            return leaf === undefined ? [] : [[path, leaf]];
          });
          return Promise.resolve(new Map(found));
        },
      },
      deviceId: 'me',
      clock: this.clock,
      logger: silentLogger,
      random: () => (dice = (dice * 48_271) % 0x7fff_ffff) / 0x7fff_ffff,
      ...options,
      storage: this.storage,
    });
  }

  /** The link opened last. */
  get link(): FakeLink {
    return this.links.at(-1)!;
  }

  /** Joins and catches up with a store that has nothing the engine lacks. */
  async goLive(storeSeq = 0): Promise<FakeLink> {
    void this.engine.start().catch(() => undefined);
    await this.catchUp(storeSeq);
    return this.link;
  }

  async catchUp(storeSeq: number): Promise<void> {
    this.link.accept(storeSeq);
    await settled();
    this.link.complete(storeSeq);
    await settled();
  }

  /** Waits for the next connection. */
  async reconnect(): Promise<FakeLink> {
    const before = this.links.length;
    for (let tries = 0; this.links.length === before && tries < 200; tries++) await this.clock.advance(500);
    return this.link;
  }

  /** The leaves of the mirror as `path=value@revision`. */
  leaves(): string[] {
    return [...this.storage.leaves.range({})].map(
      ({ path, value, revision }) => `${path}=${JSON.stringify(value)}@${revision}`,
    );
  }

  async close(): Promise<void> {
    const closed = this.engine.close();
    await this.clock.advance(6000);
    await closed;
  }
}

/** Lets everything settle that needs no time. */
export const calm = async (): Promise<void> => {
  await settled();
  await settled();
};
export const ok = (response: JsonObject): PushReply => ({ status: 'ok', response });
export const refused = (reason: string, more: JsonObject = {}): PushReply => ({
  status: 'error',
  response: { reason, ...more },
});

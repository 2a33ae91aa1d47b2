import type { WireSnapshot, WireWrite } from '../../../../src/protocol/wire/frames.js';
import { jsonEquals } from '../../../../src/protocol/values/json.js';
import { toWireEvent } from '../../../../src/protocol/wire/frames.js';
import type { CommittedOperation } from '../../../../src/protocol/requests/operation.js';
import type { PushReply } from '../../../../src/sync/connection/link.js';
import type { SimulatedServer } from './server.js';
import { BUSY, LIMITED } from './server-load.js';
import { wrapped } from './wire-writes.js';

/** What a client sends. A reply carries its `ref`. */
export interface Push {
  readonly ref: number;
  readonly event: string;
  readonly payload: any;
}

/** What a server sends. */
export type Said =
  | { readonly kind: 'reply'; readonly ref: number; readonly reply: PushReply }
  | { readonly kind: 'message'; readonly event: string; readonly payload: unknown };

/** How a channel process ends. */
export interface ChannelEnd {
  readonly reason: string;
  readonly isCrash: boolean;
  readonly clientOpId?: string;
}

/** The way back to the client. */
export interface ChannelEars {
  hear(said: Said): void;
  /** The channel process has ended: died of something it was sent, perhaps of this write. */
  ended(end: ChannelEnd): void;
}

/**
 * The server's process behind one connection. It works off its mailbox one message at a time, and goes on doing so when
 * the connection is gone (PROTOCOL §5.5).
 */
export class ServerChannel {
  readonly #server: SimulatedServer;
  readonly #deviceId: string;
  readonly #slowness: number;
  readonly #mailbox: (() => Promise<void> | void)[] = [];
  #ears: ChannelEars | undefined;
  #isBusy = false;
  #isAlive = true;
  /** Which join counts: an older one's messages go nowhere. */
  #joins = 0;

  constructor(server: SimulatedServer, deviceId: string, ears: ChannelEars) {
    this.#server = server;
    this.#deviceId = deviceId;
    this.#ears = ears;
    const { chance, step } = server.pace.slow;
    this.#slowness = server.random.chance(chance) ? step : 0;
    server.began(this);
  }

  receive({ ref, event, payload }: Push): void {
    if (event === 'phx_join') {
      // A second join ends the process of the first one, with all that waited for it (PROTOCOL §5.10).
      this.#dropMailbox();
      const join = ++this.#joins;
      this.#enqueue(() => this.#join(ref, payload.last_store_seq, join));
    } else if (event === 'write') {
      this.#enqueue(() => this.#write(ref, payload));
    } else if (event === 'status') {
      this.#enqueue(() => this.#reply(ref, { status: 'ok', response: this.#server.status() }));
    } else if (event === 'ack_seq') {
      this.#enqueue(() => this.#reply(ref, { status: 'ok', response: {} }));
    } else if (event === 'ack_seq') {
      this.#enqueue(() => this.#reply(ref, { status: 'ok', response: {} }));
    }
  }

  /** Sends a live event. */
  tell(operation: CommittedOperation): void {
    const { load } = this.#server;
    if (load?.canTell(this.#deviceId, operation.clientOpId) === false) this.dieOf({});
    this.#hear({ kind: 'message', event: 'event', payload: toWireEvent(this.#server.told(operation)) });
  }

  /** The connection is gone; what was received is not. */
  detach(): void {
    this.#ears = undefined;
    this.#server.unsubscribe(this);
  }

  /** The process dies of something that it was sent. */
  dieOf(more: { readonly clientOpId?: string }): void {
    this.crash({ reason: 'the server ended the channel (phx_error)', isCrash: true, ...more });
  }

  /** The process dies with its mailbox; `end` is what the client hears. */
  crash(end: ChannelEnd): void {
    this.#isAlive = false;
    this.#dropMailbox();
    const ears = this.#ears;
    this.detach();
    ears?.ended(end);
  }

  #enqueue(work: () => Promise<void> | void, isFirst = false): void {
    if (!this.#isAlive) return;
    this.#server.waiting++;
    if (isFirst) this.#mailbox.unshift(work);
    else this.#mailbox.push(work);
    this.#next();
  }

  #dropMailbox(): void {
    this.#server.waiting -= this.#mailbox.length;
    this.#mailbox.length = 0;
  }

  #next(): void {
    if (this.#isBusy || this.#mailbox.length === 0) return;
    this.#isBusy = true;
    const { random, pace } = this.#server;
    this.#after(random.int(0, pace.step + this.#lag), async () => {
      const work = this.#mailbox.shift();
      if (work !== undefined) {
        await work();
        this.#server.waiting--;
      }
      this.#isBusy = false;
      this.#next();
    });
  }

  #join(ref: number, lastStoreSeq: number, join: number): void {
    const server = this.#server;
    if (this.#ears !== undefined) server.subscribe(this);
    const response = {
      store_seq: server.seq,
      capver: 3,
      capver_min: 3,
      permissions: { read: true, write: true },
      scopes: ['read', 'write'],
      store_access: { mode: 'all', store_ids: [] },
    };
    this.#reply(ref, { status: 'ok', response });
    const snapshot = server.snapshotFor(lastStoreSeq);
    if (snapshot !== undefined) this.#hear({ kind: 'message', event: 'snapshot', payload: toWire(snapshot) });
    this.#catchUp(snapshot?.seq ?? lastStoreSeq, join);
  }

  /** One page now, the next ones as messages to itself. */
  #catchUp(seq: number, join: number): void {
    if (join !== this.#joins) return;
    const { history, pace } = this.#server;
    const page = history.page(seq, pace.page);
    for (const operation of page) {
      this.tell(operation);
      const committed = history.operations[operation.storeSeq - 1]?.operation;
      if (!jsonEquals(committed?.value ?? null, operation.value)) {
        this.#server.trace.add('server', 'wrong value', operation);
      }
    }
    const through = page.at(-1)?.storeSeq ?? seq;
    if (page.length < pace.page) {
      this.#hear({ kind: 'message', event: 'catch_up_complete', payload: { through_seq: through } });
      return;
    }
    const next = (): void => {
      this.#catchUp(through, join);
    };
    this.#enqueue(next, !pace.interleaves);
  }

  async #write(ref: number, write: WireWrite): Promise<void> {
    const server = this.#server;
    if (server.isReadOnly) {
      await this.#wait(20);
      if (this.#isAlive) await this.#write(ref, write);
      return;
    }
    if (server.random.chance(server.pace.limited)) {
      this.#reply(ref, { status: 'error', response: { reason: 'rate_limited', retry_after_ms: 50 } });
      return;
    }
    const { load } = server;
    switch (load?.fateOf(write, this.#deviceId)) {
      case 'crash':
        server.trace.add('server', 'dies of a write', write.client_op_id);
        this.dieOf({ clientOpId: write.client_op_id });
        return;
      case 'limited':
        this.#reply(ref, LIMITED);
        return;
      case 'late':
        this.#reply(ref, BUSY);
        this.#commitLater(write);
        return;
      default:
    }
    const { reply, committed } = await server.write(write, this.#deviceId);
    this.#traceCommit(committed, this.#ears === undefined ? 'late commit' : 'commit');
    await this.#wait(server.random.int(0, server.pace.broadcast + this.#lag));
    if (!this.#isAlive) return;
    for (const operation of committed) server.broadcast(operation);
    this.#reply(ref, reply);
  }

  /** The writer had no time, and does it all the same. Nobody is told of it (PROTOCOL §8). */
  #commitLater(write: WireWrite): void {
    const server = this.#server;
    server.waiting++;
    server.load?.stall();
    void server.write(write, this.#deviceId).then(({ committed }) => {
      this.#traceCommit(committed, 'commit of a busy writer');
      server.waiting--;
    });
  }

  #traceCommit(committed: readonly CommittedOperation[], what: string): void {
    for (const { storeSeq: seq, op, path, value, clientOpId: by } of committed) {
      this.#server.trace.add('server', what, { seq, op, path, value, by });
    }
  }

  #reply(ref: number, reply: PushReply): void {
    this.#hear({ kind: 'reply', ref, reply });
  }

  /** How much longer everything takes on a slow channel, until the run goes quiet. */
  get #lag(): number {
    return this.#server.pace.slow.chance > 0 ? this.#slowness : 0;
  }

  #hear(said: Said): void {
    this.#ears?.hear(said);
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#server.scheduler.schedule(resolve, ms);
    });
  }

  #after(ms: number, work: () => Promise<void>): void {
    this.#server.scheduler.schedule(() => {
      if (this.#isAlive) void work();
    }, ms);
  }
}

function toWire({
  seq,
  entries,
}: {
  readonly seq: number;
  readonly entries: readonly { path: string; value: any; type: any }[];
}): WireSnapshot {
  const wire = entries.map(({ path, value, type }) => [path, { value: wrapped(value), type }] as const);
  return { snapshot_seq: seq, entries: Object.fromEntries(wire) };
}

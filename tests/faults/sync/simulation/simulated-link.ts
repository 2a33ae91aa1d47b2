import type { Link, LinkEnd, LinkHandlers, PushReply } from '../../../../src/sync/connection/link.js';
import type { JsonObject } from '../../../../src/protocol/values/value.js';
import type { WireEvent, WireJoinReply } from '../../../../src/protocol/wire/frames.js';
import { DustError } from '../../../../src/errors.js';
import type { Said } from './channel.js';
import { ServerChannel } from './channel.js';
import type { SimulatedServer } from './server.js';
import { Wire } from './wire.js';

/** What a {@link SimulatedLink} connects. */
export interface LinkEnds {
  readonly server: SimulatedServer;
  readonly deviceId: string;
  readonly handlers: LinkHandlers;
  /** The most ms a frame is under way. */
  readonly latency: () => number;
  /** Whether connections of this client come through at present. */
  readonly isReachable: () => boolean;
  /** Whether the server knows this client no more. */
  readonly isRevoked: () => boolean;
  readonly onEnded: (link: SimulatedLink) => void;
  /** Writes what is sent as JSON. */
  readonly encode: (payload: unknown) => string;
}

/** A connection whose fate a simulation decides. */
export class SimulatedLink implements Link {
  readonly #ends: LinkEnds;
  readonly #up: Wire;
  readonly #down: Wire;
  readonly #replies = new Map<number, (reply: PushReply) => void>();
  #rejectJoin: ((error: unknown) => void) | undefined;
  #channel: ServerChannel | undefined;
  #ref = 0;
  #lastSeq = 0;
  readonly #seqs = new Set<number>();
  #isOpen = true;
  /** Whether the server has been told that the connection is gone. */
  #isCut = false;

  constructor(ends: LinkEnds) {
    this.#ends = ends;
    const { scheduler, random } = ends.server;
    this.#up = new Wire(scheduler, random, ends.latency);
    this.#down = new Wire(scheduler, random, ends.latency);
    this.#up.send(() => {
      this.#connect();
    });
  }

  /** Whose connection it is. */
  get deviceId(): string {
    return this.#ends.deviceId;
  }

  join(lastStoreSeq: number): Promise<WireJoinReply> {
    return new Promise((resolve, reject) => {
      this.#rejectJoin = reject;
      void this.push('phx_join', { last_store_seq: lastStoreSeq }).then(({ response }) => {
        resolve(response as unknown as WireJoinReply);
      });
    });
  }

  push(event: string, payload: JsonObject): Promise<PushReply> {
    const ref = ++this.#ref;
    const text = this.#ends.encode(payload);
    const sent: unknown = JSON.parse(text);
    this.#ends.server.load?.noteText(text, payload.client_op_id);
    if (event === 'write') this.#trace('sends', sent);
    else this.#trace(event, sent);
    if (this.#isOpen) {
      const { server } = this.#ends;
      server.waiting++;
      this.#up.send(
        () => {
          server.waiting--;
          this.#channel?.receive({ ref, event, payload: sent });
        },
        () => {
          server.waiting--;
        },
      );
    }
    return new Promise((resolve) => {
      this.#replies.set(ref, resolve);
    });
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#trace('closes');
    this.#end();
    this.#up.send(() => {
      this.#hangUp();
    });
  }

  /** The connection breaks: each side loses what is under way from some moment on and is told of it then. */
  cut(toServer: number, toClient: number, code: number): void {
    if (this.#isCut) return;
    this.#isCut = true;
    this.#trace('is cut', { toServer, toClient });
    const { scheduler } = this.#ends.server;
    this.#up.break(toServer);
    this.#down.break(toClient);
    scheduler.schedule(() => {
      this.#hangUp();
    }, toServer);
    scheduler.schedule(() => {
      this.#lose({ kind: 'lost', reason: `the connection was closed (code ${code})` });
    }, toClient);
  }

  /** Frames vanish from now on and nobody is told. */
  halfOpen(direction: 'up' | 'down' | 'both'): void {
    this.#trace('is half open', direction);
    if (direction !== 'down') this.#up.break(0);
    if (direction !== 'up') this.#down.break(0);
  }

  stall(ms: number): void {
    this.#trace('stalls', ms);
    this.#up.stall(ms);
    this.#down.stall(ms);
  }

  /** The server's process dies with its mailbox (PROTOCOL §5.10). */
  crashChannel(): void {
    this.#trace('channel crashes');
    this.#channel?.dieOf({});
  }

  /** What the operating system does with the connections of a killed process. */
  abandon(): void {
    this.#isOpen = false;
    this.#up.send(() => {
      this.#hangUp();
    });
  }

  #connect(): void {
    const { server, deviceId, isReachable, isRevoked } = this.#ends;
    if (!server.isUp || !isReachable() || isRevoked()) {
      const end: LinkEnd = isRevoked()
        ? { kind: 'refused', reason: 'upgrade_refused', status: 403 }
        : { kind: 'lost', reason: 'connection refused' };
      this.#down.send(() => {
        this.#lose(end);
      });
      return;
    }
    this.#channel = new ServerChannel(server, deviceId, {
      hear: (said) => {
        const copy = JSON.parse(JSON.stringify(said)) as Said;
        this.#down.send(() => {
          this.#receive(copy);
        });
      },
      ended: ({ reason, isCrash, clientOpId }) => {
        this.#down.send(() => {
          if (this.#isOpen && clientOpId !== undefined) server.load?.heardOf(clientOpId);
          this.#lose({ kind: 'lost', reason, isCrash });
        });
      },
    });
  }

  #receive(said: Said): void {
    if (!this.#isOpen) return;
    if (said.kind === 'message') {
      this.#trace(`hears ${said.event}`, said.payload);
      if (said.event === 'event') this.#noteOrder(said.payload as WireEvent);
      this.#ends.handlers.onMessage(said.event, said.payload);
      return;
    }
    this.#trace('hears reply', said.reply);
    this.#replies.get(said.ref)?.(said.reply);
    this.#replies.delete(said.ref);
  }

  #noteOrder({ store_seq: seq }: WireEvent): void {
    if (seq < this.#lastSeq) this.#trace('out of order', seq);
    if (this.#seqs.has(seq)) this.#trace('twice', seq);
    this.#seqs.add(seq);
    this.#lastSeq = seq;
  }

  #lose(end: LinkEnd): void {
    if (!this.#isOpen) return;
    this.#trace('ends', end.reason);
    this.#end();
    this.#ends.handlers.onEnd(end);
    this.#rejectJoin?.(new DustError(end.kind === 'refused' ? 'unauthorized' : 'network', end.reason));
  }

  #end(): void {
    this.#isOpen = false;
    this.#replies.clear();
    this.#ends.onEnded(this);
  }

  #hangUp(): void {
    this.#isCut = true;
    this.#channel?.detach();
  }

  #trace(what: string, detail?: unknown): void {
    this.#ends.server.trace.add(this.#ends.deviceId, what, detail);
  }
}

import type { Clock } from '../../clock.js';
import { DustError } from '../../errors.js';
import type { Fence } from '../../protocol/requests/operation.js';
import type { Path } from '../../protocol/paths/path.js';
import type { JsonObject } from '../../protocol/values/value.js';
import type { Calls } from '../connection/calls.js';
import { writeRefused } from '../errors.js';
import type { PushReply } from '../connection/link.js';
import { isRecord } from '../messages/read-operation.js';
import type { StoreReader } from '../store-reader.js';

/** Where sessions lie. */
export const SESSION_PREFIX: Path = '_dust:session';

/** What a {@link Session} is made of. */
export interface SessionOptions {
  /** What names this engine among all: part of the key, and the holder of the lease. */
  readonly instance: string;
  /** Milliseconds the lease lasts when it is not renewed. */
  readonly ttl: number;
  readonly clock: Clock;
  readonly reader: StoreReader;
  readonly makeId: () => string;
}

/** How often a lease that is in the way is taken out of it before the key is given up. */
const MAX_ATTEMPTS = 5;

/**
 * The lease whose token fences what this engine writes (PROTOCOL §7). Its end is ordered by the store like any write:
 * once it has been released, nothing that carries its token can be committed any more, however late it arrives.
 */
export class Session {
  readonly #options: SessionOptions;
  #key: Path;
  #keys = 0;
  #token: number | undefined;
  /** What a lost connection has left: a token to release, or, without one, a token that was dead before it was lost. */
  #old: { readonly token?: number } | undefined;
  #wasOpened = false;
  #cancelRenewal: (() => void) | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#key = `${SESSION_PREFIX}/${options.instance}`;
  }

  /** What writes are to carry; undefined while there is no session. */
  get fence(): Fence | undefined {
    return this.#token === undefined ? undefined : { key: this.#key, token: this.#token };
  }

  /** The lease of the session is that of this operation. */
  get key(): Path {
    return this.#key;
  }

  /**
   * Takes the lease.
   *
   * @throws DustError as the server refuses it
   */
  async open(calls: Calls): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      const reply = await this.#write(calls, {
        op: 'lease',
        ttl_ms: this.#options.ttl,
        holder: this.#options.instance,
      });
      const token = tokenIn(reply);
      if (token !== undefined) {
        this.#token = token;
        this.#wasOpened = true;
        this.#renewLater(calls);
        return;
      }
      const { reason } = reply.response;
      if (attempt === MAX_ATTEMPTS || (reason !== 'held' && reason !== 'occupied')) {
        throw writeRefused({ op: 'lease', path: this.#key }, reply.response, undefined);
      }
      const left = reason === 'held' ? await this.#leftBehind(calls) : undefined;
      if (left === undefined) this.#key = `${SESSION_PREFIX}/${this.#options.instance}.${++this.#keys}`;
      else await this.#write(calls, { op: 'release', token: left });
    }
  }

  /** The server found no live lease with this token: what carried it was not applied. */
  invalidate(token: number): void {
    if (this.#token !== token) return;
    this.#token = undefined;
    this.#cancelRenewal?.();
  }

  /** Ends the session on this side: what was sent under it may still be committed, until {@link endOld} has resolved. */
  retire(): void {
    this.#cancelRenewal?.();
    if (this.#wasOpened) this.#old = this.#token === undefined ? {} : { token: this.#token };
    this.#wasOpened = false;
    this.#token = undefined;
  }

  /**
   * Ends the session of the lost connection. Resolves to a seq with everything from it committed before; undefined when
   * there was no session.
   */
  async endOld(calls: Calls): Promise<number | undefined> {
    if (this.#old === undefined) return undefined;
    const { token } = this.#old;
    let storeSeq: number | undefined;
    if (token !== undefined) {
      const reply = await this.#write(calls, { op: 'release', token });
      storeSeq = seqIn(reply);
      // Refused, and not for a token that is dead already: then time ends the lease.
      if (reply.status === 'error') await calls.wait(this.#options.ttl);
    }
    storeSeq ??= await calls.currentSeq();
    this.#old = undefined;
    return storeSeq ?? 0;
  }

  /** Gives the lease back. Asks once: where that is refused, time ends it. */
  async release(calls: Calls): Promise<void> {
    const token = this.#token;
    this.#cancelRenewal?.();
    this.#token = undefined;
    this.#wasOpened = false;
    if (token !== undefined) await calls.ask('write', this.#payload({ op: 'release', token }));
  }

  #renewLater(calls: Calls): void {
    const { clock, ttl } = this.#options;
    this.#cancelRenewal = clock.schedule(() => {
      void this.#renew(calls);
    }, ttl / 3);
  }

  async #renew(calls: Calls): Promise<void> {
    const token = this.#token;
    if (token === undefined) return;
    const reply = await this.#write(calls, { op: 'renew', token, ttl_ms: this.#options.ttl });
    if (this.#token !== token) return;
    if (reply.status === 'ok') this.#renewLater(calls);
    else this.invalidate(token);
  }

  /** The token of an own lease whose reply was lost: the server holds it against its owner (PROTOCOL §6). */
  async #leftBehind(calls: Calls): Promise<number | undefined> {
    const { reader, instance } = this.#options;
    try {
      const leaves = await calls.whileOpen(
        reader.getMany([this.#key], { signal: new AbortController().signal }),
      );
      const value = leaves.get(this.#key)?.value;
      if (!isRecord(value) || value.holder !== instance) return undefined;
      return typeof value.token === 'number' ? value.token : undefined;
    } catch {
      // Another key does as well; the lease that is left behind runs out by itself.
      return undefined;
    }
  }

  #write(calls: Calls, fields: JsonObject): Promise<PushReply> {
    return calls.request('write', this.#payload(fields));
  }

  #payload(fields: JsonObject): JsonObject {
    return { ...fields, path: this.#key, client_op_id: this.#options.makeId() };
  }
}

function tokenIn({ status, response }: PushReply): number | undefined {
  if (status !== 'ok') return undefined;
  if (Number.isSafeInteger(response.token) && typeof response.token === 'number') return response.token;
  throw new DustError('indeterminate', 'The server granted the lease of the session without a token.');
}

function seqIn({ status, response }: PushReply): number | undefined {
  const { store_seq: storeSeq } = response;
  return status === 'ok' && typeof storeSeq === 'number' && Number.isSafeInteger(storeSeq)
    ? storeSeq
    : undefined;
}

import type { DustError } from '../errors.js';
import { messageOf } from '../errors.js';
import { Calls } from './connection/calls.js';
import type { Connection } from './connection/connection.js';
import type { LinkEnd } from './connection/link.js';
import type { RateLimit } from './connection/rate-limit.js';
import { EngineReport } from './engine-report.js';
import type { SyncReceipt } from './engine-types.js';
import type { ResolvedLimits } from './limits.js';
import type { SyncEngineOptions } from './options.js';
import { Outbox } from './outbox/outbox.js';
import type { SyncEngineParts } from './parts.js';
import { randomId } from './random-id.js';
import type { Recovery } from './session/recovery.js';
import type { Replica } from './replica.js';
import { Session } from './session/session.js';
import { SessionSweep } from './session/session-sweep.js';
import type { Submission } from './outbox/submission.js';

/** How long a busy server is left in peace before it is asked what became of a write, in milliseconds. */
const LOOK_BACK_DELAY = 1000;

/** What a {@link Writer} tells of. */
export interface WriterEvents {
  /** The number of writes that wait has changed. */
  onChange(): void;
  /** The server says that this connection has no channel. */
  onChannelGone(): void;
  /** What became of writes cannot be found out over this connection. */
  onFault(reason: string): void;
  /** The server acknowledged a write with a seq from before it was sent. */
  onOldSeq(): void;
}

/** The writing half of an engine: what waits to be written, and the session that makes it be written once. */
export class Writer {
  /** Makes ids of operations; no other engine makes the same. */
  readonly makeId: () => string;
  readonly #options: SyncEngineOptions;
  readonly #replica: Replica;
  readonly #session: Session;
  readonly #sweep: SessionSweep;
  readonly #rateLimit: RateLimit;
  readonly #outbox: Outbox;
  readonly #recovery: Recovery;
  #connection: Connection | undefined;
  #calls: Calls | undefined;
  #onLost: (() => void) | undefined;
  #lastEnd: LinkEnd | undefined;

  constructor(
    options: SyncEngineOptions,
    limits: ResolvedLimits,
    parts: SyncEngineParts,
    replica: Replica,
    events: WriterEvents,
  ) {
    const { clock, reader, random, delivery = 'exactly-once' } = options;
    this.#options = options;
    this.#replica = replica;
    const instance = randomId(random);
    const report = new EngineReport(options);
    let lastId = 0;
    // From 1: `:0` is what a 0.1 server calls the first of a batch (PROTOCOL §8).
    this.makeId = () => `${instance}:${++lastId}`;
    const { makeId } = this;
    this.#session = new Session({ instance, ttl: limits.sessionTtl, clock, reader, makeId });
    this.#sweep = new SessionSweep({ reader, clock, makeId, isOwn: (key) => key === this.#session.key });
    this.#rateLimit = parts.createRateLimit({
      clock,
      onHolding: (isHolding) => {
        if (isHolding) report.rateLimited(this.size);
        this.#outbox.holdTime(isHolding);
      },
    });
    this.#outbox = new Outbox({
      clock,
      limits,
      delivery,
      rateLimit: this.#rateLimit,
      parts,
      storeSeq: () => replica.intake.storeSeq,
      whenReached: (storeSeq, onReached) => replica.whenReached(storeSeq, onReached),
      whyDisconnected: () => this.#lastEnd,
      fence: () => this.#session.fence,
      openSession: () => this.#openSession(),
      onFenced: (token) => {
        this.#session.invalidate(token);
      },
      onAcknowledged: (write, storeSeq) => {
        replica.intake.learnOf(storeSeq);
        // The server knew the write already, or the store moved backwards.
        if (storeSeq > 0 && storeSeq <= write.sentAt) events.onOldSeq();
        replica.progress();
      },
      onResend: (write, resend) => {
        report.resend(write, resend);
      },
      onDoubt: () => {
        void this.#lookBack(events);
      },
      onChannelGone: () => {
        events.onChannelGone();
      },
      revisionAt: (path) => replica.revisionAt(path),
      onChange: () => {
        events.onChange();
      },
    });
    this.#recovery = parts.createRecovery({
      endOldSession: () => this.#endOldSession(),
      resumeWrites: () => {
        if (this.#connection !== undefined) this.#outbox.resume(this.#connection);
      },
    });
  }

  /** The number of writes that are not settled. */
  get size(): number {
    return this.#outbox.size;
  }

  /** Requests over the present connection; undefined while there is none. */
  get calls(): Calls | undefined {
    return this.#calls;
  }

  /** Resolves when what `build` gives is committed and in the mirror. @throws DustError, and what `build` throws */
  submit(build: () => Submission): Promise<SyncReceipt> {
    return this.#outbox.submit(build);
  }

  /** An operation was heard of: it may be an own one, or one of somebody's session. */
  see(operation: Parameters<Outbox['see']>[0]): void {
    this.#outbox.see(operation);
    this.#sweep.see(operation);
  }

  /** Operations were skipped that may have been own ones. */
  skipOperations(): void {
    this.#outbox.skipOperations();
  }

  /** A connection has joined. */
  joined(connection: Connection): void {
    this.#connection = connection;
    this.#calls = new Calls(connection, this.#options.clock, this.#rateLimit);
    this.#recovery.onJoined();
  }

  /** The mirror is whole: what the last connection left open is decided, and writes go out. */
  caughtUp(): Promise<void> {
    return this.#recovery.onCaughtUp();
  }

  /** The connection is no more, or did not come to stand. Undefined when this side gave it up. */
  connectionLost(end?: LinkEnd): void {
    this.#lastEnd = end;
    this.#connection = undefined;
    this.#calls?.stop();
    this.#calls = undefined;
    this.#rateLimit.connectionLost();
    this.#outbox.connectionLost(end?.kind === 'lost' && end.isCrash);
    this.#session.retire();
    this.#onLost?.();
  }

  /** The store moved back to `present`. */
  moveBackTo(present: number): void {
    this.#outbox.moveBackTo(present);
  }

  /** Resolves when all writes are settled. */
  whenEmpty(): Promise<void> {
    return this.#outbox.whenEmpty();
  }

  /** Gives the session back, if there is one. Resolves at once when there is no connection, or it is lost meanwhile. */
  async endSession(): Promise<void> {
    const calls = this.#calls;
    if (calls === undefined) return;
    const lost = new Promise<void>((resolve) => {
      this.#onLost = resolve;
    });
    await Promise.race([this.#session.release(calls), lost]);
  }

  /** Rejects what is not settled: `error` for what was never sent, `indeterminate` for what may be committed. */
  rejectAll(error: DustError): void {
    this.#outbox.rejectAll(error);
  }

  async #openSession(): Promise<void> {
    const calls = this.#calls;
    if (calls === undefined) return;
    await this.#session.open(calls);
    void this.#sweep.run(calls);
  }

  /**
   * Finds out over a connection that stands what became of writes: the session that fences them ends, and with it what
   * may still become of them; without a session, what has become of them by now has to do.
   */
  async #lookBack(events: WriterEvents): Promise<void> {
    const calls = this.#calls;
    if (calls === undefined) return;
    try {
      await calls.wait(LOOK_BACK_DELAY);
      this.#session.retire();
      await this.#reach(calls, (await this.#session.endOld(calls)) ?? (await calls.currentSeq()));
      if (this.#connection !== undefined) this.#outbox.resume(this.#connection);
    } catch (error) {
      events.onFault(messageOf(error));
    }
  }

  async #endOldSession(): Promise<void> {
    const calls = this.#calls;
    if (calls === undefined) return;
    await this.#reach(calls, await this.#session.endOld(calls));
  }

  /** Resolves when the mirror holds everything up to a seq. */
  async #reach(calls: Calls, storeSeq: number | undefined): Promise<void> {
    if (storeSeq === undefined) return;
    this.#replica.intake.learnOf(storeSeq);
    const reached = new Promise<void>((resolve) => {
      this.#replica.whenReached(storeSeq, resolve);
    });
    this.#replica.progress();
    await calls.whileOpen(reached);
  }
}

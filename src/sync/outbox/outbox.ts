import { onAbort } from '../../abort-listener.js';
import type { DustError } from '../../errors.js';
import type { CommittedOperation } from '../../protocol/requests/operation.js';
import { acknowledgementOf } from './acknowledgement.js';
import { DeadlineQueue } from '../../deadline-queue.js';
import type { Resend } from '../engine-report.js';
import type { SyncReceipt } from '../engine-types.js';
import {
  channelCrashed,
  outboxFull,
  outcomeUnknown,
  unexpectedReply,
  writeAborted,
  writeRefused,
} from '../errors.js';
import type { PushReply } from '../connection/link.js';
import type { OutboxPorts, WriteChannel } from './outbox-ports.js';
import { Dispatcher } from './dispatcher.js';
import type { Acknowledgement, PendingWrite } from './pending-write.js';
import { newPendingWrite } from './pending-write.js';
import type { Submission } from './submission.js';
import type { Suspect } from './suspect.js';
import { mayBeSentAgain } from './unknown-outcome.js';
import type { Obstacle } from './unsettled-errors.js';
import { errorWhenAborted, errorWhenEnded, errorWhenExpired } from './unsettled-errors.js';
import { UnsettledWrites } from './unsettled-writes.js';
import type { WriteReply } from './write-reply.js';

/** After so many refusals for the fence of a fresh session, the fence is not what is wrong. */
const MAX_FENCED = 5;

/** The writes that are not settled, in the order they were asked for; sends them, and knows what became of each. */
export class Outbox {
  readonly #ports: OutboxPorts;
  readonly #deadlines: DeadlineQueue<PendingWrite>;
  readonly #unsettled = new UnsettledWrites();
  readonly #suspect: Suspect;
  readonly #dispatcher: Dispatcher;
  /** Of these it is to be found out what became of them. */
  #unknown: PendingWrite[] = [];
  #nextOrdinal = 1;

  constructor(ports: OutboxPorts) {
    this.#ports = ports;
    this.#suspect = ports.parts.createSuspect();
    this.#deadlines = new DeadlineQueue(ports.clock, ports.limits.writeTimeout, (write) => {
      this.#fail(
        write,
        errorWhenExpired(write, ports.limits.writeTimeout, {
          obstacle: this.#obstacle,
          why: ports.whyDisconnected(),
        }),
      );
    });
    this.#dispatcher = new Dispatcher(ports, this.#suspect, {
      onReply: (write, reply) => {
        this.#receive(write, reply);
      },
      onNoSession: (write, error) => {
        this.#fail(write, error);
      },
    });
  }

  /** The number of writes that are not settled. */
  get size(): number {
    return this.#unsettled.size;
  }

  /** Resolves when the write that `build` gives is committed and in the mirror. @throws DustError, and what `build` throws */
  submit(build: () => Submission): Promise<SyncReceipt> {
    return new Promise((resolve, reject) => {
      const submission = build();
      const { signal } = submission;
      const { outbox, outboxBytes } = this.#ports.limits;
      if (signal?.aborted === true) throw writeAborted(submission, signal, false);
      if (this.#dispatcher.waiting >= outbox) throw outboxFull(submission, `${outbox} writes`);
      const write = newPendingWrite(submission, this.#nextOrdinal++, resolve, reject);
      if (this.size > 0 && this.#unsettled.bytes + write.bytes > outboxBytes) {
        throw outboxFull(submission, `writes of ${this.#unsettled.bytes} bytes`);
      }
      write.cleanUps.push(this.#deadlines.add(write));
      if (signal !== undefined) this.#listen(write, signal);
      this.#unsettled.add(write);
      this.#dispatcher.enqueue(write);
      this.#ports.onChange();
      this.#dispatcher.pump();
    });
  }

  /** Decides over the writes of the lost connection, and sends over this one from now on. */
  resume(channel: WriteChannel): void {
    this.#dispatcher.connect(channel);
    const unknown = this.#unknown;
    this.#unknown = [];
    for (const write of unknown) this.#decide(write);
    this.#dispatcher.pump();
  }

  /** No time passes for the writes that wait: the rate limit is what they wait for. */
  holdTime(isHeld: boolean): void {
    if (isHeld) this.#deadlines.suspend();
    else this.#deadlines.resume();
  }

  /**
   * The connection is lost: the outcome of what was sent over it is unknown, but for what has been seen. `isCrash`: the
   * server died of something that it was sent.
   */
  connectionLost(isCrash = false): void {
    for (const write of this.#dispatcher.disconnect(isCrash)) {
      if (write.state !== 'inFlight') continue;
      write.state = 'unknown';
      if (write.echo === undefined) this.#unknown.push(write);
      else this.#find(write, write.echo);
    }
  }

  /** An operation was seen; it may be an own one. */
  see(operation: CommittedOperation): void {
    const { clientOpId } = operation;
    const write = clientOpId === null ? undefined : this.#unsettled.withId(clientOpId);
    if (write === undefined || write.echo !== undefined || write.submission.path !== operation.path) return;
    write.echo = acknowledgementOf(operation);
    if (write.state === 'unknown' || write.state === 'queued') this.#find(write, write.echo);
  }

  /** Operations were skipped that may have been own ones. */
  skipOperations(): void {
    for (const write of [...this.#dispatcher.inFlight, ...this.#unknown]) write.mayBeSkipped = true;
  }

  /**
   * The store moved back to `storeSeq`: nobody knows what becomes of what was committed beyond that. The connection is to be lost by
   * then.
   */
  moveBackTo(storeSeq: number): void {
    this.skipOperations();
    for (const write of this.#unsettled.all) {
      if (write.echo === undefined || write.echo.storeSeq <= storeSeq) continue;
      this.#fail(write, outcomeUnknown(write.submission, 'the store was restored to a state from before it'));
    }
  }

  /**
   * Rejects what is not settled: `error` for what was never sent, `indeterminate` for what may be committed. The connection is to be
   * lost by then.
   */
  rejectAll(error: DustError): void {
    for (const write of this.#unsettled.all) this.#fail(write, errorWhenEnded(write, error));
  }

  /** Resolves when no write is left. */
  whenEmpty(): Promise<void> {
    return this.#unsettled.whenEmpty();
  }

  get #obstacle(): Obstacle {
    if (this.#ports.rateLimit.isOn) return 'rateLimit';
    return this.#dispatcher.isConnected ? 'otherWrites' : 'noConnection';
  }

  #receive(write: PendingWrite, pushReply: PushReply): void {
    const reply = this.#ports.parts.readWriteReply(pushReply);
    if (wasDealtWith(reply)) this.#suspect.acquit(write);
    if (write.state !== 'inFlight') return;
    const { submission } = write;
    if (reply.kind !== 'limited') this.#ports.rateLimit.passed(write.sendNumber);
    switch (reply.kind) {
      case 'committed':
        this.#acknowledge(write, reply);
        return;
      case 'unreadable':
        this.#fail(write, unexpectedReply(submission, reply.cause));
        return;
      case 'limited':
        this.#requeue(write, 'rate_limited');
        this.#dispatcher.pauseFor(this.#ports.rateLimit.hit(write.sendNumber, reply.retryAfter));
        return;
      case 'unknown':
        this.#doubt(write);
        return;
      case 'channelGone':
        this.#requeue(write, 'channel_gone');
        this.#ports.onChannelGone();
        return;
      case 'fenced':
      case 'refused':
        if (reply.kind === 'fenced' && this.#tryAnotherSession(write)) return;
        this.#fail(write, writeRefused(submission, reply.response, this.#currentRevision(submission)));
    }
  }

  /** The session's lease ran out, so the write was not applied (PROTOCOL §7). */
  #tryAnotherSession(write: PendingWrite): boolean {
    if (write.token === undefined || write.fencedTimes === MAX_FENCED) return false;
    write.fencedTimes++;
    this.#ports.onFenced(write.token);
    this.#requeue(write, 'fenced');
    return true;
  }

  #currentRevision({ path, payload }: Submission): number | null | undefined {
    const revision = this.#ports.revisionAt(path);
    // What was expected cannot be what the server found: the mirror is behind.
    return revision === (payload.if_match ?? null) ? undefined : revision;
  }

  #acknowledge(write: PendingWrite, { storeSeq, response }: Acknowledgement): void {
    this.#takeOut(write);
    write.state = 'acknowledged';
    write.echo ??= { storeSeq, response };
    write.cleanUps.push(
      this.#ports.whenReached(storeSeq, () => {
        this.#settle(write);
        write.resolve({ storeSeq: storeSeq === 0 ? this.#ports.storeSeq() : storeSeq, response });
      }),
    );
    this.#ports.onAcknowledged(write, storeSeq);
  }

  /** A busy server gave up waiting for what it may commit later: to be found out as for a lost connection (PROTOCOL §8). */
  #doubt(write: PendingWrite): void {
    write.state = 'unknown';
    if (write.echo !== undefined) {
      this.#find(write, write.echo);
      return;
    }
    this.#unknown.push(write);
    if (this.#dispatcher.hold()) this.#ports.onDoubt();
  }

  #decide(write: PendingWrite): void {
    if (this.#suspect.isGuilty(write)) {
      this.#ports.onResend(write, { outcome: 'unknown', reason: 'connection_lost' });
      this.#fail(write, channelCrashed(write.submission));
    } else if (mayBeSentAgain(write, this.#ports.delivery)) {
      write.isInDoubt ||= write.token === undefined || write.mayBeSkipped;
      this.#requeue(write, 'connection_lost');
    } else {
      this.#ports.onResend(write, { outcome: 'unknown', reason: 'connection_lost' });
      this.#fail(
        write,
        outcomeUnknown(write.submission, 'the connection was lost before the server replied'),
      );
    }
  }

  /** Its own event tells of a write whose reply was lost. */
  #find(write: PendingWrite, echo: Acknowledgement): void {
    const { storeSeq } = echo;
    this.#ports.onResend(write, { outcome: 'found', reason: 'connection_lost', storeSeq });
    this.#acknowledge(write, echo);
  }

  #requeue(write: PendingWrite, reason: Resend['reason']): void {
    this.#ports.onResend(write, { outcome: 'resent', reason });
    write.state = 'queued';
    this.#dispatcher.enqueue(write);
  }

  #listen(write: PendingWrite, signal: AbortSignal): void {
    write.cleanUps.push(
      onAbort(signal, () => {
        this.#fail(write, errorWhenAborted(write, signal));
      }),
    );
  }

  #fail(write: PendingWrite, error: unknown): void {
    this.#settle(write);
    write.reject(error);
  }

  /** Ends the bookkeeping. Its place among those in flight is kept until the reply: the server still works on it. */
  #settle(write: PendingWrite): void {
    if (write.state === 'settled') return;
    this.#takeOut(write);
    if (write.state !== 'inFlight') this.#suspect.acquit(write);
    write.state = 'settled';
    for (const cleanUp of write.cleanUps) cleanUp();
    this.#unsettled.remove(write);
    this.#ports.onChange();
    this.#unsettled.tellIfEmpty();
  }

  #takeOut(write: PendingWrite): void {
    if (write.state === 'queued') this.#dispatcher.withdraw(write);
    if (write.state === 'unknown') this.#unknown = this.#unknown.filter((other) => other !== write);
  }
}

/** Whether the server got as far as what it may crash on. */
function wasDealtWith({ kind }: WriteReply): boolean {
  return kind === 'committed' || kind === 'unreadable' || kind === 'refused';
}

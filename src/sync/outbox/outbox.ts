import { onAbort } from '../../abort-listener.js';
import type { DustError } from '../../errors.js';
import type { CommittedOperation } from '../../protocol/operation.js';
import { acknowledgementOf } from './acknowledgement.js';
import { DeadlineQueue } from '../connection/deadline-queue.js';
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
import type { Acknowledgement, PendingWrite } from './pending-write.js';
import { Pause } from '../pause.js';
import { newPendingWrite } from './pending-write.js';
import type { Submission } from './submission.js';
import type { Suspect } from './suspect.js';
import { TransientMap } from '../transient-map.js';
import { mayBeSentAgain } from './unknown-outcome.js';
import type { Obstacle } from './unsettled-errors.js';
import { errorWhenAborted, errorWhenEnded, errorWhenExpired } from './unsettled-errors.js';
import { WriteQueue } from './write-queue.js';
import type { WriteReply } from './write-reply.js';

/** After so many refusals for the fence of a fresh session, the fence is not what is wrong. */
const MAX_FENCED = 5;

/** The writes that are not settled, in the order they were asked for; sends them, and knows what became of each. */
export class Outbox {
  readonly #ports: OutboxPorts;
  readonly #deadlines: DeadlineQueue<PendingWrite>;
  /** By their ordinals. */
  readonly #unsettled = new TransientMap<number, PendingWrite>();
  /** Of several writes with one id the last: the server answers each, and tells of one operation. */
  readonly #byId = new TransientMap<string, PendingWrite>();
  readonly #queue = new WriteQueue();
  readonly #pause: Pause;
  readonly #suspect: Suspect;
  #unknown: PendingWrite[] = [];
  /** By their ordinals. */
  readonly #inFlight = new TransientMap<number, PendingWrite>();
  /** About how many bytes of writes are not settled. */
  #bytes = 0;
  #bytesInFlight = 0;
  #nextOrdinal = 1;
  #channel: WriteChannel | undefined;
  #isOpeningSession = false;
  /** Whether it is being found out what became of writes although the connection stands. */
  #isInDoubt = false;
  #onEmpty: (() => void) | undefined;

  constructor(ports: OutboxPorts) {
    this.#ports = ports;
    this.#suspect = ports.parts.createSuspect();
    this.#deadlines = new DeadlineQueue(ports.clock, ports.limits.writeTimeout, (write) => {
      this.#fail(write, errorWhenExpired(write, ports.limits.writeTimeout, this.#obstacle));
    });
    this.#pause = new Pause(ports.clock, () => {
      this.#pump();
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
      if (this.#queue.size >= outbox) throw outboxFull(submission, `${outbox} writes`);
      const write = newPendingWrite(submission, this.#nextOrdinal++, resolve, reject);
      if (this.size > 0 && this.#bytes + write.bytes > outboxBytes) {
        throw outboxFull(submission, `writes of ${this.#bytes} bytes`);
      }
      this.#bytes += write.bytes;
      write.cleanUps.push(this.#deadlines.add(write));
      if (signal !== undefined) this.#listen(write, signal);
      this.#unsettled.set(write.ordinal, write);
      this.#byId.set(submission.clientOpId, write);
      this.#queue.add(write);
      this.#ports.onChange();
      this.#pump();
    });
  }

  /** Decides over the writes of the lost connection, and sends over this one from now on. */
  resume(channel: WriteChannel): void {
    this.#channel = channel;
    this.#isInDoubt = false;
    const unknown = this.#unknown;
    this.#unknown = [];
    for (const write of unknown) this.#decide(write);
    this.#pump();
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
    this.#channel = undefined;
    const culprit = isCrash ? this.#firstUnanswered() : undefined;
    if (culprit !== undefined) this.#suspect.blame(culprit);
    this.#isOpeningSession = false;
    this.#isInDoubt = false;
    this.#pause.callOff();
    const lost = [...this.#inFlight.values()].sort((a, b) => a.ordinal - b.ordinal);
    this.#inFlight.clear();
    this.#bytesInFlight = 0;
    for (const write of lost) {
      if (write.state !== 'inFlight') continue;
      write.state = 'unknown';
      if (write.echo === undefined) this.#unknown.push(write);
      else this.#find(write, write.echo);
    }
  }

  /** An operation was seen; it may be an own one. */
  see(operation: CommittedOperation): void {
    const { clientOpId } = operation;
    const write = clientOpId === null ? undefined : this.#byId.get(clientOpId);
    if (write === undefined || write.echo !== undefined || write.submission.path !== operation.path) return;
    write.echo = acknowledgementOf(operation);
    if (write.state === 'unknown' || write.state === 'queued') this.#find(write, write.echo);
  }

  /** Operations were skipped that may have been own ones. */
  skipOperations(): void {
    for (const write of [...this.#inFlight.values(), ...this.#unknown]) write.mayBeSkipped = true;
  }

  /** The store moved back to `storeSeq`: nobody knows what becomes of what was committed beyond that. */
  moveBackTo(storeSeq: number): void {
    for (const write of [...this.#unsettled.values()]) {
      if (write.state !== 'acknowledged') {
        write.mayBeSkipped = true;
        if (write.echo !== undefined && write.echo.storeSeq > storeSeq) write.echo = undefined;
      } else if (write.echo !== undefined && write.echo.storeSeq > storeSeq) {
        this.#fail(
          write,
          outcomeUnknown(write.submission, 'the store was restored to a state from before it'),
        );
      }
    }
  }

  /** Rejects what is not settled: `error` for what was never sent, `indeterminate` for what may be committed. */
  rejectAll(error: DustError): void {
    for (const write of [...this.#unsettled.values()]) this.#fail(write, errorWhenEnded(write, error));
    this.#pause.callOff();
  }

  /** Resolves when no write is left. */
  whenEmpty(): Promise<void> {
    return new Promise((resolve) => {
      this.#onEmpty = resolve;
      if (this.size === 0) resolve();
    });
  }

  /** The server works off what it is sent one by one, so that a crash is of the first that it has not answered. */
  #firstUnanswered(): PendingWrite | undefined {
    for (const write of this.#inFlight.values()) if (write.echo === undefined) return write;
    return undefined;
  }

  get #obstacle(): Obstacle {
    if (this.#ports.rateLimit.isOn) return 'rateLimit';
    return this.#channel === undefined ? 'noConnection' : 'otherWrites';
  }

  /** How many may be in flight with this one: a suspect has no company, which would be lost with the next crash. */
  #roomFor(write: PendingWrite): number {
    const { write: suspect } = this.#suspect;
    const isAlone = suspect === write || (suspect !== undefined && this.#inFlight.has(suspect.ordinal));
    return isAlone || this.#ports.rateLimit.isOn ? 1 : this.#ports.limits.inFlight;
  }

  #pump(): void {
    const { limits } = this.#ports;
    while (this.#channel !== undefined && !this.#pause.isOn && !this.#isInDoubt) {
      const next = this.#queue.first;
      if (next === undefined || this.#inFlight.size >= this.#roomFor(next)) return;
      const bytes = this.#bytesInFlight + next.bytes;
      if (this.#inFlight.size > 0 && bytes > limits.inFlightBytes) return;
      if (this.#needsSession(next.submission) && this.#ports.fence() === undefined) {
        this.#openSession(next);
        return;
      }
      this.#queue.shift();
      this.#send(next, this.#channel);
    }
  }

  #needsSession({ isRepeatable, callerFence }: Submission): boolean {
    return this.#ports.delivery === 'exactly-once' && !isRepeatable && callerFence === undefined;
  }

  #openSession(first: PendingWrite): void {
    if (this.#isOpeningSession) return;
    this.#isOpeningSession = true;
    const channel = this.#channel;
    const goOn = (): void => {
      this.#isOpeningSession = false;
      this.#pump();
    };
    this.#ports.openSession().then(
      () => {
        if (this.#channel === channel) goOn();
      },
      (error: unknown) => {
        if (this.#channel !== channel) return;
        this.#fail(first, error);
        goOn();
      },
    );
  }

  #send(write: PendingWrite, channel: WriteChannel): void {
    const { submission } = write;
    const fence =
      this.#ports.delivery === 'exactly-once' && submission.callerFence === undefined
        ? this.#ports.fence()
        : undefined;
    write.state = 'inFlight';
    write.token = fence?.token;
    write.sentAt = this.#ports.storeSeq();
    write.mayBeSkipped = false;
    this.#inFlight.set(write.ordinal, write);
    this.#bytesInFlight += write.bytes;
    const payload =
      fence === undefined
        ? submission.payload
        : { ...submission.payload, fence: { key: fence.key, token: fence.token } };
    channel.push(submission.event, payload, (reply) => {
      this.#inFlight.delete(write.ordinal);
      this.#bytesInFlight -= write.bytes;
      this.#receive(write, reply);
      this.#pump();
    });
  }

  #receive(write: PendingWrite, pushReply: PushReply): void {
    const reply = this.#ports.parts.readWriteReply(pushReply);
    if (wasDealtWith(reply)) this.#suspect.acquit(write);
    if (write.state !== 'inFlight') return;
    const { submission } = write;
    if (reply.kind !== 'limited') this.#ports.rateLimit.passed();
    switch (reply.kind) {
      case 'committed':
        this.#acknowledge(write, reply);
        return;
      case 'unreadable':
        this.#fail(write, unexpectedReply(submission, reply.cause));
        return;
      case 'limited':
        this.#requeue(write, 'rate_limited');
        this.#pause.begin(this.#ports.rateLimit.hit(reply.retryAfter));
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
    if (write.state === 'acknowledged' || write.state === 'settled') return;
    this.#takeOut(write);
    write.state = 'acknowledged';
    write.echo ??= { storeSeq, response };
    write.cleanUps.push(
      this.#ports.whenReached(storeSeq, () => {
        if (!this.#settle(write)) return;
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
    if (this.#isInDoubt) return;
    this.#isInDoubt = true;
    this.#ports.onDoubt();
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
    this.#queue.add(write);
  }

  #listen(write: PendingWrite, signal: AbortSignal): void {
    write.cleanUps.push(
      onAbort(signal, () => {
        this.#fail(write, errorWhenAborted(write, signal));
      }),
    );
  }

  #fail(write: PendingWrite, error: unknown): void {
    if (this.#settle(write)) write.reject(error);
  }

  /** Ends the bookkeeping. Its place among those in flight is kept until the reply: the server still works on it. */
  #settle(write: PendingWrite): boolean {
    if (write.state === 'settled') return false;
    this.#takeOut(write);
    if (write.state !== 'inFlight') this.#suspect.acquit(write);
    write.state = 'settled';
    for (const cleanUp of write.cleanUps) cleanUp();
    this.#unsettled.delete(write.ordinal);
    const { clientOpId } = write.submission;
    if (this.#byId.get(clientOpId) === write) this.#byId.delete(clientOpId);
    this.#bytes -= write.bytes;
    this.#ports.onChange();
    if (this.size === 0) this.#onEmpty?.();
    return true;
  }

  #takeOut(write: PendingWrite): void {
    if (write.state === 'queued') this.#queue.remove(write);
    if (write.state === 'unknown') this.#unknown = this.#unknown.filter((other) => other !== write);
  }
}

/** Whether the server got as far as what it may crash on. */
function wasDealtWith({ kind }: WriteReply): boolean {
  return kind === 'committed' || kind === 'unreadable' || kind === 'refused';
}

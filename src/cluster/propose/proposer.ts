import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.js';
import { DeadlineQueue } from '../../deadline-queue.js';
import type { DustError } from '../../errors.js';
import { isDustError } from '../../errors.js';
import type { LoggedOutcome } from '../../store/index.js';
import type { ClusterMark } from '../apply/cluster-mark.js';
import { entryOf } from '../apply/cluster-mark.js';
import type { AppliedFrame } from '../apply/frame-applier.js';
import { clusterClosed, notSent, outcomeUnknown, outcomeUnseen, proposalTooLarge } from '../errors.js';
import type { SessionId } from '../frame/frame.js';
import { encodeFrame } from '../frame/frame.js';
import type { Proposal } from '../frame/proposal.js';
import { backoff } from '../log/backoff.js';
import { Pause } from '../log/pause.js';
import type { ReplicatedLog } from '../log/replicated-log.js';
import { PendingProposal } from './pending.js';
import type { QueueLimits } from './proposal-queue.js';
import { ProposalQueue } from './proposal-queue.js';

/** The largest proposal, in bytes. An engine may take less: then the log refuses its frame. */
export const MAX_PROPOSAL_BYTES = 16_777_216;

/** What a {@link Proposer} works with. */
export interface ProposerParts {
  readonly log: ReplicatedLog;
  readonly clock: Clock;
  readonly random: () => number;
  /** How long a proposal waits for its outcome, in milliseconds. */
  readonly writeTimeout: number;
  readonly limits: QueueLimits;
  /** The level that frames are written in. */
  readonly level: () => number;
  /** What this node has applied. */
  readonly applied: () => Pick<ClusterMark, 'position' | 'digest' | 'fingerprint'>;
  /** Hears why the log did not take a frame in, before it is asked again. Must not throw. */
  readonly onFailure: (error: unknown) => void;
}

/** Frames that were sent and not applied yet, at most: a node that does not keep up asks no more of the log. */
const MAX_UNAPPLIED = 8;

/**
 * Sends what this node proposes to the log, one frame at a time, each until the log has it: so the frames of a node stand in their
 * order, without holes, and a frame that was appended twice is told by its number. What becomes of a proposal is known when this node
 * applies it.
 */
export class Proposer {
  readonly #parts: ProposerParts;
  readonly #queue: ProposalQueue;
  readonly #deadlines: DeadlineQueue<PendingProposal>;
  /** Of the frame that is being appended. */
  #pause: Pause;
  readonly #end = new AbortController();
  /** By their numbers, ascending: frames of the present session of which the outcome is not known yet. */
  readonly #unapplied = new Map<number, readonly PendingProposal[]>();
  #session: SessionId;
  #number = 0;
  #sending: Promise<void> | undefined;
  #ended: DustError | undefined;
  #isHeld = false;

  constructor(parts: ProposerParts) {
    this.#parts = parts;
    this.#queue = new ProposalQueue(parts.limits);
    this.#pause = new Pause(parts.clock);
    this.#session = this.#newSession();
    this.#deadlines = new DeadlineQueue(parts.clock, parts.writeTimeout, (pending) => {
      const { writeTimeout } = parts;
      pending.reject(pending.isSent ? outcomeUnknown(writeTimeout) : notSent(writeTimeout));
    });
  }

  /**
   * Resolves to what came of a proposal when this node has applied it.
   *
   * @throws DustError `indeterminate` when that does not become known in time, `timeout` with detail `not_sent` when it is certain not
   * to be applied, `rate_limited` with detail `queue_full`, `invalid_params` with detail `write_too_large`, `closed`, and what the node halted with
   */
  async propose(proposal: Proposal): Promise<LoggedOutcome> {
    if (this.#ended !== undefined) throw this.#ended;
    const pending = new PendingProposal(proposal);
    if (pending.bytes > MAX_PROPOSAL_BYTES) throw proposalTooLarge(pending.bytes, MAX_PROPOSAL_BYTES);
    this.#queue.add(pending);
    const callOff = this.#deadlines.add(pending);
    pending.onSettled(() => {
      callOff();
      this.#queue.leave(pending);
    });
    this.#send();
    return pending.outcome;
  }

  /**
   * Counts what goes on its way before its proposal does, among all that is under way. Returns what ends that, to be called once.
   *
   * @throws DustError `rate_limited` with detail `queue_full`; `closed`, and what the node halted with
   */
  holdAhead(bytes: number): () => void {
    if (this.#ended !== undefined) throw this.#ended;
    return this.#queue.holdAhead(bytes);
  }

  /** To be told of every frame that this node applies, or passes over. */
  applied({ frame, standing, outcomes }: AppliedFrame): void {
    if (frame.session.id !== this.#session.id) return;
    if (standing === 'forgotten') {
      this.#beginAgain();
    } else if (standing === 'new') {
      const sent = this.#unapplied.get(frame.number) ?? [];
      this.#unapplied.delete(frame.number);
      this.#queue.release(sent);
      sent.forEach((pending, i) => {
        const outcome = outcomes[i];
        if (outcome !== undefined) pending.resolve(outcome);
      });
    }
    this.#pause.wake();
    this.#send();
  }

  /**
   * Sends nothing until it is told to go on: this node passes over a part of the log, and sees no more of what it has sent. That fails, as
   * unknown; what was not sent waits.
   */
  hold(error: DustError): void {
    if (this.#isHeld) return;
    this.#isHeld = true;
    const sent = [...this.#unapplied.values()].flat();
    this.#unapplied.clear();
    this.#queue.release(sent);
    for (const pending of sent) pending.reject(outcomeUnseen(error));
    this.#pause.wake();
  }

  /** Goes on, in a session that begins where this node stands now. */
  goOn(): void {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    this.#session = this.#newSession();
    this.#number = 0;
    this.#send();
  }

  /** Nothing is proposed from now on; what is under way fails, as unknown where it was sent. */
  end(error: DustError): void {
    if (this.#ended !== undefined) return;
    this.#ended = error;
    this.#end.abort();
    const sent = [...this.#unapplied.values()].flat();
    this.#unapplied.clear();
    for (const pending of [...sent, ...this.#queue.drain()]) {
      pending.reject(pending.isSent ? outcomeUnseen(error) : error);
    }
    this.#deadlines.clear();
  }

  /** Ends it, and resolves when nothing is sent any more. */
  async close(): Promise<void> {
    this.end(clusterClosed());
    await this.#sending;
  }

  get #maySend(): boolean {
    return (
      !this.#isHeld &&
      this.#ended === undefined &&
      this.#queue.size > 0 &&
      this.#unapplied.size < MAX_UNAPPLIED
    );
  }

  #send(): void {
    if (this.#sending !== undefined || !this.#maySend) return;
    this.#sending = this.#sendAll().finally(() => {
      this.#sending = undefined;
      this.#send();
    });
  }

  async #sendAll(): Promise<void> {
    // What is asked for in the same turn goes out together.
    await Promise.resolve();
    while (this.#maySend) {
      const proposals = this.#queue.take();
      const number = ++this.#number;
      const session = this.#session;
      this.#unapplied.set(number, proposals);
      for (const pending of proposals) pending.isSent = true;
      await this.#append(session, number, proposals);
    }
  }

  /** Until the log has the frame, or this node has seen it there, or it is known never to be applied. */
  async #append(session: SessionId, number: number, proposals: readonly PendingProposal[]): Promise<void> {
    const { log, clock, level, applied, random, onFailure } = this.#parts;
    const { signal } = this.#end;
    // One of its own: what woke the frame before must not hurry this one.
    const pause = (this.#pause = new Pause(clock));
    let texts = proposals.map(({ text }) => text);
    for (let failures = 0; ;) {
      if (signal.aborted || session !== this.#session || !this.#unapplied.has(number)) return;
      const mark = applied();
      const bytes = encodeFrame({ session, number, level: level(), applied: mark }, texts);
      const after = entryOf(mark);
      try {
        await log.append(bytes, { after, signal });
        return;
      } catch (error) {
        if (this.#ended !== undefined || isDustError(error, 'closed')) return;
        if (isDustError(error, 'invalid_params') && texts.length > 0) {
          // The log takes no such frame. One that does nothing takes its number: of the two, only the first one in the log counts.
          const outcome = failures === 0 ? error : outcomeUnseen(error);
          for (const pending of proposals) pending.reject(outcome);
          texts = [];
          continue;
        }
        failures++;
        onFailure(error);
        await pause.wait(backoff(failures, random), signal);
      }
    }
  }

  /** All nodes pass over what this session sends: what they have not applied is sent again in a new one. */
  #beginAgain(): void {
    const lost = [...this.#unapplied.values()].flat();
    this.#unapplied.clear();
    for (const pending of lost) pending.isSent = false;
    this.#session = this.#newSession();
    this.#number = 0;
    this.#queue.putBack(lost);
  }

  #newSession(): SessionId {
    return { id: randomUUID(), since: this.#parts.applied().position };
  }
}

import { TransientMap } from '../../transient-map.js';
import { queueFull } from '../errors.js';
import { MAX_FRAME_BYTES, MAX_FRAME_OPERATIONS, MAX_FRAME_PROPOSALS } from '../frame/frame.js';
import type { PendingProposal } from './pending.js';

/** How much may be on its way to the log on one node, what was sent and is not applied yet included. */
export interface QueueLimits {
  readonly proposals: number;
  readonly bytes: number;
}

/** Proposals on their way to the log, in their order, and how much of them the node holds. */
export class ProposalQueue {
  readonly #limits: QueueLimits;
  readonly #waiting = new TransientMap<number, PendingProposal>();
  #nextPlace = 1;
  #held = 0;
  #bytes = 0;
  /** What is made ready for proposals that are still to come. */
  #ahead = { count: 0, bytes: 0 };

  constructor(limits: QueueLimits) {
    this.#limits = limits;
  }

  /** How many wait to be sent. */
  get size(): number {
    return this.#waiting.size;
  }

  /** @throws DustError `rate_limited` with detail `queue_full` */
  add(pending: PendingProposal): void {
    this.#assertRoom(pending.bytes);
    this.#held++;
    this.#bytes += pending.bytes;
    this.#enqueue(pending);
  }

  /**
   * Counts what goes on its way before its proposal does. Returns what ends that, to be called once.
   *
   * @throws DustError `rate_limited` with detail `queue_full`
   */
  holdAhead(bytes: number): () => void {
    this.#assertRoom(bytes);
    this.#ahead.count++;
    this.#ahead.bytes += bytes;
    return () => {
      this.#ahead.count--;
      this.#ahead.bytes -= bytes;
    };
  }

  /** Nobody waits for it any more: it is not sent, unless it was. */
  leave(pending: PendingProposal): void {
    if (pending.place !== undefined && this.#waiting.delete(pending.place)) this.release([pending]);
  }

  /** What the next frame holds: the first ones, as many as fit. They count as held until they are released. */
  take(): readonly PendingProposal[] {
    const taken: PendingProposal[] = [];
    let [bytes, weight] = [0, 0];
    for (const next of this.#waiting.values()) {
      const isFull =
        taken.length === MAX_FRAME_PROPOSALS ||
        bytes + next.bytes > MAX_FRAME_BYTES ||
        weight + next.weight > MAX_FRAME_OPERATIONS;
      if (taken.length > 0 && (isFull || next.isAlone)) break;
      taken.push(next);
      bytes += next.bytes;
      weight += next.weight;
      if (next.isAlone) break;
    }
    for (const pending of taken) if (pending.place !== undefined) this.#waiting.delete(pending.place);
    return taken;
  }

  /** Puts back what was taken and is certain not to be applied, in front; what nobody waits for any more is released. */
  putBack(pending: readonly PendingProposal[]): void {
    const behind = [...this.#waiting.values()];
    this.#waiting.clear();
    this.release(pending.filter(({ isOpen }) => !isOpen));
    for (const each of [...pending.filter(({ isOpen }) => isOpen), ...behind]) this.#enqueue(each);
  }

  /** What was taken is held no longer. */
  release(pending: readonly PendingProposal[]): void {
    this.#held -= pending.length;
    this.#bytes -= pending.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** All that wait; nothing is held then. */
  drain(): readonly PendingProposal[] {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    this.#held = 0;
    this.#bytes = 0;
    return waiting;
  }

  /** One alone may be larger than all may be together. */
  #assertRoom(more: number): void {
    const { proposals, bytes } = this.#limits;
    const [count, held] = [this.#held + this.#ahead.count, this.#bytes + this.#ahead.bytes];
    if (count >= proposals || (count > 0 && held + more > bytes)) throw queueFull(count, held);
  }

  #enqueue(pending: PendingProposal): void {
    pending.place = this.#nextPlace++;
    this.#waiting.set(pending.place, pending);
  }
}

import { MAX_FRAME_BYTES, MAX_FRAME_OPERATIONS, MAX_FRAME_PROPOSALS } from '../frame/frame.js';
import { queueFull } from '../errors.js';
import type { PendingProposal } from './pending.js';

/** How much may wait for the log on one node. */
export interface QueueLimits {
  readonly proposals: number;
  readonly bytes: number;
}

/** Proposals on their way to the log, in their order. */
export class ProposalQueue {
  readonly #limits: QueueLimits;
  #waiting: PendingProposal[] = [];
  #bytes = 0;

  constructor(limits: QueueLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#waiting.length;
  }

  /** @throws DustError `rate_limited` with detail `queue_full` */
  add(pending: PendingProposal): void {
    const { proposals, bytes } = this.#limits;
    if (
      this.#waiting.length >= proposals ||
      (this.#waiting.length > 0 && this.#bytes + pending.bytes > bytes)
    ) {
      throw queueFull(this.#waiting.length, this.#bytes);
    }
    this.#waiting.push(pending);
    this.#bytes += pending.bytes;
  }

  /** Puts back what was taken and is certain not to be applied, in front. */
  putBack(pending: readonly PendingProposal[]): void {
    this.#waiting = [...pending.filter(({ isOpen }) => isOpen), ...this.#waiting];
    this.#count();
  }

  /** What the next frame holds: the first ones, as many as fit. Those whose callers have gone are left out. */
  take(): readonly PendingProposal[] {
    const open = this.#waiting.filter(({ isOpen }) => isOpen);
    const taken: PendingProposal[] = [];
    let [bytes, weight] = [0, 0];
    for (const next of open) {
      const isFirst = taken.length === 0;
      const isFull =
        taken.length === MAX_FRAME_PROPOSALS ||
        bytes + next.bytes > MAX_FRAME_BYTES ||
        weight + next.weight > MAX_FRAME_OPERATIONS;
      if (!isFirst && (isFull || next.isAlone)) break;
      taken.push(next);
      bytes += next.bytes;
      weight += next.weight;
      if (next.isAlone) break;
    }
    this.#waiting = open.slice(taken.length);
    this.#count();
    return taken;
  }

  /** All that wait; the queue is empty then. */
  drain(): readonly PendingProposal[] {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#bytes = 0;
    return waiting;
  }

  #count(): void {
    this.#bytes = this.#waiting.reduce((sum, { bytes }) => sum + bytes, 0);
  }
}

import type { CommittedOperation } from '../../protocol/operation.js';
import type { RunOfOperations } from './run-of-operations.js';

/** A place in a batch, as a 0.1 server writes it into the ids of its operations: `<id>:0`, `<id>:1` … (PROTOCOL §8). */
const PLACE_IN_BATCH = /^(.+):(0|[1-9]\d{0,5})$/s;

/**
 * Finds where commits end among the operations that wait in store order. A server of ours says it; what a batch wrote on a
 * 0.1 server begins with the id `<id>:0` and goes on as long as the ids do, so that its end is known by what follows it
 * (PROTOCOL §8).
 */
export class CommitBounds {
  readonly #run: RunOfOperations;
  /** How many of the operations in front are known to belong to one commit. */
  #together = 0;
  #completeThrough = 0;

  constructor(run: RunOfOperations) {
    this.#run = run;
  }

  /** How many operations the commit in front has; undefined while nothing waits, or more of it may come. */
  next(): number | undefined {
    const first = this.#run.at(0);
    if (first === undefined) return undefined;
    const length = lengthOf(first.operation) ?? this.#foundLength(first.operation);
    if (length !== undefined && length <= this.#run.size) return length;
    return this.#isAllThereIs() ? this.#run.size : undefined;
  }

  /** Whether it is the ids alone that say what belongs to the commit in front, and no other operation has ended it yet. */
  get isGuessed(): boolean {
    const first = this.#run.at(0);
    return first !== undefined && lengthOf(first.operation) === undefined && this.next() === undefined;
  }

  /** Nothing more will come that belongs to operations up to this one: a catch-up has ended there, or they waited enough. */
  completeThrough(storeSeq: number): void {
    this.#completeThrough = Math.max(this.#completeThrough, storeSeq);
  }

  /** Something else stands in front. */
  reset(): void {
    this.#together = 0;
  }

  /** Nothing is known of what will come. */
  clear(): void {
    this.#together = 0;
    this.#completeThrough = 0;
  }

  #foundLength(first: CommittedOperation): number | undefined {
    const place = placeOf(first);
    if (place?.index !== 0) return 1;
    for (let i = Math.max(1, this.#together); ; i++) {
      const next = this.#run.at(i);
      this.#together = i;
      if (next === undefined) return undefined;
      const nextPlace = placeOf(next.operation);
      if (nextPlace?.id !== place.id || nextPlace.index !== place.index + i) return i;
    }
  }

  /** The end of the commit is not among what waits, and what waits is all there will be of it. */
  #isAllThereIs(): boolean {
    const last = this.#run.at(this.#run.size - 1);
    return last !== undefined && last.operation.storeSeq <= this.#completeThrough;
  }
}

/** How many operations from this one on its server says belong together; undefined when it does not say. */
function lengthOf({ commit, storeSeq }: CommittedOperation): number | undefined {
  return commit && commit.last - storeSeq + 1;
}

function placeOf({
  clientOpId,
}: CommittedOperation): { readonly id: string; readonly index: number } | undefined {
  const match = clientOpId === null ? null : PLACE_IN_BATCH.exec(clientOpId);
  return match === null ? undefined : { id: match[1] ?? '', index: Number(match[2]) };
}

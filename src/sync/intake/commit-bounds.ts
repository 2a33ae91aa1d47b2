import type { CommittedOperation } from '../../protocol/requests/operation.js';
import type { RunOfOperations } from './run-of-operations.js';

/** A place in a batch, as a 0.1 server writes it into the ids of its operations: `<id>:0`, `<id>:1` … (PROTOCOL §8). */
const PLACE_IN_BATCH = /^(.+):(0|[1-9]\d{0,5})$/s;

/** Finds where commits end among the operations that wait in store order. */
export interface CommitBounds {
  /** How many operations the commit in front has; undefined while nothing waits, or more of it may come. */
  next(): number | undefined;
  /** Whether it is the ids alone that say what belongs to the commit in front, and no operation behind it has ended it. */
  readonly isGuessed: boolean;
  /** Nothing more will come that belongs to operations up to this one: a catch-up has ended there, or they waited enough. */
  completeThrough(storeSeq: number): void;
  /** Something else stands in front. */
  reset(): void;
  /** Nothing is known of what will come. */
  clear(): void;
}

/**
 * The bounds of the commits that wait in `run`. A server of ours tells them; what a batch wrote on a 0.1 server begins with
 * the id `<id>:0` and goes on as long as the ids do, so that its end is known by what follows it (PROTOCOL §8). An id with
 * a greater number that no such batch leads up to is one like any other: clients count their writes so.
 */
export function createCommitBounds(run: RunOfOperations): CommitBounds {
  return new RecognisedBounds(run);
}

class RecognisedBounds implements CommitBounds {
  readonly #run: RunOfOperations;
  /** How many of the operations in front are known to belong to one commit: the first does. */
  #together = 1;
  #completeThrough = 0;

  constructor(run: RunOfOperations) {
    this.#run = run;
  }

  next(): number | undefined {
    const length = this.#length();
    if (length === undefined) return this.#isAllThereIs() ? this.#run.size : undefined;
    return length <= this.#run.size ? length : undefined;
  }

  get isGuessed(): boolean {
    return this.#run.size > 0 && this.#length() === undefined;
  }

  completeThrough(storeSeq: number): void {
    this.#completeThrough = Math.max(this.#completeThrough, storeSeq);
  }

  reset(): void {
    this.#together = 1;
  }

  clear(): void {
    this.#together = 1;
    this.#completeThrough = 0;
  }

  /** The length of the commit in front as far as what waits tells it, though not all of it may have come. */
  #length(): number | undefined {
    const first = this.#run.at(0)?.operation;
    if (first === undefined) return undefined;
    const told = lengthTold(first, first);
    if (told !== undefined) return told;
    const place = placeOf(first);
    for (let i = this.#together; ; i++) {
      const next = this.#run.at(i)?.operation;
      // Of an own batch, the answer tells what a catch-up does not.
      const toldLater = next && lengthTold(next, first);
      if (toldLater !== undefined) return toldLater;
      if (place?.index !== 0) return 1;
      this.#together = i;
      if (next === undefined) return undefined;
      const nextPlace = placeOf(next);
      if (nextPlace?.id !== place.id || nextPlace.index !== i) return i;
    }
  }

  /** What waits is all there will be: all of it, for what is missing would be a part of it. */
  #isAllThereIs(): boolean {
    return this.#run.at(this.#run.size - 1)?.operation.storeSeq === this.#completeThrough;
  }
}

/** How many operations from the `first` on the server says belong together, if it says so with this one. */
function lengthTold({ commit }: CommittedOperation, { storeSeq }: CommittedOperation): number | undefined {
  return commit === undefined || commit.first > storeSeq ? undefined : commit.last - storeSeq + 1;
}

function placeOf({
  clientOpId,
}: CommittedOperation): { readonly id: string; readonly index: number } | undefined {
  const match = clientOpId === null ? null : PLACE_IN_BATCH.exec(clientOpId);
  return match === null ? undefined : { id: match[1] ?? '', index: Number(match[2]) };
}

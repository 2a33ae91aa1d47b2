/** So many items are sorted at once: a millisecond's work. */
const RUN = 1024;

interface Merge<T> {
  readonly left: readonly T[];
  readonly right: readonly T[];
  readonly merged: T[];
  i: number;
  j: number;
}

/** Sorts what comes in, in pieces of work that are short however much it is. What is equal stays as it came. */
export class SortedRuns<T> {
  readonly #compare: (a: T, b: T) => number;
  /** How many of the first items are wanted. */
  readonly #end: number;
  #fresh: T[] = [];
  /** Each sorted. Neighbours are merged until there is one. */
  #runs: T[][] = [];
  /** Of those, what has been merged in this pass. */
  #passed: T[][] = [];
  #merge: Merge<T> | undefined;
  #size = 0;

  constructor(compare: (a: T, b: T) => number, end: number) {
    this.#compare = compare;
    this.#end = end;
  }

  /** How many items are kept. */
  get size(): number {
    return this.#size;
  }

  add(item: T): void {
    this.#size++;
    if (this.#fresh.push(item) === RUN) this.#closeRun();
  }

  /** Sorts on until the turn is over, or to the end: then true. */
  settle(isOver: () => boolean): boolean {
    this.#closeRun();
    for (;;) {
      const merge = (this.#merge ??= this.#nextMerge());
      if (merge === undefined) return true;
      if (!this.#goOn(merge, isOver)) return false;
      this.#passed.push(merge.merged);
      this.#size -= merge.left.length + merge.right.length - merge.merged.length;
      this.#merge = undefined;
    }
  }

  /** The first items, sorted. */
  result(): T[] {
    this.settle(NEVER);
    const [sorted = []] = this.#runs;
    return sorted.length > this.#end ? sorted.slice(0, this.#end) : sorted;
  }

  #closeRun(): void {
    if (this.#fresh.length === 0) return;
    this.#runs.push(this.#fresh.sort(this.#compare));
    this.#fresh = [];
  }

  #nextMerge(): Merge<T> | undefined {
    if (this.#runs.length < 2) {
      this.#runs = [...this.#passed, ...this.#runs];
      this.#passed = [];
      if (this.#runs.length < 2) return undefined;
    }
    const [left = [], right = []] = this.#runs.splice(0, 2);
    return { left, right, merged: [], i: 0, j: 0 };
  }

  /** Whether all that is wanted of the two is in the one. */
  #goOn(merge: Merge<T>, isOver: () => boolean): boolean {
    const { left, right, merged } = merge;
    while (merged.length < this.#end) {
      const a = left[merge.i];
      const b = right[merge.j];
      if (a === undefined && b === undefined) return true;
      const takesLeft = b === undefined || (a !== undefined && this.#compare(a, b) <= 0);
      merged.push((takesLeft ? a : b)!);
      if (takesLeft) merge.i++;
      else merge.j++;
      if (isOver()) return false;
    }
    return true;
  }
}

const NEVER = (): boolean => false;

import type { Bound } from '../../protocol/requests/budget.js';
import { Budget } from '../../protocol/requests/budget.js';
import { weightOf } from '../../protocol/values/weight.js';
import { DEFAULT_LIMITS, applyBoundOf } from '../limits.js';
import type { BufferedOperation } from './reorder-buffer.js';

/** How many operations that were taken may stay in memory before the rest is moved up. */
const MAX_TAKEN = 1024;

/** Beyond which part of it no more had better come, and down to which. */
const [CROWDED, RELAXED] = [1 / 2, 1 / 4];

interface Weighed extends BufferedOperation {
  readonly bytes: number;
}

/** Operations in the order of the store, without a hole, that wait to be applied: so many, and about so many bytes. */
export class RunOfOperations {
  readonly #room: Budget;
  readonly #onCrowded: (isCrowded: boolean) => void;
  #operations: Weighed[] = [];
  #taken = 0;
  #isCrowded = false;

  /**
   * @param onCrowded told when so many wait that no more had better come, and when that is over
   * @param bound links are held back long before it is reached
   */
  constructor(
    onCrowded: (isCrowded: boolean) => void = () => undefined,
    bound: Bound = applyBoundOf(DEFAULT_LIMITS),
  ) {
    this.#room = new Budget(bound);
    this.#onCrowded = onCrowded;
  }

  /** False when there is no room for it. */
  push({ operation, source }: BufferedOperation): boolean {
    const bytes = weightOf(operation.value);
    if (!this.#room.takeOrAlone(bytes)) return false;
    this.#operations.push({ operation, source, bytes });
    if (!this.#isCrowded && this.#room.isFilledBeyond(CROWDED)) this.#setCrowded(true);
    return true;
  }

  /** How many wait. */
  get size(): number {
    return this.#operations.length - this.#taken;
  }

  /** Whether so many wait that no more had better come. */
  get isCrowded(): boolean {
    return this.#isCrowded;
  }

  /** The one with so many before it. */
  at(index: number): BufferedOperation | undefined {
    return this.#operations[this.#taken + index];
  }

  /** Takes the first ones. */
  take(count: number): void {
    for (let i = 0; i < count; i++) this.#room.give(this.#operations[this.#taken + i]?.bytes ?? 0);
    this.#taken += count;
    this.#relax();
    if (this.#taken >= this.#operations.length) this.clear();
    else if (this.#taken > MAX_TAKEN && this.#taken * 2 > this.#operations.length) this.#moveUp();
  }

  /** Those that wait. */
  waiting(): readonly BufferedOperation[] {
    return this.#operations.slice(this.#taken);
  }

  /** Forgets the operations with seqs up to `storeSeq`. */
  dropThrough(storeSeq: number): void {
    this.#moveUp();
    this.#operations = this.#operations.filter(({ operation, bytes }) => {
      if (operation.storeSeq > storeSeq) return true;
      this.#room.give(bytes);
      return false;
    });
    this.#relax();
  }

  clear(): void {
    this.#operations = [];
    this.#taken = 0;
    this.#room.clear();
    this.#relax();
  }

  #relax(): void {
    if (this.#isCrowded && !this.#room.isFilledBeyond(RELAXED)) this.#setCrowded(false);
  }

  #setCrowded(isCrowded: boolean): void {
    this.#isCrowded = isCrowded;
    this.#onCrowded(isCrowded);
  }

  #moveUp(): void {
    this.#operations = this.#operations.slice(this.#taken);
    this.#taken = 0;
  }
}

import { LEAF_COUNT } from '../leaves/leaf-count.js';
import type { Findings } from './findings.js';
import { isCount, jsonOf, textOf } from './stored-values.js';
import type { TreeEntry } from './tree-walk.js';

/** The single facts of a store as they come by: its format and its counters. */
export class FactContents {
  readonly #lost: Findings;
  #format: number | undefined;
  #storeSeq: number | undefined;
  #isRestoring = false;
  #leafCount: number | undefined;

  constructor(lost: Findings) {
    this.#lost = lost;
  }

  /** The version of the layout; undefined when it is lost. */
  get format(): number | undefined {
    return this.#format;
  }

  /** The seq of the last operation; undefined when it is lost, when there was none, and in a store that was being restored. */
  get storeSeq(): number | undefined {
    return this.#storeSeq;
  }

  /** The number of leaves in groups; undefined when it is lost, and when there was none. */
  get leafCount(): number | undefined {
    return this.#leafCount;
  }

  see({ key, value }: TreeEntry): void {
    const name = textOf(key) ?? '';
    const bytes = value();
    const fact = bytes === undefined ? undefined : jsonOf(bytes);
    if (name === 'format') this.#format = isCount(fact) ? fact : undefined;
    else if (name === LEAF_COUNT) this.#leafCount = isCount(fact) ? fact : undefined;
    else if (name === 'counters') this.#seeCounters(fact);
  }

  /** To be called when all was seen, and `hasLog` tells of operations. */
  compare(hasLog: boolean): void {
    if (hasLog && this.#storeSeq === undefined && !this.#isRestoring) {
      this.#lost.add('the counters of the store (they cannot be read)');
    }
    if (this.#format === undefined) this.#lost.add('the version of the format (it cannot be read)');
  }

  #seeCounters(fact: unknown): void {
    const { storeSeq, snapshotSeq, restoring } = Object(fact) as Readonly<Record<string, unknown>>;
    this.#isRestoring = restoring === true;
    if (this.#isRestoring) return;
    if (isCount(storeSeq) && isCount(snapshotSeq) && snapshotSeq <= storeSeq) this.#storeSeq = storeSeq;
  }
}

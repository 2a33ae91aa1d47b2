import type { Commit, CommittedOperation } from 'dust-orm';
import type { Findings } from './findings.js';

/** What an operation is, to be compared. */
export function textOf({ op, path, value, clientOpId }: CommittedOperation): string {
  return `${op} ${path} ${clientOpId ?? '-'} ${JSON.stringify(value)}`;
}

/** What watchers on all nodes were told: of each each operation once, in order, and the same of all. */
export class Told {
  readonly #findings: Findings;
  /** By seq. */
  readonly #operations = new Map<number, string>();
  readonly #last = new Map<string, number>();

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  hear(watcher: string, { operations }: Pick<Commit, 'operations'>): void {
    for (const operation of operations) {
      const { storeSeq } = operation;
      const last = this.#last.get(watcher);
      if (last !== undefined && storeSeq !== last + 1) {
        const what = storeSeq <= last ? 'told again, or out of order' : `missing since ${last}`;
        this.#findings.violation(`${watcher} was told operation ${storeSeq}: ${what}`);
      }
      this.#last.set(watcher, storeSeq);
      this.#findings.count('operations told');
      const text = textOf(operation);
      const before = this.#operations.get(storeSeq) ?? text;
      if (before !== text) {
        this.#findings.violation(`operation ${storeSeq} was told as ${text}, and elsewhere as ${before}`);
      }
      this.#operations.set(storeSeq, text);
    }
  }

  /** Whether all watchers were told of the operation `seq`, or of a later one. */
  hasReached(seq: number): boolean {
    return [...this.#last.values()].every((last) => last >= seq);
  }

  /** Compares with the log of a node. */
  judge(seq: number, text: string): void {
    const told = this.#operations.get(seq);
    if (told !== undefined && told !== text) {
      this.#findings.violation(`operation ${seq} is ${text}, and was told as ${told}`);
    }
  }

  /** Each watcher's last seq. */
  get ends(): readonly (readonly [watcher: string, seq: number])[] {
    return [...this.#last];
  }
}

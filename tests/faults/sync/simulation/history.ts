import type { CommittedOperation } from '../../../../src/protocol/requests/operation.js';
import type { Path } from '../../../../src/protocol/paths/path.js';
import type { JsonValue } from '../../../../src/protocol/values/value.js';
import { applyChanges, changesOf, MemoryLeafTree } from '../../../../src/store/index.js';

/** A committed operation with what its writer asked for: a delta, a member. */
export interface LoggedOperation {
  readonly operation: CommittedOperation;
  readonly asked?: JsonValue | undefined;
  /** Whether it carried a fence. */
  readonly isFenced: boolean;
  /** Whether its commit ends with it. */
  readonly isEnd: boolean;
}

interface Version {
  readonly seq: number;
  readonly value: JsonValue | undefined;
}

/** Every operation of a store from its first one, whatever compaction dropped, and every value a path has had. */
export class History {
  readonly #log: LoggedOperation[] = [];
  readonly #leaves = new MemoryLeafTree();
  readonly #versions = new Map<Path, Version[]>();

  get seq(): number {
    return this.#log.length;
  }

  get operations(): readonly LoggedOperation[] {
    return this.#log;
  }

  /** Whether the store ever stood at this seq: between two commits, and not inside of one. */
  isEnd(seq: number): boolean {
    return seq === 0 || this.#log[seq - 1]?.isEnd === true;
  }

  /** Where the commit that an operation is part of ends. */
  endAfter(seq: number): number {
    let end = seq;
    while (end < this.seq && !this.isEnd(end)) end++;
    return end;
  }

  /** The last seq up to this one at which the store stood. */
  endUntil(seq: number): number {
    let end = seq;
    while (!this.isEnd(end)) end--;
    return end;
  }

  /** Every value at and below a path as it stood after an operation. */
  valuesAt(seq: number, path: Path): ReadonlyMap<Path, JsonValue> {
    const values = new Map<Path, JsonValue>();
    for (const each of this.#versions.keys()) {
      if (each !== path && !each.startsWith(`${path}/`)) continue;
      const value = this.#valueAt(each, seq);
      if (value !== undefined) values.set(each, value);
    }
    return values;
  }

  /** Whether an operation with this id is in it. */
  has(clientOpId: string): boolean {
    return this.#log.some(({ operation }) => operation.clientOpId === clientOpId);
  }

  append(logged: LoggedOperation): void {
    const { operation } = logged;
    if (operation.storeSeq !== this.seq + 1) {
      throw new Error(`operation ${operation.storeSeq} follows ${this.seq}`);
    }
    const changes = changesOf(operation, this.#leaves);
    applyChanges(changes, this.#leaves);
    for (const { path, after } of changes) {
      const versions = this.#versions.get(path);
      const version = { seq: operation.storeSeq, value: after?.value };
      if (versions === undefined) this.#versions.set(path, [version]);
      else versions.push(version);
    }
    this.#log.push(logged);
  }

  /** The operations after `seq`, at most `limit`, as a 0.1 server reads them for catch-up (PROTOCOL §5.8). */
  page(seq: number, limit: number): CommittedOperation[] {
    const running = new Map<Path, JsonValue | undefined>();
    return this.#log.slice(seq, seq + limit).map(({ operation, asked }) => {
      const { op, path } = operation;
      if (op !== 'increment' && op !== 'add' && op !== 'remove') return operation;
      const before = running.has(path) ? running.get(path) : this.#valueAt(path, seq);
      const value = resumed(op, before, asked ?? null);
      running.set(path, value);
      return { ...operation, value };
    });
  }

  /** The same history, ended at `seq`. */
  until(seq: number): History {
    const earlier = new History();
    for (const logged of this.#log.slice(0, seq)) earlier.append(logged);
    return earlier;
  }

  #valueAt(path: Path, seq: number): JsonValue | undefined {
    return this.#versions.get(path)?.findLast((version) => version.seq <= seq)?.value;
  }
}

function resumed(
  op: 'increment' | 'add' | 'remove',
  before: JsonValue | undefined,
  asked: JsonValue,
): JsonValue {
  if (op === 'increment') return (typeof before === 'number' ? before : 0) + Number(asked);
  const members = (Array.isArray(before) ? before : []) as readonly JsonValue[];
  const others = members.filter((member) => member !== asked);
  return op === 'add' ? [asked, ...others] : others;
}

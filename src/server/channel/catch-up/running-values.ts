import { jsonEquals } from '../../../protocol/values/json.js';
import type { CommittedOperation } from '../../../protocol/requests/operation.js';
import type { Path } from '../../../protocol/paths/path.js';
import type { JsonValue } from '../../../protocol/values/value.js';
import type { LeafTree, Store } from '../../../store/index.js';
import { applyChanges, changesOf } from '../../../store/index.js';

/**
 * The totals and sets that a recorded server tells in a catch-up: those of a page start from the state before it and
 * know nothing of a `set`, `delete` or `merge` inside it (PROTOCOL §5.8).
 */
export class RunningValues {
  readonly #store: Store;
  /** The true state, and the seq of the operation it stands behind. */
  #state: LeafTree | undefined;
  #position = 0;

  constructor(store: Store) {
    this.#store = store;
  }

  /** The operations of a page, the first of which follows `position`, as they are told. */
  page(operations: readonly CommittedOperation[], position: number): CommittedOperation[] {
    if (operations.length === 0) return [];
    const state = this.#stateAt(position);
    const running = new Map<Path, JsonValue>();
    for (const { path } of operations) running.set(path, state.get(path)?.value ?? null);
    return operations.map((operation) => {
      const { path } = operation;
      const value = toldValue(operation, state.get(path)?.value ?? null, running.get(path) ?? null);
      if (ACCUMULATING.has(operation.op)) running.set(path, value);
      applyChanges(changesOf(operation, state), state);
      this.#position = operation.storeSeq;
      return { ...operation, value };
    });
  }

  /** Read from the store for the first page, and for one behind a snapshot. */
  #stateAt(position: number): LeafTree {
    if (this.#state === undefined || this.#position !== position) {
      this.#state = this.#store.leavesAt(position);
    }
    return this.#state;
  }
}

const ACCUMULATING: ReadonlySet<string> = new Set(['increment', 'add', 'remove']);

/** What an operation that made `before` into its value makes of `running`. */
function toldValue({ op, value }: CommittedOperation, before: JsonValue, running: JsonValue): JsonValue {
  switch (op) {
    case 'increment':
      return numberIn(running) + numberIn(value) - numberIn(before);
    case 'add': {
      const added = membersOf(value).slice(0, 1);
      return [...added, ...without(running, added)];
    }
    case 'remove':
      return without(running, without(before, membersOf(value)));
    default:
      return value;
  }
}

function numberIn(value: JsonValue): number {
  return typeof value === 'number' ? value : 0;
}

function without(set: JsonValue, members: readonly JsonValue[]): JsonValue[] {
  return membersOf(set).filter((present) => !members.some((member) => jsonEquals(present, member)));
}

function membersOf(value: JsonValue): readonly JsonValue[] {
  return isArray(value) ? value : [];
}

function isArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

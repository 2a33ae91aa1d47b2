import { jsonEquals } from '../../../../src/protocol/values/json.js';
import type { Commit } from '../../../../src/protocol/requests/operation.js';
import type { Path } from '../../../../src/protocol/paths/path.js';
import type { Leaf } from '../../../../src/protocol/values/value.js';
import type { History } from './history.js';
import type { SimulatedServer } from './server.js';

/** The prefix that batches of several records write to, and that every mirror keeps. */
const RECORDS: Path = 'links';

/**
 * Whether what an observer sees was ever committed. A server that does not mark commits is held to the same: what its
 * batches wrote is known by their ids (PROTOCOL §8), and nothing else of it writes several operations at once.
 *
 * Of counters and sets a catch-up tells running values that are those of a later moment (PROTOCOL §5.8): they are held
 * to nothing here.
 */
export class CommittedStates {
  readonly #server: SimulatedServer;

  constructor(server: SimulatedServer) {
    this.#server = server;
  }

  /** Whether some history of the store stood at this seq. */
  isEnd(seq: number): boolean {
    return this.#histories.some((history) => history.isEnd(seq));
  }

  /** Whether these leaves are all that the records, or one of them, had at this seq. */
  holds(seq: number, leaves: readonly Leaf[], path: Path = RECORDS): boolean {
    return this.#histories.some((history) => {
      if (!history.isEnd(seq)) return false;
      const values = history.valuesAt(seq, path);
      return (
        values.size === leaves.length && leaves.every((leaf) => jsonEquals(values.get(leaf.path), leaf.value))
      );
    });
  }

  /** Whether a commit is told whole: from where one began to where it ended, with every operation that concerns `prefixes`. */
  isWhole({ first, last, operations }: Commit, prefixes: readonly Path[] | undefined): boolean {
    if (isOfSnapshot(operations)) return this.isEnd(last);
    const told = new Set(operations.map(({ storeSeq }) => storeSeq));
    return this.#histories.some(
      (history) =>
        history.isEnd(first - 1) &&
        history.endAfter(first) === last &&
        history.operations.slice(first - 1, last).every(({ operation: { storeSeq, path, op } }) => {
          const isRunning = op === 'increment' || op === 'add' || op === 'remove';
          return told.has(storeSeq) || isRunning || !isReached(path, prefixes);
        }),
    );
  }

  get #histories(): readonly History[] {
    return [this.#server.history, ...this.#server.lostHistories];
  }
}

/** Whether they tell the difference between two states instead of what somebody wrote. */
export function isOfSnapshot(operations: Commit['operations']): boolean {
  return operations.every(({ deviceId, clientOpId }) => deviceId === null && clientOpId === null);
}

function isReached(path: Path, prefixes: readonly Path[] | undefined): boolean {
  const isWithin = (inner: Path, outer: Path): boolean => inner === outer || inner.startsWith(`${outer}/`);
  return prefixes?.some((prefix) => isWithin(path, prefix) || isWithin(prefix, path)) ?? true;
}

import type { RootDatabase, Transaction } from 'lmdb';
import type { CommittedOperation } from '../../protocol/requests/operation.js';
import type { Path } from '../../protocol/paths/path.js';
import type { Leaf } from '../../protocol/values/value.js';
import type { StoredIndex } from '../indexes/definitions.js';
import type { StorageMoment, StoreCounters } from '../storage.js';
import type { Databases } from './databases.js';
import { notOpen } from './errors.js';
import { readFault } from './faults.js';
import { GroupReader } from './leaves/group-reader.js';
import { leavesInRange } from './leaves/leaf-walk.js';
import type { LmdbOperationLog } from './lmdb-operation-log.js';

/** What an {@link LmdbMoment} is of. */
export interface LmdbMomentParts {
  readonly path: string;
  readonly root: RootDatabase<unknown, string>;
  readonly databases: Databases;
  readonly log: LmdbOperationLog;
  readonly counters: StoreCounters;
  readonly definitions: readonly StoredIndex[];
  readonly onRelease: (moment: LmdbMoment) => void;
}

/** A read transaction of LMDB that stays open: pages that it sees are not used again until it is released. */
export class LmdbMoment implements StorageMoment {
  readonly counters: StoreCounters;
  readonly definitions: readonly StoredIndex[];
  readonly #parts: LmdbMomentParts;
  readonly #transaction: Transaction;
  readonly #leaves: GroupReader;
  readonly #overlay: GroupReader;
  readonly #operations: (after: number) => Iterable<CommittedOperation>;
  #isReleased = false;

  /** @throws DustError `storage` */
  constructor(parts: LmdbMomentParts) {
    this.#parts = parts;
    this.counters = parts.counters;
    this.definitions = parts.definitions;
    const transaction = (this.#transaction = begin(parts));
    this.#leaves = new GroupReader(parts.databases.leaves.within(transaction));
    this.#overlay = new GroupReader(parts.databases.overlay.within(transaction));
    this.#operations = parts.log.hold(transaction);
  }

  leaves(after: Path | undefined): Iterable<Leaf> {
    this.#assertHeld();
    return leavesInRange(this.#leaves, after === undefined ? {} : { after });
  }

  overlay(after: Path | undefined): Iterable<Leaf> {
    this.#assertHeld();
    return leavesInRange(this.#overlay, after === undefined ? {} : { after });
  }

  operations(after: number): Iterable<CommittedOperation> {
    this.#assertHeld();
    return this.#operations(after);
  }

  release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.#transaction.done();
    this.#parts.onRelease(this);
  }

  /** A transaction that has ended must not be read from: what is mapped into memory may be another page by then. */
  #assertHeld(): void {
    if (this.#isReleased) throw notOpen(this.#parts.path);
  }
}

function begin({ path, root }: LmdbMomentParts): Transaction {
  try {
    return root.useReadTransaction();
  } catch (error) {
    throw readFault(path, error);
  }
}

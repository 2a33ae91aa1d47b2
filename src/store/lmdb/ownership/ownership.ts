import { folderLocked, heldElsewhere, ownershipLost } from '../errors.js';
import type { GuardedDatabase } from '../guarded-database.js';
import type { OwnerRecord } from './owner-record.js';
import { isGone, ownerRecordOf } from './owner-record.js';

const KEY = 'owner';

/**
 * The second line behind the folder's lock: a record beside the data that names the owner, looked at in each
 * transaction. It finds out where no lock can: an owner that was taken for dead on another machine, a lock file that
 * somebody removed. And it is how release 0.1.0, which locks nothing, and this one see each other. Every method but the
 * constructor belongs inside a write transaction.
 */
export class Ownership {
  readonly #path: string;
  readonly #meta: GuardedDatabase<unknown, string>;
  readonly #here: OwnerRecord;
  #claimed = false;

  constructor(path: string, meta: GuardedDatabase<unknown, string>, here: OwnerRecord) {
    this.#path = path;
    this.#meta = meta;
    this.#here = here;
  }

  /**
   * Whether an owner of release 0.1.0 stands in the way. Of all others the lock has told.
   *
   * @throws DustError `storage` with detail `locked`
   */
  ask(takeOver: boolean): void {
    const owner = this.#owner();
    if (owner === undefined || owner.boot !== undefined || isGone(owner, this.#here)) return;
    if (owner.host === this.#here.host) throw folderLocked(this.#path, owner, this.#here);
    if (!takeOver) throw heldElsewhere(this.#path, owner);
  }

  /** Makes this the owner. */
  claim(): void {
    this.#meta.put(KEY, this.#here);
  }

  /** To be called when the transaction of {@link Ownership.claim} is committed. */
  claimed(): void {
    this.#claimed = true;
  }

  /**
   * Sees to it that the transaction is the owner's. On a disk that was full at the opening, the first one with room
   * makes the claim.
   *
   * @throws DustError `storage` with detail `locked` when someone else has taken the folder
   */
  verify(): void {
    if (!this.#claimed) {
      this.claim();
      return;
    }
    const owner = this.#owner();
    if (owner?.instance !== this.#here.instance) throw ownershipLost(this.#path, owner);
  }

  /** Removes the record, if it is still this owner's. */
  release(): void {
    if (this.#owner()?.instance === this.#here.instance) this.#meta.remove(KEY);
  }

  #owner(): OwnerRecord | undefined {
    return ownerRecordOf(this.#meta.get(KEY));
  }
}

import type { Database } from 'lmdb';
import { folderLocked, ownershipLost } from './errors.js';
import type { OwnerRecord } from './owner-record.js';
import { isGone, ownerRecordOf } from './owner-record.js';

const KEY = 'owner';

/**
 * The right to use a data folder: a record in it that names its one owner. LMDB itself would let several processes in,
 * but a store numbers its operations and tells its watchers in memory. LMDB lets one process write at a time, so that
 * looking at the record and replacing it in one write transaction cannot go wrong. Every method
 * belongs inside one.
 */
export class Ownership {
  readonly #path: string;
  readonly #meta: Database<unknown, string>;
  readonly #here: OwnerRecord;

  constructor(path: string, meta: Database<unknown, string>, here: OwnerRecord) {
    this.#path = path;
    this.#meta = meta;
    this.#here = here;
  }

  /**
   * Takes the folder, from an owner that has ended, too, so that a killed process can be started again at once.
   * `takeOver` takes it from an owner on another host as well.
   *
   * @throws DustError `storage` with detail `locked`
   */
  claim(takeOver: boolean): void {
    const owner = this.#owner();
    const free =
      owner === undefined || isGone(owner, this.#here) || (takeOver && owner.host !== this.#here.host);
    if (!free) throw folderLocked(this.#path, owner, this.#here);
    this.#meta.putSync(KEY, this.#here);
  }

  /** @throws DustError `storage` with detail `locked` when someone else has taken the folder */
  verify(): void {
    const owner = this.#owner();
    if (owner?.instance !== this.#here.instance) throw ownershipLost(this.#path, owner);
  }

  /** Gives the folder back, if it is still this owner's to give. */
  release(): void {
    if (this.#owner()?.instance === this.#here.instance) this.#meta.removeSync(KEY);
  }

  #owner(): OwnerRecord | undefined {
    return ownerRecordOf(this.#meta.get(KEY));
  }
}

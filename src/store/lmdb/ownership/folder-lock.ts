import { isDustError, messageOf } from '../../../errors.js';
import { folderLocked, folderUnusable, heldElsewhere, locksFail } from '../errors.js';
import type { TryLock } from './kernel-lock.js';
import { LockFile } from './lock-file.js';
import type { OwnerRecord } from './owner-record.js';
import { isOfAnotherMachine } from './owner-record.js';

export interface FolderLockOptions {
  readonly folder: string;
  readonly here: OwnerRecord;
  readonly tryLock: TryLock;
  readonly takeOver: boolean;
}

/**
 * The right to use a data folder: a lock that the kernel keeps while its holder lives. It is taken before LMDB looks at
 * the folder: LMDB would let several processes in, and waits without end for one of another PID namespace. It is let go
 * after LMDB, last of all.
 */
export class FolderLock {
  readonly #file: LockFile;
  readonly #isShared: boolean;

  private constructor(file: LockFile, isShared: boolean) {
    this.#file = file;
    this.#isShared = isShared;
  }

  /**
   * Takes the folder at once, or not at all. What an owner that ended by force left behind stands in nobody's way, unless
   * it is of another machine: such a one may live, and `takeOver` says that it does not.
   *
   * @throws DustError `storage` with detail `locked`, or `unreadable` when the folder cannot be locked
   */
  static take(options: FolderLockOptions): FolderLock {
    return FolderLock.#take(options, false);
  }

  /**
   * As {@link take}, for those who only read what lies in a folder with the file of a lock: any number of them at once, and on a
   * medium that cannot be written to as well. Nothing is changed.
   *
   * @throws DustError as {@link take} does
   */
  static takeToRead(options: FolderLockOptions): FolderLock {
    return FolderLock.#take(options, true);
  }

  static #take(options: FolderLockOptions, isShared: boolean): FolderLock {
    const { folder, here } = options;
    const file = openLockFile(folder, isShared);
    try {
      if (!isFree(file, options, isShared)) throw folderLocked(folder, file.read(), here);
      if (!file.isInPlace) throw folderUnusable(folder, 'it was removed or replaced while it was opened');
      const last = file.read();
      if (!options.takeOver && last !== undefined && isOfAnotherMachine(last, here)) {
        throw heldElsewhere(folder, last);
      }
      if (!isShared) file.write(here);
    } catch (error) {
      file.close();
      throw isDustError(error) ? error : folderUnusable(folder, messageOf(error), error);
    }
    return new FolderLock(file, isShared);
  }

  /** Gives the folder back. Nothing of the owner is left that anybody would have to ask about. */
  release(): void {
    if (!this.#isShared) this.#file.clear();
    this.#file.close();
  }
}

function openLockFile(folder: string, readOnly: boolean): LockFile {
  try {
    return new LockFile(folder, { readOnly });
  } catch (error) {
    throw isDustError(error) ? error : folderUnusable(folder, messageOf(error), error);
  }
}

function isFree(file: LockFile, { folder, tryLock }: FolderLockOptions, shared: boolean): boolean {
  try {
    return tryLock(file.descriptor, { shared });
  } catch (error) {
    throw locksFail(folder, error);
  }
}

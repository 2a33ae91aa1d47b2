import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { folderUnusable } from '../errors.js';
import type { OwnerRecord } from './owner-record.js';
import { ownerRecordOf } from './owner-record.js';

/** The file of a data folder that its owner has locked. */
export const LOCK_NAME = 'owner.lock';

/** More than any record takes. What is longer is none. */
const MAX_RECORD_BYTES = 4096;

/** The file of a data folder that its owner has locked, and what it says of the owner. It stays when it is given back. */
export class LockFile {
  readonly #path: string;
  readonly #file: number;

  /**
   * Opens the file, making it when it is missing, or only for reading: then it has to be there. Whatever stands at its place,
   * this neither waits nor follows it elsewhere.
   *
   * @throws DustError `storage` with detail `unreadable` when something else stands there, or the system's error
   */
  constructor(folder: string, { readOnly }: { readonly readOnly: boolean }) {
    const { O_RDONLY, O_RDWR, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants;
    this.#path = join(folder, LOCK_NAME);
    this.#file = openSync(
      this.#path,
      (readOnly ? O_RDONLY : O_RDWR | O_CREAT) | O_NOFOLLOW | O_NONBLOCK,
      0o664,
    );
    if (fstatSync(this.#file).isFile()) return;
    this.close();
    throw folderUnusable(folder, `${LOCK_NAME} is not a file`);
  }

  /** For the lock. */
  get descriptor(): number {
    return this.#file;
  }

  /** Whether the open file is the one in the folder. It is not when that was removed meanwhile. */
  get isInPlace(): boolean {
    const there = statSync(this.#path, { bigint: true, throwIfNoEntry: false });
    const here = fstatSync(this.#file, { bigint: true });
    return there?.ino === here.ino && there.dev === here.dev;
  }

  /** Who it says is the owner. Undefined when it says nothing, or nothing that can be read. */
  read(): OwnerRecord | undefined {
    const bytes = Buffer.alloc(MAX_RECORD_BYTES);
    try {
      const length = readSync(this.#file, bytes, 0, MAX_RECORD_BYTES, 0);
      return ownerRecordOf(JSON.parse(bytes.toString('utf8', 0, length)));
    } catch {
      return undefined;
    }
  }

  /**
   * Names the owner. A disk without room leaves the file empty: the lock counts without it, and only the words of a
   * refusal would be poorer.
   */
  write(owner: OwnerRecord): void {
    const bytes = Buffer.from(JSON.stringify(owner));
    try {
      if (writeSync(this.#file, bytes, 0, bytes.length, 0) < bytes.length) this.clear();
      else ftruncateSync(this.#file, bytes.length);
      fsyncSync(this.#file);
    } catch {
      this.clear();
    }
  }

  /** Names nobody. A disk that refuses it leaves the name of one who has ended, as if that had been killed. */
  clear(): void {
    try {
      ftruncateSync(this.#file, 0);
    } catch {
      // Nothing more can be done, and the lock does not depend on it.
    }
  }

  /** Ends the lock with the open file. */
  close(): void {
    closeSync(this.#file);
  }
}

import { closeSync, fstatSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { folderGone } from '../errors.js';
import { readFault } from '../faults.js';
import { hasCode } from '../system-error.js';
import { DATA_FILE } from './check-files.js';

/** What the system says, beside that there is nothing, when the way to the file is another one now. */
const NOT_THERE = ['ENOTDIR', 'ELOOP', 'ESTALE'];

/** What tells a file from any other. */
interface Identity {
  readonly ino: bigint;
  readonly dev: bigint;
}

/**
 * Whether the open data file is still the one in the folder. A file that was removed or moved takes writes as before, and
 * nobody would find them again.
 */
export class DataFileInPlace {
  readonly #folder: string;
  readonly #path: string;
  readonly #file: number;
  #known: Identity;

  /** To be made while LMDB has the file open. @throws the system's error */
  constructor(folder: string) {
    this.#folder = folder;
    this.#path = join(folder, DATA_FILE);
    this.#file = openSync(this.#path, 'r');
    this.#known = fstatSync(this.#file, { bigint: true });
  }

  /** Bytes of the open file. @throws the system's error */
  get bytes(): number {
    return fstatSync(this.#file).size;
  }

  /** Costs one call of the system. @throws DustError `storage` with detail `gone` or `read_failed` */
  check(): void {
    const there = this.#inFolder();
    if (there === undefined) throw folderGone(this.#folder);
    if (isSame(there, this.#known)) return;
    // On some network file systems the number of a file is not for life: only the open file itself can tell.
    this.#known = fstatSync(this.#file, { bigint: true });
    if (!isSame(there, this.#known)) throw folderGone(this.#folder);
  }

  close(): void {
    closeSync(this.#file);
  }

  #inFolder(): Identity | undefined {
    try {
      return statSync(this.#path, { bigint: true, throwIfNoEntry: false });
    } catch (error) {
      if (NOT_THERE.some((code) => hasCode(error, code))) return undefined;
      throw readFault(this.#folder, error);
    }
  }
}

function isSame(one: Identity, other: Identity): boolean {
  return one.ino === other.ino && one.dev === other.dev;
}

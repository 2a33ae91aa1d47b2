import type { DustError } from '../../errors.js';
import { isDustError, messageOf } from '../../errors.js';
import { damagedFile, exhausted, notOpen, readFailed, writeFailed } from './errors.js';
import { hasCode } from './system-error.js';

/** LMDB's own codes, by what they mean for the data (lmdb.h, "Return Codes"). Systems' errors have positive codes. */
const DAMAGED = [
  -30797, // MDB_PAGE_NOTFOUND
  -30796, // MDB_CORRUPTED
  -30794, // MDB_VERSION_MISMATCH
  -30793, // MDB_INVALID
  -30784, // MDB_INCOMPATIBLE
  -30780, // MDB_BAD_DBI
];
const EXHAUSTED = [
  -30792, // MDB_MAP_FULL
  -30791, // MDB_DBS_FULL
  -30790, // MDB_READERS_FULL
  -30789, // MDB_TLS_FULL
  12, // ENOMEM
  23, // ENFILE
  24, // EMFILE
  'ENOMEM',
  'ENFILE',
  'EMFILE',
];

/** The error for what LMDB threw when it was asked for something in the folder at `path`. */
export function readFault(path: string, error: unknown): DustError {
  return common(path, error) ?? readFailed(path, error);
}

/** The error for what LMDB, or the file system, threw when it was to write there. */
export function writeFault(path: string, error: unknown): DustError {
  return common(path, error) ?? writeFailed(path, error);
}

function common(path: string, error: unknown): DustError | undefined {
  if (isDustError(error)) return error;
  if (DAMAGED.some((code) => hasCode(error, code))) return damagedFile(path, error);
  if (EXHAUSTED.some((code) => hasCode(error, code))) return exhausted(path, error);
  // What lmdb itself finds, before it asks LMDB, has no code.
  if (!hasAnyCode(error) && messageOf(error).includes('closed')) return notOpen(path);
  return undefined;
}

function hasAnyCode(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error;
}

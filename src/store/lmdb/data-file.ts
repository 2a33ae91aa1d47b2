import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fstatSync,
  openSync,
  readSync,
  statSync,
} from 'node:fs';
import { endianness } from 'node:os';
import { join } from 'node:path';
import { PAGE_SIZE } from './path-key.js';
import { hasCode } from './system-error.js';

/** Where LMDB's 64-bit file format keeps what is needed to tell a sound file: byte offsets into a meta page. */
const MAGIC = { at: 24, value: 0xbeefc0de };
const VERSION = { at: 28, value: 2 };
const PAGE_SIZE_AT = 48;
const FREE_ROOT_AT = 88;
const MAIN_ROOT_AT = 136;
const TRANSACTION_AT = 152;
const META_BYTES = 160;
const NO_ROOT = 0xffff_ffff_ffff_ffffn;

const WIDE_ARCHITECTURES = ['x64', 'arm64', 'ppc64', 'riscv64', 'loong64'];

/**
 * Checks that this process may use the folder and what LMDB keeps in it, because LMDB ends the process where it may not.
 * The lock file is asked about and never opened: closing it would give up all locks this process holds on it.
 *
 * @throws the system's error, such as `EACCES`
 */
export function assertAccess(folder: string): void {
  const { R_OK, W_OK, X_OK } = constants;
  accessSync(folder, R_OK | W_OK | X_OK);
  for (const file of [join(folder, 'data.mdb'), join(folder, 'lock.mdb')]) {
    if (existsSync(file)) accessSync(file, R_OK | W_OK);
  }
}

/**
 * What is wrong with the data file in `folder`, undefined when nothing is known to be. LMDB maps the file into memory
 * and trusts it: opening anything else, or a file that was cut off, would end the process instead of throwing.
 */
export function dataFileFault(folder: string): string | undefined {
  if (endianness() !== 'LE' || !WIDE_ARCHITECTURES.includes(process.arch)) return undefined;
  const file = openIfPresent(join(folder, 'data.mdb'));
  if (file === undefined) return undefined;
  try {
    const size = fstatSync(file).size;
    return size === 0 ? undefined : fault(file, size);
  } finally {
    closeSync(file);
  }
}

/** Bytes of the data file in `folder`. @throws the system's error */
export function dataFileSize(folder: string): number {
  return statSync(join(folder, 'data.mdb')).size;
}

function fault(file: number, size: number): string | undefined {
  const first = metaPage(file, 0);
  if (first === undefined) return 'data.mdb is not an LMDB file';
  const pageSize = first.readUInt32LE(PAGE_SIZE_AT);
  if (pageSize !== PAGE_SIZE) return `data.mdb has pages of ${pageSize} bytes, not of ${PAGE_SIZE}`;
  const second = metaPage(file, PAGE_SIZE);
  if (second === undefined) return 'data.mdb is cut off';
  const newer =
    second.readBigUInt64LE(TRANSACTION_AT) > first.readBigUInt64LE(TRANSACTION_AT) ? second : first;
  const lost = [FREE_ROOT_AT, MAIN_ROOT_AT]
    .map((at) => newer.readBigUInt64LE(at))
    .some((root) => root !== NO_ROOT && (root + 1n) * BigInt(PAGE_SIZE) > BigInt(size));
  return lost ? 'data.mdb is cut off' : undefined;
}

/** The meta page at `position`, undefined when there is none. */
function metaPage(file: number, position: number): Buffer | undefined {
  const bytes = Buffer.alloc(META_BYTES);
  if (readSync(file, bytes, 0, META_BYTES, position) !== META_BYTES) return undefined;
  const isMeta =
    bytes.readUInt32LE(MAGIC.at) === MAGIC.value &&
    (bytes.readUInt32LE(VERSION.at) & 0xffff) === VERSION.value;
  return isMeta ? bytes : undefined;
}

function openIfPresent(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

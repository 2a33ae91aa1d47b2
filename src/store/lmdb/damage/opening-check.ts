import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { PAGE_SIZE } from '../path-key.js';
import { hasCode } from '../system-error.js';
import { Findings } from './findings.js';
import { META_BYTES, META_PAGES, metaOf } from './layout.js';
import { PageFile } from './page-file.js';
import { canReadLayout } from './platform.js';
import type { MetaReading } from './read-meta.js';
import { readMeta } from './read-meta.js';
import { markedFormat } from './store-mark.js';
import { Structure } from './structure.js';

/** How many pages an opening looks at: 8 MB, which takes a few milliseconds. */
export const PAGES_AT_OPENING = 1024;

/** How often the file is looked at when somebody changes it meanwhile. */
const ATTEMPTS = 5;

/** How many findings the message of a refused opening names. */
const NAMED = 3;

/**
 * What is wrong with how the data file lies in `folder`; undefined when it may be looked into, or made anew. What release
 * 0.1.0 left of a new store for which there was no room is removed.
 *
 * @throws the system's error
 */
export function presenceFault(folder: string): string | undefined {
  const wasStore = markedFormat(folder) !== undefined;
  const path = join(folder, 'data.mdb');
  return withFile(path, wasStore ? 'data.mdb is missing' : undefined, (file) => {
    if (file.size === 0 && wasStore) return 'data.mdb is empty';
    if (!wasStore && isUnfinished(file)) rmSync(path);
    else if (wasStore && canReadLayout() && holdsNothing(file)) return 'data.mdb holds nothing';
    return undefined;
  });
}

/**
 * What is wrong with the data file in `folder`, as far as its first {@link PAGES_AT_OPENING} pages from the roots down
 * tell; undefined when nothing is known to be. LMDB maps the file into memory and trusts it: a file that was cut off, or a
 * page that holds something else, would end the process instead of throwing.
 *
 * @throws the system's error
 */
export function openingFault(folder: string): string | undefined {
  if (!canReadLayout()) return undefined;
  return withFile(join(folder, 'data.mdb'), undefined, stableFault);
}

/** Of a file that never held anything, less than the two pages that a new one begins with. */
function isUnfinished(file: PageFile): boolean {
  if (file.size === 0) return true;
  if (file.size >= META_PAGES * PAGE_SIZE) return false;
  const begin = file.readBytes(0, file.size);
  return metaOf(begin.subarray(0, META_BYTES))?.transaction === 0 || begin.every((byte) => byte === 0);
}

/** A file that another process is writing to shows a mixture of states; only what two looks agree on is a fault. */
function stableFault(file: PageFile): string | undefined {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const before = readMeta(file);
    const fault = faultIn(file, before);
    if (fault === undefined || isSame(before, readMeta(file))) return fault;
  }
  return undefined;
}

function faultIn(file: PageFile, reading: MetaReading): string | undefined {
  if (reading.fault !== undefined) return reading.fault;
  const { meta } = reading;
  if (new Structure(file, meta, new Findings()).isCutOff()) return 'data.mdb is cut off';
  const lost = new Findings();
  new Structure(file, meta, lost).begin(PAGES_AT_OPENING);
  const summary = lost.summary(NAMED);
  return summary === undefined ? undefined : `data.mdb is damaged, and these are lost: ${summary}`;
}

function isSame(one: MetaReading, other: MetaReading): boolean {
  if (one.fault !== undefined || other.fault !== undefined) return one.fault === other.fault;
  return one.meta.transaction === other.meta.transaction;
}

/** A file in which no transaction was ever completed. */
function holdsNothing(file: PageFile): boolean {
  const reading = readMeta(file);
  return reading.fault === undefined && reading.meta.transaction === 0;
}

/** What `look` says of the file, or what its absence says. */
function withFile(
  path: string,
  absent: string | undefined,
  look: (file: PageFile) => string | undefined,
): string | undefined {
  let file: PageFile;
  try {
    file = PageFile.open(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return absent;
    throw error;
  }
  try {
    return look(file);
  } finally {
    file.close();
  }
}

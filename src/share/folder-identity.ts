import { randomUUID } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasCode } from '../store/lmdb/index.js';

/** The file of a shared folder that tells it from any other that is ever at its place. */
const IDENTITY_FILE = 'share.id';

/** More than any identity takes. */
const MAX_LENGTH = 100;

/** What the system says where there is no such file, or no folder. */
const ABSENT = ['ENOENT', 'ENOTDIR'];

/** What a folder is known by: `missing` where none is noted, or there is no folder; undefined where that cannot be told just now. */
export type FolderIdentity = { readonly id: string } | 'missing' | undefined;

/** Whether a folder that was known as `known` may be the one that is `found`. */
export function isSame(known: FolderIdentity, found: FolderIdentity): boolean {
  if (known === undefined || found === undefined || known === 'missing') return true;
  return found !== 'missing' && found.id === known.id;
}

/** What a folder is known by to those who share it. Never throws. */
export function identityOf(folder: string): FolderIdentity {
  try {
    const id = readFileSync(join(folder, IDENTITY_FILE), 'latin1').slice(0, MAX_LENGTH).trim();
    return id === '' ? 'missing' : { id };
  } catch (error) {
    return ABSENT.some((code) => hasCode(error, code)) ? 'missing' : undefined;
  }
}

/**
 * Notes what the folder is to be known by, unless that is noted. For whoever has its lock. A disk without room goes without: then nobody
 * can tell the folder from another one. Never throws.
 */
export function noteIdentity(folder: string): void {
  if (identityOf(folder) !== 'missing') return;
  const draft = join(folder, `${IDENTITY_FILE}.new`);
  try {
    writeFileSync(draft, `${randomUUID()}\n`);
    renameSync(draft, join(folder, IDENTITY_FILE));
  } catch {
    rmSync(draft, { force: true });
  }
}

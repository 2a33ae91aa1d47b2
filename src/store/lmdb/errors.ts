import { DustError, messageOf } from '../../errors.js';
import type { OwnerRecord } from './owner-record.js';

const storage = (detail: string, message: string, cause?: unknown): DustError =>
  new DustError('storage', message, { detail, cause });

/** The native package could not be loaded. Detail `unavailable`. */
export function lmdbUnavailable(cause: unknown): DustError {
  return storage(
    'unavailable',
    'A durable store needs the package "lmdb", and it could not be loaded. Install it for this platform ' +
      '(npm install lmdb), or leave out `path` to keep the store in memory.',
    cause,
  );
}

/** The folder cannot be used as a folder to write in. Detail `unreadable`. */
export function folderUnusable(path: string, reason: string, cause?: unknown): DustError {
  return storage(
    'unreadable',
    `The data folder ${JSON.stringify(path)} cannot be used: ${reason}. ` +
      'Name a folder that this process may create, read and write.',
    cause,
  );
}

/** The folder holds something that is not a store, or no longer one. Detail `corrupt`. */
export function notAStore(path: string, reason: string, cause?: unknown): DustError {
  return storage(
    'corrupt',
    `The data folder ${JSON.stringify(path)} does not hold a readable store: ${reason}. ` +
      'Restore it from a backup, or name another folder.',
    cause,
  );
}

/** The folder was written by a later release. Detail `newer_version`. */
export function newerFormat(path: string, found: number, supported: number): DustError {
  return storage(
    'newer_version',
    `The data folder ${JSON.stringify(path)} has format version ${found}; this release of dust-orm reads up to ` +
      `version ${supported}. Upgrade dust-orm, or name another folder.`,
  );
}

/** Another process, or another data source of this one, has the folder open. Detail `locked`. */
export function folderLocked(path: string, owner: OwnerRecord, here: OwnerRecord): DustError {
  const where = JSON.stringify(path);
  if (owner.host !== here.host) {
    return storage(
      'locked',
      `The data folder ${where} is in use by process ${owner.pid} on the host ${JSON.stringify(owner.host)}, which cannot ` +
        'be asked from here. Close it there; if that process is gone for good, open the folder once with `takeOver: true`.',
    );
  }
  const cure =
    owner.pid === here.pid
      ? 'another data source of this process. Close that one first, or share it'
      : 'another process. Stop it first, or name another folder';
  return storage('locked', `The data folder ${where} is in use by process ${owner.pid}: ${cure}.`);
}

/** Someone took the folder over while this storage had it open. Detail `locked`. */
export function ownershipLost(path: string, owner: OwnerRecord | undefined): DustError {
  const who =
    owner === undefined ? 'someone' : `process ${owner.pid} on the host ${JSON.stringify(owner.host)}`;
  return storage(
    'locked',
    `The data folder ${JSON.stringify(path)} was taken over by ${who}; nothing was written. Close this data source.`,
  );
}

/** The data file was removed or replaced while it was open. Detail `gone`. */
export function dataFileGone(path: string): DustError {
  return storage(
    'gone',
    `The data folder ${JSON.stringify(path)} does not hold the store any more that was opened there: it was removed or replaced. ` +
      'What is written from now on would be lost. Close this data source, restore the folder, and open it again.',
  );
}

/** The medium refused a write, or it was undone with others of its transaction. Detail `write_failed`. */
export function writeFailed(path: string, cause: unknown): DustError {
  return storage(
    'write_failed',
    `Nothing was written to the data folder ${JSON.stringify(path)}: ${messageOf(cause)}. ` +
      'Check the space left on its disk and that the disk is healthy, then write again.',
    cause,
  );
}

/** A write outside of `commit`, or any use after `close`. */
export function notWritable(path: string): DustError {
  return new DustError(
    'closed',
    `The data folder ${JSON.stringify(path)} is not open for writing: it was closed, or a write was made outside of a commit.`,
  );
}

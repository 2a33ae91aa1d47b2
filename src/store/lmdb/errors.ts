import { DustError, messageOf } from '../../errors.js';
import type { OwnerRecord } from './ownership/owner-record.js';
import { isSameProcess } from './ownership/owner-record.js';

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

/** The package that asks the kernel for locks could not be loaded. Detail `unavailable`. */
export function lockUnavailable(cause: unknown): DustError {
  return storage(
    'unavailable',
    'A durable store needs the package "fs-native-extensions" to lock its folder, and it could not be loaded. Install it ' +
      'for this platform (npm install fs-native-extensions), or leave out `path` to keep the store in memory.',
    cause,
  );
}

/** The file system knows no locks, or refuses them. Detail `unreadable`. */
export function locksFail(path: string, cause: unknown): DustError {
  return folderUnusable(
    path,
    `its file system cannot lock a file (${messageOf(cause)}), so that nothing would keep two processes apart`,
    cause,
  );
}

/** Another process, or another data source of this one, has the folder open. Detail `locked`. */
export function folderLocked(path: string, owner: OwnerRecord | undefined, here: OwnerRecord): DustError {
  return storage('locked', `The data folder ${JSON.stringify(path)} is in use by ${nameOf(owner, here)}.`);
}

function nameOf(owner: OwnerRecord | undefined, here: OwnerRecord): string {
  const cure = 'another process. Stop it first, or name another folder';
  if (owner === undefined) return cure;
  const process = `process ${owner.pid}`;
  if (!isSameProcess(owner, here)) {
    return owner.host === here.host
      ? `${process}: ${cure}`
      : `${process} on the host ${JSON.stringify(owner.host)}: ${cure}`;
  }
  const thread =
    owner.thread === undefined || owner.thread === here.thread ? '' : ` in thread ${owner.thread}`;
  return `${process}: another data source of this process${thread}. Close that one first, or share it`;
}

/** The owner is on another machine, of which nothing can be known. Detail `locked`. */
export function heldElsewhere(path: string, owner: OwnerRecord): DustError {
  return storage(
    'locked',
    `The data folder ${JSON.stringify(path)} is in use by process ${owner.pid} on the host ` +
      `${JSON.stringify(owner.host)}, which cannot be asked from here. Close it there; if that process is gone for good, ` +
      'open the folder once with `takeOver: true`.',
  );
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

/** The data file was removed, moved or replaced under an open storage. Detail `gone`. */
export function folderGone(path: string): DustError {
  return storage(
    'gone',
    `The data folder ${JSON.stringify(path)}, or data.mdb in it, was removed, moved or replaced while it was open; nothing ` +
      'was written. Close this data source, put the folder back, and open it again.',
  );
}

/** What is stored under a key is not what a store writes. Detail `corrupt`. */
export function damagedValue(path: string, where: string, cause?: unknown): DustError {
  return storage(
    'corrupt',
    `The data folder ${JSON.stringify(path)} is damaged: what it holds ${where} cannot be read. ` +
      'Restore it from a backup.',
    cause,
  );
}

/** LMDB found that its file is not as it left it. Detail `corrupt`. */
export function damagedFile(path: string, cause: unknown): DustError {
  return storage(
    'corrupt',
    `The data folder ${JSON.stringify(path)} is damaged: ${messageOf(cause)}. Restore it from a backup.`,
    cause,
  );
}

/** LMDB has run out of something it has a fixed number of, or the machine of memory or open files. Detail `exhausted`. */
export function exhausted(path: string, cause: unknown): DustError {
  return storage(
    'exhausted',
    `The data folder ${JSON.stringify(path)} cannot be used just now: ${messageOf(cause)}. ` +
      'Too many reads are under way, or the process has reached a limit on memory or open files; try again when some have ended.',
    cause,
  );
}

/** The medium refused a read, for a reason that says nothing of the data. Detail `read_failed`. */
export function readFailed(path: string, cause: unknown): DustError {
  return storage(
    'read_failed',
    `The data folder ${JSON.stringify(path)} could not be read: ${messageOf(cause)}. ` +
      'Check that its disk is healthy, then close this data source and open it again.',
    cause,
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

/** A read after `close`. */
export function notOpen(path: string): DustError {
  return new DustError('closed', `The data folder ${JSON.stringify(path)} was closed.`);
}

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
      '(npm install lmdb), and where the program is bundled leave it out of the bundle (esbuild --external:lmdb), ' +
      'or leave out `path` to keep the store in memory.',
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

/** A walk over all of the data found that some of it is lost. Detail `corrupt`. */
export function damagedStore(path: string, count: number, lost: string): DustError {
  return storage(
    'corrupt',
    `The data folder ${JSON.stringify(path)} is damaged. Lost or changed, in ${count} ${count === 1 ? 'place' : 'places'}: ${lost}. ` +
      'Restore it from a backup.',
  );
}

/** A restore was called off before it changed anything. */
export function restoreAborted(signal: AbortSignal): DustError {
  return new DustError(
    'aborted',
    'The restore was called off through its AbortSignal. Nothing was replaced.',
    {
      cause: signal.reason,
    },
  );
}

/** The program's own listener threw. Detail `thrown`. */
export function restoreStopped(cause: unknown): DustError {
  return new DustError(
    'aborted',
    `onProgress of the restore threw, which called it off: ${messageOf(cause)}. Nothing was replaced.`,
    { detail: 'thrown', cause },
  );
}

/** What a backup copied is damaged. Detail `corrupt`. */
export function backupDamaged(path: string, lost: string): DustError {
  return storage(
    'corrupt',
    `No backup was made of the data folder ${JSON.stringify(path)}, because it is damaged. Lost or changed: ${lost}. Keep the backups ` +
      'made before, and see `dust-orm doctor --data … --verify`.',
  );
}

/** A backup has its name, and the disk does not say that it keeps it. Detail `write_failed`. */
export function backupUnsettled(out: string, cause: unknown): DustError {
  return storage(
    'write_failed',
    `The backup at ${JSON.stringify(out)} was made, and is whole; but the disk did not confirm its name, which a loss of power may undo: ` +
      `${messageOf(cause)}. Check the disk, then look whether the backup is there.`,
    cause,
  );
}

/** A backup could not be written. Detail `write_failed`. */
export function backupFailed(out: string, cause: unknown): DustError {
  return storage(
    'write_failed',
    `No backup was made at ${JSON.stringify(out)}, and nothing was left there: ${messageOf(cause)}. Name a folder that is not there yet, in one ` +
      'that this process may write to, on a disk with room for all of the data file.',
    cause,
  );
}

/** Something lies where a backup is to be made. */
export function backupThere(out: string): DustError {
  return new DustError(
    'invalid_options',
    `No backup was made: there is something at ${JSON.stringify(out)} already. Name a folder that is not there yet.`,
  );
}

/** A backup would become part of what it is a backup of. */
export function backupInside(out: string, path: string): DustError {
  return new DustError(
    'invalid_options',
    `No backup was made: ${JSON.stringify(out)} lies inside the data folder ${JSON.stringify(path)}. Name a folder outside of it.`,
  );
}

/** Something else than the name of a folder. */
export function folderUnnamed(option: string, expected: string): DustError {
  return new DustError('invalid_options', `${option} must name a folder: ${expected}.`);
}

/** What a backup is restored to is part of it. */
export function restoreIntoBackup(path: string, backup: string): DustError {
  return new DustError(
    'invalid_options',
    `Nothing was restored: the folder ${JSON.stringify(path)} lies in the backup ${JSON.stringify(backup)}, which must stay as it is. Name another folder.`,
  );
}

/** A backup was put in place, and the disk does not say that it stays there. Detail `write_failed`. */
export function restoreUnsettled(path: string, cause: unknown): DustError {
  return storage(
    'write_failed',
    `The backup was put into ${JSON.stringify(path)}, and each data file there is whole; but the disk did not confirm it, and a loss of power may ` +
      `bring the old one back: ${messageOf(cause)}. Check the disk, then restore again.`,
    cause,
  );
}

/** Some stores of a backup were put in place, and another could not be. Detail `write_failed`. */
export function restoreHalfDone(path: string, done: number, all: number, cause: unknown): DustError {
  return storage(
    'write_failed',
    `Of the backup, ${done} of ${all} stores were put into ${JSON.stringify(path)}, and the next could not be: ${messageOf(cause)}. Each data file there is ` +
      'whole, the old one or the new. Check the disk, then restore again with `replace` (--replace).',
    cause,
  );
}

/** What is to be restored is no backup. */
export function noBackup(backup: string): DustError {
  return new DustError(
    'invalid_options',
    `Nothing was restored: there is no backup in ${JSON.stringify(backup)}. Name the folder that a backup made, which holds a data.mdb.`,
  );
}

/** What is to be restored cannot be looked at. Detail `unreadable`. */
export function backupUnusable(backup: string, cause: unknown): DustError {
  return storage(
    'unreadable',
    `Nothing was restored: the backup ${JSON.stringify(backup)} cannot be read: ${messageOf(cause)}.`,
    cause,
  );
}

/** A store would be replaced. */
export function restoreOverStore(path: string): DustError {
  return new DustError(
    'invalid_options',
    `Nothing was restored: the folder ${JSON.stringify(path)} holds a store. Give \`replace\` (--replace) to put the backup in its place, or name ` +
      'another folder.',
  );
}

/** A backup could not be put in place. Detail `write_failed`. */
export function restoreFailed(path: string, cause: unknown): DustError {
  return storage(
    'write_failed',
    `The backup could not be put into ${JSON.stringify(path)}: ${messageOf(cause)}. What was there stands as it was. Check the space left on the disk, then ` +
      'restore again.',
    cause,
  );
}

/** This machine lays out data files in a way that is not known here. */
export function verifyUnavailable(): DustError {
  return new DustError(
    'not_supported',
    'A data folder can be verified on 64-bit little-endian machines (x64, arm64) only. Leave out `verify`, or do it on such a one.',
    { detail: 'verify' },
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
      'for this platform (npm install fs-native-extensions), and where the program is bundled leave it out of the bundle, too, or leave out `path` to keep the store in memory.',
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
  const share =
    owner?.share === undefined
      ? ''
      : ' It shares the folder with those who open it with `share: true`, as a DataSource can.';
  return storage(
    'locked',
    `The data folder ${JSON.stringify(path)} is in use by ${nameOf(owner, here)}.${share}`,
  );
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
  return `${process}: another data source of this process${thread}. Close that one first, or use it here, too`;
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

/** A folder of an earlier format could not be carried over. Detail `write_failed`. */
export function carryingFailed(path: string, cause: DustError): DustError {
  return storage(
    'write_failed',
    `The data folder ${JSON.stringify(path)} has the format of an earlier release, and was not carried over to the one of this release: ` +
      `${messageOf(cause.cause ?? cause)}. Nothing of it is lost, and the next opening goes on with it. Check the space left on its disk and ` +
      'that the disk is healthy, then open it again.',
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

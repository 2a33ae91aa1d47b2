import { DustError, messageOf } from '../errors.js';
import type { OwnerRecord } from '../store/lmdb/index.js';

/** Nobody answers for a shared folder just now. What was asked was not sent. Detail `owner_away`. */
export function ownerAway(folder: string, cause?: unknown): DustError {
  const why =
    cause === undefined
      ? 'whoever had it has ended, and the next is about to take it over'
      : `it cannot be taken over (${messageOf(cause)})`;
  return new DustError(
    'network',
    `Nobody answers for the shared folder ${JSON.stringify(folder)} just now: ${why}. Nothing was sent. Try again in a moment.`,
    { detail: 'owner_away', cause },
  );
}

/** A folder whose owner has not said that it shares it. Detail `locked`. */
export function notShared(folder: string, owner: OwnerRecord | undefined, cause: unknown): DustError {
  const who = owner === undefined ? 'another process' : `process ${owner.pid}`;
  return new DustError(
    'storage',
    `The data folder ${JSON.stringify(folder)} is in use by ${who}, which does not share it. Open it with \`share: true\` there, too, or stop that ` +
      'process, or name another folder.',
    { detail: 'locked', cause },
  );
}

/** A folder that a process of another user has, or had. Detail `locked`. */
export function ofAnotherUser(folder: string, place: string): DustError {
  return new DustError(
    'storage',
    `The data folder ${JSON.stringify(folder)} cannot be shared here: ${JSON.stringify(place)} belongs to another user, and only processes of one ` +
      'user share a folder. Run them as the same user; when none of them runs any more, remove it.',
    { detail: 'locked' },
  );
}

/** No socket can be made, neither in the folder nor outside. Detail `unreadable`. */
export function noPlaceForSocket(folder: string, cause: unknown): DustError {
  return new DustError(
    'storage',
    `The data folder ${JSON.stringify(folder)} cannot be shared: no socket can be made, neither in it nor in the folder for temporary files ` +
      `(${messageOf(cause)}). Let TMPDIR name a folder with a short path that this user may write to.`,
    { detail: 'unreadable', cause },
  );
}

/** The owner of a folder neither answers nor ends. Detail `owner_silent`. */
export function ownerSilent(folder: string, ms: number, cause: unknown): DustError {
  return new DustError(
    'timeout',
    `Whoever has the shared folder ${JSON.stringify(folder)} has not answered within ${ms} ms: it is still opening the folder, or stands still. Look ` +
      'what it does, or end it; another process takes over then.',
    { detail: 'owner_silent', retryable: true, cause },
  );
}

/** This system has no sockets that only their user reaches. */
export function shareUnsupported(platform: string): DustError {
  return new DustError(
    'not_supported',
    `The option share needs Unix sockets that only their user reaches, which ${platform} has not. Let one process have the folder, or run ` +
      '`dust-orm serve` and give the others its url.',
    { detail: 'share' },
  );
}

/** The owner ended before it had answered. What it copied so far is not there under the name that was asked for. */
export function backupCutOff(out: string, cause: unknown): DustError {
  return new DustError(
    'storage',
    `No backup was made at ${JSON.stringify(out)}: the process that has the shared folder ended, or cannot be reached (${messageOf(cause)}). Begin it again.`,
    { detail: 'write_failed', retryable: true, cause },
  );
}

/** The owner acknowledged a file with something that is no receipt: it is of another version. Detail `unexpected_response`. */
export function unreadableReceipt(path: string): DustError {
  return new DustError(
    'indeterminate',
    `${JSON.stringify(path)}: the file was acknowledged, but the answer is no receipt. Let all processes that share the folder use one version of dust-orm.`,
    { detail: 'unexpected_response', path },
  );
}

/** A write whose answer was lost with an owner, and that no other one has answered. */
export function outcomeUnknown(cause: unknown): DustError {
  return new DustError(
    'indeterminate',
    `${messageOf(cause)} The write may or may not have been applied: read what is there before writing again.`,
    { detail: 'owner_away', retryable: false, cause },
  );
}

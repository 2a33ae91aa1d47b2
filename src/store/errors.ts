import { DustError } from '../errors.js';
import { duplicateError } from '../protocol/requests/duplicate.js';
import { storedForm } from './indexes/stored-form.js';
import type { IndexPart, IndexedValue } from '../protocol/values/record-access.js';
import type { Subject } from '../protocol/requests/request-errors.js';
import { invalidCall, invalidParams, refused } from '../protocol/requests/request-errors.js';
import type { Path } from '../protocol/paths/path.js';

/** `if_match` found another revision, or none. */
export function conflict(subject: Subject, expected: number, currentRevision: number | null): DustError {
  const found = currentRevision === null ? 'there is nothing' : `it stands at revision ${currentRevision}`;
  return refused('conflict', subject, `expected revision ${expected}, but ${found}. Read again and retry.`, {
    currentRevision,
  });
}

/** `if_absent` found a leaf. */
export function exists(subject: Subject, currentRevision: number): DustError {
  return refused('exists', subject, `expected no leaf, but there is one at revision ${currentRevision}.`, {
    currentRevision,
  });
}

/** The fence's key does not hold a live lease with the fence's token. */
export function fenced(key: Path, token: unknown): DustError {
  return refused(
    'fenced',
    { path: key },
    `no live lease with token ${String(token)}, so the fenced write was not applied.`,
  );
}

/** Someone else's lease is live. */
export function held(path: Path, expiresAt: number): DustError {
  return refused(
    'held',
    { path },
    `leased until ${new Date(expiresAt).toISOString()}. Wait or try again then.`,
  );
}

/** The key of a lease holds something else. */
export function occupied(path: Path): DustError {
  return refused(
    'occupied',
    { path },
    'holds a value that is not a lease. Use a key of its own for the lease.',
  );
}

/** The token does not hold the lease. */
export function notHeld(path: Path, token: unknown): DustError {
  return refused('not_held', { path }, `no live lease with token ${String(token)}. Take the lease again.`);
}

/** An increment met a leaf that is not a number. */
export function incrementRequiresNumberLeaf(subject: Subject): DustError {
  return invalidParams(subject, 'increment_requires_number_leaf', 'holds a value that is not a number.');
}

/** An increment would leave the range of numbers. */
export function incrementOutOfRange(subject: Subject): DustError {
  return invalidParams(subject, 'increment_out_of_range', 'the sum is beyond the range of numbers.');
}

/** A client id that the log keeps for another operation. */
export function clientOpIdReused(subject: Subject, clientOpId: string): DustError {
  return invalidParams(
    subject,
    'client_op_id_reused',
    `the client id ${JSON.stringify(clientOpId)} belongs to another operation. Give every write an id of its own.`,
  );
}

/** The store was used after `close`. */
export function storeClosed(): DustError {
  return new DustError('closed', 'The embedded store is closed. Open it again to go on.');
}

/** A copy of a cluster's store that ended while its state was replaced. */
export function halfRestored(): DustError {
  return new DustError(
    'storage',
    'The folder holds the copy of a cluster which ended while it took a snapshot. Open it as a node of its cluster, which goes on with that.',
    { detail: 'half_restored' },
  );
}

/** A store in memory has no folder to copy. */
export function nothingToBackUp(): DustError {
  return new DustError(
    'not_supported',
    'A store in memory cannot be backed up. Give the data source a `path`, which makes the store durable; or write its leaves to a file of your own.',
    { detail: 'backup' },
  );
}

/** What {@link duplicateEntry} tells of. */
export interface DuplicateEntry {
  /** The record that was to have the values. */
  readonly path: Path;
  readonly opIndex?: number | undefined;
  readonly parts: readonly IndexPart[];
  readonly values: readonly IndexedValue[];
  /** The record that has them. */
  readonly slug: string;
}

/** A unique index: another record has these values. Detail `duplicate`. */
export function duplicateEntry({ path, opIndex, parts, values, slug }: DuplicateEntry): DustError {
  const paths = parts.map((part) => part.path);
  const stored = values.map((value, i) => storedForm(value, parts[i]?.type));
  return duplicateError({ path, opIndex }, { paths, values: stored, slug });
}

/** A definition that no index can be made by. Detail `invalid_index`. */
export function invalidIndex(prefix: Path, reason: string): DustError {
  return invalidCall('invalid_index', `An index of ${JSON.stringify(prefix)} cannot be made: ${reason}.`);
}

/** An index that is asked for entries and cannot be read. Detail `unknown_index`. */
export function unknownIndex(prefix: Path, paths: readonly Path[]): DustError {
  return invalidCall(
    'unknown_index',
    `The records of ${JSON.stringify(prefix)} have no complete index by ${paths.join(', ')}. Call useIndexes and wait for it.`,
  );
}

/** A place in an index whose values are not those of its parts. Detail `invalid_position`. */
export function invalidPosition(prefix: Path, paths: readonly Path[]): DustError {
  return invalidCall(
    'invalid_position',
    `A place in the index of ${JSON.stringify(prefix)} by ${paths.join(', ')} needs a value of the right type for each of these.`,
  );
}

/** The building of an index was called off. */
export function indexingAborted(signal: AbortSignal): DustError {
  return new DustError(
    'aborted',
    'Building an index was called off through its AbortSignal. It goes on where it stopped when the index is asked for again.',
    { cause: signal.reason },
  );
}

import { DustError, isDustError } from '../../errors.js';

/** What lies on the shelf as a snapshot is none, or not all of one. */
export function damagedSnapshot(reason: string, cause?: unknown): DustError {
  return new DustError('storage', `A snapshot of the cluster cannot be read: ${reason}.`, {
    detail: 'damaged_snapshot',
    cause,
  });
}

/** A snapshot of a format that this version does not know. */
export function unknownSnapshot(version: number): DustError {
  return new DustError(
    'storage',
    `A snapshot of the cluster has format ${version}, which this version of dust-orm cannot read. Upgrade this node.`,
    { detail: 'unknown_snapshot' },
  );
}

/** Of a snapshot, or of the content of a shelf that holds it. */
const UNREADABLE: readonly (string | undefined)[] = [
  'damaged_snapshot',
  'unknown_snapshot',
  'damaged_content',
];

/** Whether an error says that a snapshot cannot be read, so that an older one may do. */
export function isUnreadable(error: unknown): boolean {
  return isDustError(error, 'storage') && UNREADABLE.includes(error.detail);
}

/** The log does not go back to where this node stands, and no snapshot leads to where it begins. */
export function noSnapshot(position: number, trimmed: number): DustError {
  return new DustError(
    'storage',
    `The log begins behind position ${trimmed}, this node stands at ${position}, and no snapshot can be read that leads there. ` +
      'It is tried again: have another node take one.',
    { detail: 'no_snapshot', retryable: true },
  );
}

/** This node takes a snapshot of the others in place of what it has. */
export function restoring(): DustError {
  return new DustError(
    'storage',
    'This node of the cluster takes a snapshot, because the log does not go back to where it stood. Ask another node, or again later.',
    { detail: 'restoring', retryable: true },
  );
}

/** Another node takes a snapshot. */
export function snapshotHeld(node: string, until: number): DustError {
  return new DustError(
    'held',
    `Node ${node} of the cluster takes a snapshot, until ${new Date(until).toISOString()} at the longest. Wait or try again then.`,
    { retryable: true },
  );
}

/** The snapshot took so long that another node took one. */
export function snapshotNotHeld(position: number): DustError {
  return new DustError(
    'not_held',
    `The snapshot at position ${position} of the log is no longer this node's to take.`,
  );
}

/** The log confirmed that this node takes a snapshot, and it did not hold its state. */
export function momentMissed(): DustError {
  return new DustError('storage', 'The node could not hold its state for a snapshot. Try again.', {
    detail: 'moment_missed',
    retryable: true,
  });
}

import { DustError, messageOf } from '../errors.js';

/** A frame of a format that this version does not know. */
export function unknownFrame(position: number, version: number): DustError {
  return new DustError(
    'storage',
    `The frame at position ${position} of the log has format ${version}, which this version of dust-orm cannot read. Upgrade this node.`,
    { detail: 'unknown_frame' },
  );
}

/** A frame that no node wrote. */
export function brokenFrame(position: number): DustError {
  return new DustError(
    'storage',
    `What lies at position ${position} of the log is no frame. The log is damaged, or something else wrote to it.`,
    { detail: 'broken_frame' },
  );
}

/** A proposal of a kind, or with a meaning, that this node does not know. */
export function unknownLevel(position: number, level: number, known: number): DustError {
  return new DustError(
    'storage',
    `The frame at position ${position} of the log is of level ${level}, and this node knows levels up to ${known}. Upgrade this node.`,
    { detail: 'unknown_level' },
  );
}

/** This node and the sender of a frame came to different stores by the same log. */
export function diverged(position: number, found: number): DustError {
  return new DustError(
    'storage',
    `At position ${position} of the log this node's store differs from that of the node which appended the frame at position ${found}. ` +
      'One of them is damaged, or the log was replaced by another one. The node has halted; give it a new folder, so that it takes a copy of the others.',
    { detail: 'diverged' },
  );
}

/** The log has something else in a place that this node has applied. */
export function otherLog(position: number): DustError {
  return new DustError(
    'storage',
    `What lies at position ${position} of the log is not what this node has applied there: its copy is of another log, or the log lost what it had last. ` +
      'The node has halted. Check the address and the store; else give the node a new folder, which loses what the log does not have.',
    { detail: 'diverged' },
  );
}

/** A frame was not appended, because the log is not known to be the one that this node follows. */
export function notAppended(position: number): DustError {
  return new DustError(
    'network',
    `The log does not show what this node has applied at position ${position}: nothing is sent to it until it does.`,
    { detail: 'other_log', retryable: true },
  );
}

/** The log ends before what this node has applied of it. */
export function logShorter(applied: number, last: number): DustError {
  return new DustError(
    'storage',
    `The log ends at position ${last}, and this node has applied ${applied}: the log lost entries, or is another one. The node has halted. ` +
      'Restore the log, or give the node a new folder, which loses what the log has lost.',
    { detail: 'log_shorter' },
  );
}

/** The log lacks an entry between two others. */
export function holeInLog(expected: number, found: number): DustError {
  return new DustError(
    'storage',
    `The log went on at position ${found} where ${expected} was expected. The node has halted.`,
    { detail: 'hole_in_log' },
  );
}

/** A folder that holds a store which follows no log. */
export function notACopy(storeSeq: number): DustError {
  return new DustError(
    'storage',
    `The folder holds a store of its own, with ${storeSeq} operations, and no copy of a cluster's. ` +
      "Give the node an empty folder; to begin a cluster with the store's data, export it and import it through a node.",
    { detail: 'not_a_copy' },
  );
}

/** The node has halted and serves nothing. */
export function halted(cause: DustError): DustError {
  return new DustError('storage', `This node of the cluster has halted: ${cause.message}`, {
    detail: 'halted',
    cause,
  });
}

/** The cluster store was used after `close`. */
export function clusterClosed(): DustError {
  return new DustError('closed', 'This node of the cluster is closed. Open it again to go on.');
}

/** A write was sent to the log, and what became of it did not become known in time. */
export function outcomeUnknown(waited: number): DustError {
  return new DustError(
    'indeterminate',
    `The write was sent to the log of the cluster, which did not confirm it within ${waited} ms. It may be applied later. ` +
      'Ask again under the same client id, on any node: it counts once.',
  );
}

/** A write was sent to the log, and the node ended before it saw what became of it. */
export function outcomeUnseen(cause: DustError): DustError {
  return new DustError(
    'indeterminate',
    `The write was sent to the log of the cluster, and this node saw no more of it: ${cause.message} It may be applied all the same. ` +
      'Ask again under the same client id, on any node: it counts once.',
    { cause },
  );
}

/** A write never left this node. */
export function notSent(waited: number): DustError {
  return new DustError(
    'timeout',
    `The write waited ${waited} ms for the log of the cluster, which took nothing in. It was not sent, and will not be applied.`,
    { detail: 'not_sent', retryable: true },
  );
}

/** Too many writes wait for the log. */
export function queueFull(count: number, bytes: number): DustError {
  return new DustError(
    'rate_limited',
    `${count} writes of ${bytes} bytes are on their way through the log of the cluster, as many as a node lets wait. This one was not sent. Try again later.`,
    { detail: 'queue_full' },
  );
}

/** A single write is larger than any frame. */
export function proposalTooLarge(bytes: number, most: number): DustError {
  return new DustError(
    'invalid_params',
    `A write of ${bytes} bytes cannot be sent to the log of a cluster, which takes ${most} at most. Split it.`,
    { detail: 'write_too_large' },
  );
}

/** The content that all nodes share is not the one that was put there. */
export function damagedFile(hash: string): DustError {
  return new DustError(
    'storage',
    `What lies beside the log of the cluster under ${hash} is not that content: it was damaged or replaced. Store the file again.`,
    { detail: 'damaged_file' },
  );
}

/** An address that names no log. */
export function unknownLog(): DustError {
  return new DustError(
    'invalid_options',
    'The address of a cluster is that of PostgreSQL, postgres://user:password@host:port/database, or of NATS, nats://user:password@host:port.',
    { detail: 'invalid_url' },
  );
}

/** What was asked of the log is not there any more. */
export function logTrimmed(from: number, first: number): DustError {
  return new DustError(
    'resync_required',
    `The log begins at position ${first}, and what follows ${from - 1} was asked for. The node takes a snapshot instead.`,
    { detail: 'log_trimmed' },
  );
}

/** Something that nobody foresaw kept this node from following the log. */
export function followingFailed(cause: unknown): DustError {
  return new DustError('storage', `This node of the cluster cannot follow the log: ${messageOf(cause)}`, {
    detail: 'following_failed',
    cause,
  });
}

/** This node has not kept up with the log. */
export function lagging(lag: number | undefined): DustError {
  const since = lag === undefined ? 'yet' : `for ${Math.round(lag)} ms`;
  return new DustError('storage', `This node of the cluster has not read the log to its end ${since}.`, {
    detail: 'lagging',
    retryable: true,
  });
}

/** A read was to show what others have written, and this node does not know whether it does. */
export function notCurrent(cause: DustError): DustError {
  return new DustError(
    'timeout',
    `The log of the cluster did not answer, so that nothing can be said of what this node shows: ${cause.message}`,
    { detail: 'not_current', retryable: true, cause },
  );
}

/** The log was closed. */
export function logClosed(): DustError {
  return new DustError('closed', 'The connection to the log is closed.');
}

/** A store that no node of a cluster has opened at this address. */
export function noSuchLog(store: string): DustError {
  return new DustError(
    'store_not_found',
    `There is no log of a store ${JSON.stringify(store)} at this address: no node of a cluster has opened it there. Check the store and the address.`,
  );
}

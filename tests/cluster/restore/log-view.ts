import { KNOWN_LEVEL, clusterStatus } from '../../../src/cluster/index.js';
import { decodeFrame } from '../../../src/cluster/frame/frame.js';
import type { ReplicatedLog } from '../../../src/cluster/log/replicated-log.js';

/** When a node had restored a snapshot, as the log has it. */
export interface Restored {
  /** Milliseconds since the Unix epoch, by the database. */
  readonly time: number;
  /** Frames that it had not applied then. */
  readonly behind: number;
}

/** Where a log stands whose beginning was trimmed away behind two snapshots. */
export interface TrimmedLog {
  readonly last: number;
  /** Of the newest snapshot. */
  readonly snapshot: { readonly position: number; readonly bytes: number };
}

/** Undefined as long as the log has its beginning. */
export async function trimmedLog(log: ReplicatedLog): Promise<TrimmedLog | undefined> {
  const { first, position, snapshots } = await clusterStatus(log, { knownLevel: KNOWN_LEVEL });
  const newest = snapshots.at(-1);
  return newest === undefined || first <= 1 ? undefined : { last: position, snapshot: newest };
}

/**
 * What tells when a node that was begun at a time followed the log: the first frame that it sent after it had applied what the snapshot has.
 *
 * @throws Error when there is none
 */
export async function restoredAt(log: ReplicatedLog, begun: number, snapshot: number): Promise<Restored> {
  const others = new Set<string>();
  for (let next = snapshot + 1; ;) {
    const entries = await log.read(next, { maxBytes: 4_194_304 });
    if (entries.length === 0) throw new Error('the log has no frame of the new node');
    for (const { position, time, bytes } of entries) {
      const { session, applied } = decodeFrame(bytes, position);
      if (time < begun) others.add(session.id);
      else if (!others.has(session.id) && applied.position >= snapshot) {
        return { time, behind: position - 1 - applied.position };
      }
    }
    next += entries.length;
  }
}

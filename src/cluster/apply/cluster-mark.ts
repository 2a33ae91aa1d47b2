import type { JsonObject, JsonValue } from '../../protocol/values/value.js';
import { isObject } from '../../protocol/values/value.js';
import type { KnownEntry } from '../log/replicated-log.js';
import type { Member } from '../members/members.js';
import { readMembers, storedMembers } from '../members/members.js';
import type { SnapshotMarks } from '../snapshots/snapshot-marks.js';
import { NO_SNAPSHOTS, readSnapshots, storedSnapshots } from '../snapshots/snapshot-marks.js';
import type { SessionMark } from './sessions.js';

/** How far a node has come, kept with what it applied. */
export interface ClusterMark {
  /** The last frame that was applied, or passed over. 0: none. */
  readonly position: number;
  /** The running hash of all that led there. */
  readonly digest: string;
  /** What the entry in that place is known by; undefined where none was applied. */
  readonly fingerprint: string | undefined;
  /** The least level that a node must have to understand the log from here on. */
  readonly level: number;
  readonly sessions: readonly SessionMark[];
  /** Frames of sessions that began at or before this position, and that are not among those above, are passed over. */
  readonly forgotten: number;
  readonly snapshots: SnapshotMarks;
  /** Nodes that have made themselves known, whoever did so last at the end. */
  readonly members: readonly Member[];
}

/** A node that has applied nothing. */
export const NOTHING_APPLIED: ClusterMark = {
  position: 0,
  digest: '',
  fingerprint: undefined,
  level: 1,
  sessions: [],
  forgotten: -1,
  snapshots: NO_SNAPSHOTS,
  members: [],
};

/** The entry that a node stands at; undefined for one that has applied nothing. */
export function entryOf({
  position,
  fingerprint,
}: Pick<ClusterMark, 'position' | 'fingerprint'>): KnownEntry | undefined {
  return fingerprint === undefined ? undefined : { position, fingerprint };
}

/** As the store keeps it. */
export function storedMark({
  position,
  digest,
  fingerprint,
  level,
  sessions,
  forgotten,
  snapshots,
  members,
}: ClusterMark): JsonObject {
  return {
    position,
    digest,
    fingerprint: fingerprint ?? null,
    level,
    sessions: sessions.map(({ id, since, number, time }) => [id, since, number, time]),
    forgotten,
    snapshots: storedSnapshots(snapshots),
    members: storedMembers(members),
  };
}

/** The mark that the store keeps; undefined for anything else. */
export function readMark(stored: JsonValue | undefined): ClusterMark | undefined {
  if (!isObject(stored)) return undefined;
  const { position, digest, level, sessions, forgotten, snapshots, members } = stored;
  const fingerprint = stored.fingerprint ?? undefined;
  if (
    typeof position !== 'number' ||
    typeof digest !== 'string' ||
    (fingerprint !== undefined && typeof fingerprint !== 'string') ||
    typeof level !== 'number' ||
    typeof forgotten !== 'number' ||
    !Array.isArray(sessions)
  ) {
    return undefined;
  }
  const known = readSnapshots(snapshots);
  const nodes = readMembers(members);
  const read = (sessions as readonly JsonValue[]).map(sessionOf);
  return known === undefined || nodes === undefined || read.includes(undefined)
    ? undefined
    : {
        position,
        digest,
        fingerprint,
        level,
        forgotten,
        sessions: read as SessionMark[],
        snapshots: known,
        members: nodes,
      };
}

function sessionOf(stored: JsonValue): SessionMark | undefined {
  if (!Array.isArray(stored)) return undefined;
  const [id, since, number, time] = stored as readonly JsonValue[];
  return typeof id === 'string' &&
    typeof since === 'number' &&
    typeof number === 'number' &&
    typeof time === 'number'
    ? { id, since, number, time }
    : undefined;
}

import { standingOf, withFrame } from './apply/sessions.js';
import type { Compression } from './snapshots/snapshot-bytes.js';
import { gzip } from './snapshots/snapshot-bytes.js';
import { verifySnapshot } from './snapshots/snapshot-format.js';
import { trimThrough } from './snapshots/snapshot-marks.js';

/** The greatest level whose frames this version understands. */
export const KNOWN_LEVEL = 1;

/** What a node tells frames apart by, and what it believes of snapshots, for tests to replace. */
export interface ClusterParts {
  readonly standingOf: typeof standingOf;
  readonly withFrame: typeof withFrame;
  readonly verifySnapshot: typeof verifySnapshot;
  readonly trimThrough: typeof trimThrough;
  readonly compression: Compression;
  /** The greatest level that the node understands. */
  readonly knownLevel: number;
}

export const defaultClusterParts: ClusterParts = {
  standingOf,
  withFrame,
  verifySnapshot,
  trimThrough,
  compression: gzip,
  knownLevel: KNOWN_LEVEL,
};

import { standingOf, withFrame } from './apply/sessions.js';

/** What a node tells frames apart by, for tests to replace. */
export interface ClusterParts {
  readonly standingOf: typeof standingOf;
  readonly withFrame: typeof withFrame;
}

export const defaultClusterParts: ClusterParts = { standingOf, withFrame };

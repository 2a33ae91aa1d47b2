import type { Recorded } from './state.js';
import { stateOf } from './state.js';
import type { MigrationStatus } from './types.js';

/** How a migration stands, in the words of the public API. */
export function statusOf(
  name: string,
  timestamp: number,
  record: Recorded,
  { isKnown, isHeld }: { readonly isKnown: boolean; readonly isHeld: boolean },
): MigrationStatus {
  const state = stateOf(record, isHeld);
  if (record === undefined) return { name, timestamp, state, isKnown, attempts: 0, walks: [] };
  const { direction, startedAt, endedAt, attempts, error, walks } = record;
  return {
    name,
    timestamp,
    state,
    isKnown,
    direction,
    startedAt: new Date(startedAt),
    ...(endedAt !== undefined && { endedAt: new Date(endedAt) }),
    attempts,
    ...(error !== undefined && { error }),
    walks: Object.entries(walks).map(([key, { processed, written, done }]) => ({
      key,
      processed,
      written,
      isDone: done,
    })),
  };
}

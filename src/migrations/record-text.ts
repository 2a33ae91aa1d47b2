import type { JsonValue } from '../protocol/values/value.js';
import type { MigrationRecord, WalkPlace } from './state.js';

/** A record as one JSON string: so the store keeps it whole, as one leaf with one revision. */
export function recordText(record: MigrationRecord): string {
  return JSON.stringify(record);
}

/** The record that a stored value says; undefined for anything else. */
export function recordIn(value: JsonValue | undefined): MigrationRecord | undefined {
  if (typeof value !== 'string') return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(value);
  } catch {
    return undefined;
  }
  if (!isObject(parsed)) return undefined;
  const { state, direction, startedAt, endedAt, attempts, run, error, walks } = parsed;
  if (state !== 'running' && state !== 'done' && state !== 'failed') return undefined;
  if (direction !== 'up' && direction !== 'down') return undefined;
  return {
    state,
    direction,
    startedAt: numberOr(startedAt, 0),
    ...(typeof endedAt === 'number' && { endedAt }),
    attempts: numberOr(attempts, 1),
    run: typeof run === 'string' ? run : '',
    ...(typeof error === 'string' && { error }),
    walks: isObject(walks)
      ? Object.fromEntries(Object.entries(walks).map(([key, place]) => [key, placeIn(place)]))
      : {},
  };
}

/** Of a place that cannot be read the walk begins anew, which does no harm. */
function placeIn(place: unknown): WalkPlace {
  if (!isObject(place)) return { after: null, processed: 0, written: 0, done: false };
  const { after, processed, written, done } = place;
  return {
    after: typeof after === 'string' ? after : null,
    processed: numberOr(processed, 0),
    written: numberOr(written, 0),
    done: done === true,
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function numberOr(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}

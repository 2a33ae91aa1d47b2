import type { JsonObject, JsonValue } from '../../protocol/values/value.js';
import { isObject } from '../../protocol/values/value.js';
import type { LogLimits } from '../history/log-limits.js';

/** A seq that the store had reached by a time. */
export interface TimeMark {
  readonly storeSeq: number;
  /** Milliseconds since the Unix epoch, by the log's time. */
  readonly time: number;
}

/**
 * What a store remembers when a log outside of it orders its writes: written in the transaction of what it applied, so that it
 * never says more or less than the leaves.
 */
export interface LoggedState {
  /** The latest time that the log gave, in milliseconds since the Unix epoch: the store's time never goes back before it. */
  readonly time: number;
  /** Where the store stood now and then, oldest first: how far back client ids must be known. */
  readonly marks: readonly TimeMark[];
  /** How much of its own log the store keeps: the same on every copy, whatever a process was started with. */
  readonly limits: LogLimits;
  /** What whoever reads the log keeps beside it: how far it has come. */
  readonly mark: JsonObject;
}

/** Whether a stored value is one. */
export function isLoggedState(value: unknown): value is LoggedState {
  const { time, marks, limits, mark } = Object(value) as Readonly<Record<string, unknown>>;
  return (
    typeof time === 'number' &&
    Array.isArray(marks) &&
    marks.every(isTimeMark) &&
    areLimits(limits) &&
    isObject(mark as JsonValue)
  );
}

function isTimeMark(value: unknown): value is TimeMark {
  const { storeSeq, time } = Object(value) as Readonly<Record<string, unknown>>;
  return typeof storeSeq === 'number' && typeof time === 'number';
}

function areLimits(value: unknown): value is LogLimits {
  const { keep, limit } = Object(value) as Readonly<Record<string, unknown>>;
  return typeof keep === 'number' && typeof limit === 'number';
}

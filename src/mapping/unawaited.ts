import { types } from 'node:util';

/**
 * What a function returned that is to return at once. A promise is told of like any other wrong value; nobody waits for it, so its rejection
 * is heard here, and ends no process.
 */
export function unawaited<Value>(value: Value): Value {
  if (types.isPromise(value)) value.catch(() => undefined);
  return value;
}

import { DustError } from '../../errors.js';
import type { EntityMetadata } from '../../metadata/types.js';
import type { Path } from '../../protocol/paths/path.js';
import { describeValue } from '../../query/index.js';

/** Something else where a key belongs. */
export function notAKey(what: string, found: unknown): DustError {
  return new DustError(
    'invalid_params',
    `A ${what} key is a path such as "jobs/nightly" or a list of its segments, not ${describeValue(found)}.`,
    { detail: 'invalid_key' },
  );
}

/** A lease or single-flight key among the records of an entity. */
export function keyInsideEntity(
  what: string,
  key: Path,
  entity: Pick<EntityMetadata, 'name' | 'prefixPath'>,
): DustError {
  return new DustError(
    'invalid_params',
    `The ${what} key ${JSON.stringify(key)} lies in the records of ${entity.name} (${JSON.stringify(entity.prefixPath)}), ` +
      'where plain writes could overwrite it. Choose a key outside, such as one below "_dust:locks".',
    { detail: 'key_inside_entity', path: key },
  );
}

/** A single-flight key that holds something else. */
export function notASharedResult(key: Path): DustError {
  return new DustError(
    'occupied',
    `The key ${JSON.stringify(key)} holds something else than a single flight's result, which is one JSON string. Choose another key or delete it.`,
    { path: key },
  );
}

/** A call of `singleFlight` whose signal was aborted. */
export function flightCalledOff(key: Path, reason: unknown): DustError {
  return new DustError(
    'aborted',
    `Waiting for the single-flight key ${JSON.stringify(key)} was called off.`,
    { path: key, cause: reason },
  );
}

/** A computed result that JSON cannot say. */
export function resultNotJson(key: Path, reason: string, at: string): DustError {
  return new DustError(
    'invalid_value',
    `The result for the single-flight key ${JSON.stringify(key)} is not JSON: ${reason} at "result${at}". Return plain JSON data.`,
    { path: key },
  );
}

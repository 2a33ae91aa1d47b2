import { newerFormat, notAStore } from './errors.js';
import type { GuardedDatabase } from './guarded-database.js';

const KEY = 'format';

/** The version of the layout this release writes. Raised when an older release could no longer read it. */
export const FORMAT_VERSION = 3;

/**
 * Sees to it that the folder has a format this release knows, and marks a new one. To be called in a write
 * transaction, before anything else is read.
 *
 * @throws DustError `storage` with detail `newer_version` or `corrupt`
 */
export function agreeOnFormat(path: string, meta: GuardedDatabase<unknown, string>): void {
  const found = meta.get(KEY);
  if (found === undefined && meta.size === 0) {
    meta.put(KEY, FORMAT_VERSION);
  } else if (typeof found !== 'number') {
    throw notAStore(path, 'its format version is missing');
  } else if (found > FORMAT_VERSION) {
    throw newerFormat(path, found, FORMAT_VERSION);
  }
}

/**
 * Raises the mark of an older folder to what this release writes: version 2 notes the commit of an operation in the log,
 * which version 1 takes for damage; version 3 has leaves in groups, where earlier ones do not look for them. To be called in a
 * write transaction, before anything is written that they would not read.
 */
export function raiseFormat(meta: GuardedDatabase<unknown, string>): void {
  if (meta.get(KEY) !== FORMAT_VERSION) meta.put(KEY, FORMAT_VERSION);
}

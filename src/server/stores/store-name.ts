import { invalidOption } from '../errors.js';

/** `org/name`, of characters that stand in URLs and file names as they are. */
export const STORE_NAME = /^[\w-][\w.-]*\/[\w-][\w.-]*$/;

/** @throws DustError `invalid_options` */
export function checkStoreNames(names: readonly string[]): void {
  if (names.length === 0) throw invalidOption('A server needs at least one store, "org/name".');
  for (const name of names) {
    if (!STORE_NAME.test(name)) {
      throw invalidOption(
        `A store is named "org/name", of letters, digits, ".", "_" and "-", not ${JSON.stringify(name)}.`,
      );
    }
  }
  if (new Set(names).size < names.length) throw invalidOption('A store is named twice.');
}

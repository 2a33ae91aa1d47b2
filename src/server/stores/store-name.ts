import { invalidOption } from '../errors.js';

/** `org/name`, of characters that stand in URLs and file names as they are. */
export const STORE_NAME = /^[\w-][\w.-]*\/[\w-][\w.-]*$/;

/**
 * @param label where the names were written, for a message
 * @throws DustError `invalid_options`
 */
export function checkStoreNames(names: readonly string[], label = 'stores'): void {
  if (names.length === 0) throw invalidOption(`${label}: a server needs at least one store, "org/name".`);
  for (const name of names) {
    if (!STORE_NAME.test(name)) {
      throw invalidOption(
        `${label}: a store is named "org/name", of letters, digits, ".", "_" and "-", not ${JSON.stringify(name)}.`,
      );
    }
  }
  if (new Set(names).size < names.length) throw invalidOption(`${label}: a store is named twice.`);
}

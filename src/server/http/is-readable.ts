import { isDustError } from '../../errors.js';
import type { Store } from '../../store/index.js';

/** Whether a store answers: one that its owner has closed does not. */
export function isReadable(store: Store): boolean {
  try {
    store.status();
    return true;
  } catch (error) {
    if (isDustError(error)) return false;
    throw error;
  }
}

import type { RootDatabase } from 'lmdb';
import { writeFault } from './faults.js';

/**
 * Runs `body` in one write transaction, durable when this returns and undone when it throws.
 *
 * @throws DustError `storage`, or whatever else `body` threw
 */
export function transact(path: string, root: RootDatabase<unknown, string>, body: () => void): void {
  try {
    root.transactionSync(body);
  } catch (error) {
    throw writeFault(path, error);
  }
}

import type { StoreStorage } from '../storage.js';
import { isEmpty } from './leaf-cursor.js';

/**
 * Reads something the way every read goes, whatever the store holds; costs one leaf.
 *
 * @throws what reads fail with just now
 */
export function probeStorage(storage: Pick<StoreStorage, 'leaves' | 'assertPresent'>): void {
  storage.assertPresent?.();
  isEmpty(storage.leaves.range({}));
}

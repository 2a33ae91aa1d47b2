import type { StoreStorage } from '../../store/index.js';
import { createMemoryStorage } from '../../store/index.js';
import { openLmdbStorage } from '../../store/lmdb/index.js';

/** The storage of a mirror: in the folder `path`, where it outlives the process, or in memory. @throws DustError `storage` */
export async function openMirrorStorage(path: string | undefined): Promise<StoreStorage> {
  return path === undefined ? createMemoryStorage() : openLmdbStorage({ path });
}

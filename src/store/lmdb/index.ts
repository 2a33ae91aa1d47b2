export { openLmdbStorage } from './open-lmdb-storage.js';
export type { LmdbStorageOptions } from './open-lmdb-storage.js';

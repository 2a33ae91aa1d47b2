export { openLmdbStorage } from './open-lmdb-storage.js';
export type { LmdbStorageOptions } from './open-lmdb-storage.js';
export { restoreBackup } from './backup/restore-backup.js';
export { dataFolders, holdsStore } from './backup/data-folders.js';
export { backUpFolder } from './backup/back-up-folder.js';
export { makeNewFolder } from './backup/new-folder.js';
export type { RestoreOptions, RestoreReceipt } from './backup/restore-backup.js';
export { inspectFolder } from './damage/inspect-folder.js';
export type { FolderReport } from './damage/index.js';

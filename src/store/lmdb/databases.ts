import type { Database, DatabaseOptions, RootDatabase } from 'lmdb';
import type { Path } from '../../protocol/path.js';
import type { StoredOperation } from './lmdb-operation-log.js';
import type { KeyEncoder } from './path-key.js';
import { PATH_KEYS } from './path-key.js';
import type { StoredLeaf } from './stored-leaf.js';

const JSON_BY_PATH: DatabaseOptions & { readonly keyEncoder: KeyEncoder<Path> } = {
  encoding: 'json',
  keyEncoder: PATH_KEYS,
};

/** The name of the database that every store has and nothing else would. */
const META = 'dust-orm';

/** The databases of one data folder. */
export interface Databases {
  readonly leaves: Database<StoredLeaf, Path>;
  readonly overlay: Database<StoredLeaf, Path>;
  readonly log: Database<StoredOperation, number>;
  readonly logBorder: Database<number, string>;
  readonly contents: Database<Uint8Array, string>;
  readonly contentTypes: Database<string, string>;
  readonly filenames: Database<string, string>;
}

/** The number of databases, with room for those of later versions. */
export const MAX_DATABASES = 16;

/** Opens the databases, making those that are missing. */
export function openDatabases(root: RootDatabase<unknown, string>): Databases {
  return {
    leaves: root.openDB('leaves', JSON_BY_PATH),
    overlay: root.openDB('overlay', JSON_BY_PATH),
    log: root.openDB('log', { encoding: 'json' }),
    logBorder: root.openDB('log-border', { encoding: 'json' }),
    contents: root.openDB('blobs', { encoding: 'binary' }),
    contentTypes: root.openDB('blob-types', { encoding: 'string' }),
    filenames: root.openDB('blob-names', { encoding: 'string' }),
  };
}

/** The database of single facts: format, owner, counters. Undefined when the folder holds databases of something else. */
export function openMeta(root: RootDatabase<unknown, string>): Database<unknown, string> | undefined {
  const names = [...root.getKeys({ limit: MAX_DATABASES })];
  return names.length === 0 || names.includes(META) ? root.openDB(META, { encoding: 'json' }) : undefined;
}

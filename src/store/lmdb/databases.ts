import type { DatabaseOptions, RootDatabase } from 'lmdb';
import type { Path } from '../../protocol/path.js';
import type { ByteText } from '../indexes/keys/byte-text.js';
import { GuardedDatabase } from './guarded-database.js';
import { BYTE_KEYS } from './lmdb-key-set.js';
import type { StoredOperation } from './lmdb-operation-log.js';
import type { KeyEncoder } from './path-key.js';
import { PATH_KEYS } from './path-key.js';
import type { StoredLeaf } from './stored-leaf.js';

const JSON_BY_PATH: DatabaseOptions & { readonly keyEncoder: KeyEncoder<Path> } = {
  encoding: 'json',
  keyEncoder: PATH_KEYS,
};

const ENTRIES: DatabaseOptions & { readonly keyEncoder: KeyEncoder<ByteText> } = {
  encoding: 'string',
  keyEncoder: BYTE_KEYS,
};

/** The name of the database that every store has and nothing else would. */
const META = 'dust-orm';

/** The databases of one data folder. */
export interface Databases {
  readonly leaves: GuardedDatabase<StoredLeaf, Path>;
  readonly overlay: GuardedDatabase<StoredLeaf, Path>;
  readonly log: GuardedDatabase<StoredOperation, number>;
  readonly logBorder: GuardedDatabase<number, string>;
  readonly contents: GuardedDatabase<Uint8Array, string>;
  readonly contentTypes: GuardedDatabase<string, string>;
  readonly filenames: GuardedDatabase<string, string>;
  readonly indexes: GuardedDatabase<unknown, string>;
  readonly indexKeys: GuardedDatabase<string, ByteText>;
}

/** The number of databases, with room for those of later versions. */
export const MAX_DATABASES = 16;

/** Opens the databases, making those that are missing. */
export function openDatabases(path: string, root: RootDatabase<unknown, string>): Databases {
  const open = <Value, Key extends string | number>(
    name: string,
    what: string,
    options: DatabaseOptions,
  ): GuardedDatabase<Value, Key> => new GuardedDatabase(path, what, root.openDB<Value, Key>(name, options));
  return {
    leaves: open('leaves', 'leaf', JSON_BY_PATH),
    overlay: open('overlay', 'leaf of the last snapshot', JSON_BY_PATH),
    log: open('log', 'operation', { encoding: 'json' }),
    logBorder: open('log-border', 'border of the log', { encoding: 'json' }),
    contents: open('blobs', 'content of the file', { encoding: 'binary' }),
    contentTypes: open('blob-types', 'content type of the file', { encoding: 'string' }),
    filenames: open('blob-names', 'name of the file', { encoding: 'string' }),
    indexes: open('indexes', 'list of indexes', { encoding: 'json' }),
    indexKeys: open('index-keys', 'entry of an index', ENTRIES),
  };
}

/** The database of single facts: format, owner, counters. Undefined when the folder holds databases of something else. */
export function openMeta(
  path: string,
  root: RootDatabase<unknown, string>,
): GuardedDatabase<unknown, string> | undefined {
  const names = [...root.getKeys({ limit: MAX_DATABASES })];
  return names.length === 0 || names.includes(META)
    ? new GuardedDatabase(path, 'fact', root.openDB(META, { encoding: 'json' }))
    : undefined;
}

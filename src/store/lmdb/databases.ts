import type { DatabaseOptions, RootDatabase } from 'lmdb';
import type { Path } from '../../protocol/paths/path.js';
import type { ByteText } from '../indexes/keys/byte-text.js';
import { GuardedDatabase } from './guarded-database.js';
import { BYTE_KEYS } from './lmdb-key-set.js';
import type { StoredOperation } from './lmdb-operation-log.js';
import { GROUP_KEYS, describePlace } from './leaves/group-key.js';
import type { GroupDatabase } from './leaves/group-reader.js';
import type { KeyEncoder } from './path-key.js';
import { PATH_KEYS } from './path-key.js';
import type { StoredLeaf } from './stored-leaf.js';

type ByText = DatabaseOptions & { readonly keyEncoder: KeyEncoder<string> };

const GROUPS: ByText = { encoding: 'string', keyEncoder: GROUP_KEYS };
const OLD_FORMAT: ByText = { encoding: 'json', keyEncoder: PATH_KEYS };

/** Where leaves lay before format 3, each under its own path, and where they lie now. */
const OLD_LEAVES = { leaves: 'leaves', overlay: 'overlay' } as const;
const LEAVES = { leaves: 'leaf-groups', overlay: 'overlay-groups' } as const;

const ENTRIES: DatabaseOptions & { readonly keyEncoder: KeyEncoder<ByteText> } = {
  encoding: 'string',
  keyEncoder: BYTE_KEYS,
};

/** The name of the database that every store has and nothing else would. */
const META = 'dust-orm';

/** The databases of one data folder. */
export interface Databases {
  readonly leaves: GroupDatabase;
  readonly overlay: GroupDatabase;
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
    what: string | ((key: Key) => string),
    options: DatabaseOptions,
  ): GuardedDatabase<Value, Key> => new GuardedDatabase(path, what, root.openDB<Value, Key>(name, options));
  return {
    leaves: open(LEAVES.leaves, describePlace, GROUPS),
    overlay: open(LEAVES.overlay, (key) => `${describePlace(key)} of the last snapshot`, GROUPS),
    log: open('log', 'operation', { encoding: 'json' }),
    logBorder: open('log-border', 'border of the log', { encoding: 'json' }),
    contents: open('blobs', 'content of the file', { encoding: 'binary' }),
    contentTypes: open('blob-types', 'content type of the file', { encoding: 'string' }),
    filenames: open('blob-names', 'name of the file', { encoding: 'string' }),
    indexes: open('indexes', 'list of indexes', { encoding: 'json' }),
    indexKeys: open('index-keys', 'entry of an index', ENTRIES),
  };
}

/** The leaves as folders before format 3 have them, of which there may be some left that were not carried over. */
export type OldLeaves = { readonly [name in keyof typeof OLD_LEAVES]?: GuardedDatabase<StoredLeaf, Path> };

/** Opens those that are there. */
export function openOldLeaves(path: string, root: RootDatabase<unknown, string>): OldLeaves {
  const names = namesIn(root);
  const open = (name: keyof typeof OLD_LEAVES): OldLeaves =>
    names.includes(OLD_LEAVES[name])
      ? {
          [name]: new GuardedDatabase<StoredLeaf, Path>(
            path,
            'leaf',
            root.openDB<StoredLeaf, Path>(OLD_LEAVES[name], OLD_FORMAT),
          ),
        }
      : {};
  return { ...open('overlay'), ...open('leaves') };
}

/** The database of single facts: format, owner, counters. Undefined when the folder holds databases of something else. */
export function openMeta(
  path: string,
  root: RootDatabase<unknown, string>,
): GuardedDatabase<unknown, string> | undefined {
  const names = namesIn(root);
  return names.length === 0 || names.includes(META)
    ? new GuardedDatabase(path, 'fact', root.openDB(META, { encoding: 'json' }))
    : undefined;
}

function namesIn(root: RootDatabase<unknown, string>): string[] {
  return [...root.getKeys({ limit: MAX_DATABASES })];
}

import { numberKey } from './number-key.js';
import { GROUP_KEYS, nearestPath } from '../leaves/group-key.js';
import type { TreeRecord } from './layout.js';

/** One tree of a data file, and what was seen of it. */
export interface Tree {
  /** The database's name. */
  readonly name: string;
  readonly record: TreeRecord;
  readonly compare: (a: Buffer, b: Buffer) => number;
  /** Says of a key what it stands for. */
  readonly describe: (key: Buffer) => string;
  readonly seen: { branchPages: number; leafPages: number; overflowPages: number; entries: number };
  /** A part of it was not seen. */
  torn: boolean;
}

/** The trees that LMDB itself needs. */
export const FREE_SPACE = 'the list of free pages';
export const NAMES = 'the list of databases';

/** Keys that are numbers of the machine, the low digits first. */
const compareNumbers = (a: Buffer, b: Buffer): number =>
  Buffer.compare(Buffer.from(a).reverse(), Buffer.from(b).reverse());

const compareBytes = (a: Buffer, b: Buffer): number => Buffer.compare(a, b);

const quoted = (key: Buffer): string => JSON.stringify(key.toString('utf8'));

const placed = (key: Buffer): string => JSON.stringify(nearestPath(GROUP_KEYS.readKey(key, 0, key.length)));

/** Keys as lmdb writes them: numbers or texts. */
const encoded = (key: Buffer): string => String(numberKey(key) ?? quoted(key));

/** Keys of leaves, and of groups of them. */
const DESCRIBE: Readonly<Record<string, (key: Buffer) => string>> = {
  leaves: quoted,
  overlay: quoted,
  'leaf-groups': placed,
  'overlay-groups': placed,
};

/** The tree with the name, of which nothing was seen yet. */
export function newTree(name: string, record: TreeRecord): Tree {
  const isFree = name === FREE_SPACE;
  return {
    name,
    record,
    compare: isFree ? compareNumbers : compareBytes,
    describe: DESCRIBE[name] ?? encoded,
    seen: { branchPages: 0, leafPages: 0, overflowPages: 0, entries: 0 },
    torn: false,
  };
}

const CONTENTS: Readonly<Record<string, string>> = {
  leaves: 'leaves',
  overlay: 'leaves of the last snapshot',
  'leaf-groups': 'leaves',
  'overlay-groups': 'leaves of the last snapshot',
  log: 'operations of the log',
  'log-border': 'the beginning of the log',
  blobs: 'contents of files',
  'blob-types': 'media types of files',
  'blob-names': 'names of files',
  'dust-orm': 'counters and format',
  [FREE_SPACE]: FREE_SPACE,
  [NAMES]: NAMES,
};

/** What of a tree cannot be read, between two keys of which either may be open. */
export function lostPart(tree: Tree, low: Buffer | undefined, high: Buffer | undefined): string {
  const what = CONTENTS[tree.name] ?? `entries of ${JSON.stringify(tree.name)}`;
  if (tree.name === FREE_SPACE || tree.name === NAMES || (low === undefined && high === undefined)) {
    return low === undefined && high === undefined ? `all of: ${what}` : `a part of ${what}`;
  }
  const from = low === undefined ? '' : ` from ${tree.describe(low)}`;
  const to = high === undefined ? '' : ` to before ${tree.describe(high)}`;
  return `${what}${from}${to}`;
}

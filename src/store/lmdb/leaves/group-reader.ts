import type { RangeOptions } from 'lmdb';
import type { Path } from '../../../protocol/paths/path.js';
import type { Leaf } from '../../../protocol/values/value.js';
import type { Entry, GuardedDatabase } from '../guarded-database.js';
import { leafIn } from '../stored-leaf.js';
import type { Base } from './group-key.js';
import { endOf, groupKey, lowOfPart, partKey } from './group-key.js';
import type { GroupText, StoredGroup } from './group-text.js';
import { IN_PARTS, isGroupText } from './group-text.js';

/** Groups, their parts and large leaves, each checked for being what it is read as: see `group-key.ts`. */
export type GroupDatabase = GuardedDatabase<string, string>;

/** A group, or a part of one, under its key. */
export interface KeyedGroup {
  readonly key: string;
  readonly text: GroupText;
}

/** A stretch of the names of a group; both ends may be open, and may hold a slash. */
export interface NameRange {
  readonly low?: string | undefined;
  readonly isLowOut: boolean;
  readonly high?: string | undefined;
  readonly reverse: boolean;
}

/** Reads what is stored, as it stands in the database. */
export class GroupReader {
  readonly #db: GroupDatabase;

  constructor(db: GroupDatabase) {
    this.#db = db;
  }

  /** The group of a base, or that it is split; undefined when there is none. */
  group(base: Base): StoredGroup | undefined {
    const key = groupKey(base);
    const stored = this.#db.get(key);
    return stored === undefined ? undefined : this.checkedGroup(key, stored);
  }

  /** The part of a split group that holds a leaf of this name, if one does. */
  part(base: Base, name: string): KeyedGroup | undefined {
    const range = {
      start: partKey(base, name),
      end: partKey(base, ''),
      inclusiveEnd: true,
      reverse: true,
      limit: 1,
    };
    const found = this.#db.first(range);
    return found && { key: found.key, text: this.#checkedPart(found) };
  }

  /** The parts of a split group that can hold leaves of a stretch, in its direction. */
  parts(base: Base, { low, high, reverse }: NameRange): Iterator<KeyedGroup> {
    const first = partKey(base, '');
    const end = endOf(base);
    if (reverse) {
      const start = high === undefined ? end : partKey(base, high);
      return this.#parts({
        reverse,
        ...(start !== undefined && { start, exclusiveStart: true }),
        end: first,
        inclusiveEnd: true,
      });
    }
    const part = low === undefined ? undefined : this.part(base, low);
    return this.#parts({ start: part === undefined ? first : part.key, ...(end !== undefined && { end }) });
  }

  /** With which names the parts of a split group begin. */
  lows(base: Base): string[] {
    const end = endOf(base);
    const keys = this.#db.keys({ start: partKey(base, ''), ...(end !== undefined && { end }) });
    return Array.from(keys, (key) => lowOfPart(base, key));
  }

  /** The part of a split group under this key; undefined when there is none. */
  partAt(key: string): GroupText | undefined {
    const value = this.#db.get(key);
    return value === undefined ? undefined : this.#checkedPart({ key, value });
  }

  /** Whether something may lie below a base that is not empty and of which the group has no large leaf: others do, or they look like it. */
  hasDeeper(base: Base): boolean {
    const range = { start: groupKey(base), exclusiveStart: true, end: partKey(base, '') };
    return this.#db.firstKey(range) !== undefined;
  }

  /** A large leaf, which lies alone. */
  leaf(path: Path): Leaf {
    return this.checkedLeaf(path, this.#db.get(path));
  }

  /** Everything from `start` to `end`, in either direction. */
  entries(options: RangeOptions): Generator<Entry<string, string>, void, undefined> {
    return this.#db.range(options, (entry) => entry);
  }

  /** The error for what is not what a store writes. */
  damaged(key: string): Error {
    return this.#db.damaged(key);
  }

  /** What is stored as a group, when it is one. */
  checkedGroup(key: string, stored: string): StoredGroup {
    if (stored === IN_PARTS || isGroupText(stored)) return stored;
    throw this.damaged(key);
  }

  /** What is stored as a large leaf, when it is one. */
  checkedLeaf(path: Path, stored: string | undefined): Leaf {
    const leaf = stored === undefined ? undefined : leafIn(path, stored);
    if (leaf === undefined) throw this.damaged(path);
    return leaf;
  }

  #parts(options: RangeOptions): Generator<KeyedGroup, void, undefined> {
    return this.#db.range(options, (entry) => ({ key: entry.key, text: this.#checkedPart(entry) }));
  }

  #checkedPart({ key, value }: Entry<string, string>): GroupText {
    if (!isGroupText(value)) throw this.damaged(key);
    return value;
  }
}

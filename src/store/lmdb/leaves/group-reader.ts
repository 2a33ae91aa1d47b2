import type { RangeOptions } from 'lmdb';
import type { Path } from '../../../protocol/path.js';
import type { Leaf } from '../../../protocol/value.js';
import type { Entry, GuardedDatabase } from '../guarded-database.js';
import { fromStored, isStoredLeaf } from '../stored-leaf.js';
import type { Base } from './group-key.js';
import { endOf, groupKey, partKey } from './group-key.js';
import type { StoredGroup } from './stored-group.js';
import { IN_PARTS, isStoredGroup } from './stored-group.js';

/** Groups, their parts and large leaves, each checked for being what it is read as: see `group-key.ts`. */
export type GroupDatabase = GuardedDatabase<unknown, string>;

/** A group, or a part of one, under its key. */
export interface KeyedGroup {
  readonly key: string;
  readonly entries: StoredGroup;
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
  group(base: Base): StoredGroup | typeof IN_PARTS | undefined {
    const key = groupKey(base);
    const stored = this.#db.get(key);
    return stored === undefined ? undefined : this.checkedGroup(key, stored);
  }

  /** The group or the part that holds a leaf of this name, if anything does; undefined when there is none. */
  around(base: Base, name: string): KeyedGroup | undefined {
    const group = this.group(base);
    if (group === undefined) return undefined;
    return group === IN_PARTS ? this.part(base, name) : { key: groupKey(base), entries: group };
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
    return found && { key: found.key, entries: this.#checkedPart(found) };
  }

  /** The parts of a split group that can hold leaves of a stretch, in its direction. */
  parts(base: Base, { low, high, reverse }: NameRange): Iterable<StoredGroup> {
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
    const start = low === undefined ? first : (this.part(base, low)?.key ?? first);
    return this.#parts({ start, ...(end !== undefined && { end }) });
  }

  /** Whether a split group has parts. */
  hasParts(base: Base): boolean {
    const end = endOf(base);
    return this.#db.hasIn({ start: partKey(base, ''), ...(end !== undefined && { end }) });
  }

  /** Whether a part of a group lies behind another one. */
  hasPartBehind(base: Base, key: string): boolean {
    const end = endOf(base);
    return this.#db.hasIn({ start: key, exclusiveStart: true, ...(end !== undefined && { end }) });
  }

  /** A large leaf, which lies alone. */
  leaf(path: Path): Leaf {
    return this.checkedLeaf(path, this.#db.get(path));
  }

  /** Everything from `start` to `end`, in either direction. */
  entries(options: RangeOptions): Generator<Entry<unknown, string>, void, undefined> {
    return this.#db.range(options, (entry) => entry);
  }

  /** Whether anything lies in a range. */
  hasIn(options: RangeOptions): boolean {
    return this.#db.hasIn(options);
  }

  /** What is stored as a group, when it is one. */
  checkedGroup(key: string, stored: unknown): StoredGroup | typeof IN_PARTS {
    if (stored === IN_PARTS || isStoredGroup(stored)) return stored;
    throw this.#db.damaged(key);
  }

  /** What is stored as a large leaf, when it is one. */
  checkedLeaf(path: Path, stored: unknown): Leaf {
    if (!isStoredLeaf(stored)) throw this.#db.damaged(path);
    return fromStored(path, stored);
  }

  #parts(options: RangeOptions): Generator<StoredGroup, void, undefined> {
    return this.#db.range(options, (entry) => this.#checkedPart(entry));
  }

  #checkedPart({ key, value }: Entry<unknown, string>): StoredGroup {
    if (!isStoredGroup(value)) throw this.#db.damaged(key);
    return value;
  }
}

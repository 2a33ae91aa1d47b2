import { rangeBelow } from '../../../protocol/paths/order.js';
import type { Path } from '../../../protocol/paths/path.js';
import type { Leaf } from '../../../protocol/values/value.js';
import type { LeafTree, TreeRange } from '../../leaf-tree.js';
import type { WriteScope } from '../write-scope.js';
import type { Base } from './group-key.js';
import { baseOf } from './group-key.js';
import { GROUP_LIMITS } from './group-limits.js';
import type { GroupDatabase } from './group-reader.js';
import { GroupReader } from './group-reader.js';
import type { Line, StoredGroup } from './group-text.js';
import { leavesInRange, runsInRange } from './leaf-walk.js';
import { OpenGroups } from './open-groups.js';
import { IN_PARTS, isDeep, isOfLarge, leafOn, leavesOf, placeOfLine } from './group-text.js';

/** What counts the leaves of a tree. */
export interface LeafCounter {
  add(leaves: number): void;
}

/**
 * Leaves in a database of their own, those that lie directly below one path together under one key: a record costs one, however
 * many fields it has.
 */
export class LmdbLeafTree implements LeafTree {
  readonly #db: GroupDatabase;
  readonly #scope: WriteScope;
  readonly #counter: LeafCounter | undefined;
  readonly #reader: GroupReader;
  readonly #groups: OpenGroups;

  constructor(db: GroupDatabase, scope: WriteScope, counter?: LeafCounter, limits = GROUP_LIMITS) {
    this.#db = db;
    this.#scope = scope;
    this.#counter = counter;
    this.#reader = new GroupReader(db);
    this.#groups = new OpenGroups(db, this.#reader, limits);
  }

  get(path: Path): Leaf | undefined {
    const base = baseOf(path);
    const name = path.slice(base.length);
    if (this.#scope.isOpen) return this.#groups.get(base, name);
    const group = this.#groups.committed(base, name);
    if (group === undefined) return undefined;
    const place = placeOfLine(group.text, name);
    if (place === undefined) return undefined;
    const line = group.text.slice(...place);
    return isOfLarge(line) ? this.#reader.leaf(path) : this.#leaf(group.key, base, line);
  }

  put(leaf: Leaf): void {
    this.#scope.note();
    const base = baseOf(leaf.path);
    if (this.#groups.put(base, leaf.path.slice(base.length), leaf)) this.#counter?.add(1);
  }

  delete(path: Path): void {
    this.#scope.note();
    const base = baseOf(path);
    if (this.#groups.delete(base, path.slice(base.length))) this.#counter?.add(-1);
  }

  range(range: TreeRange): Iterable<Leaf> {
    this.#groups.flush();
    return leavesInRange(this.#reader, range);
  }

  runs(range: TreeRange): Iterable<Leaf[]> {
    this.#groups.flush();
    return runsInRange(this.#reader, range);
  }

  mayHaveBelow(path: Path): boolean {
    return this.#group(`${path}/`) !== undefined;
  }

  subtree(path: Path): Leaf[] {
    const leaf = this.get(path);
    const below = this.#below(path);
    return leaf === undefined ? below : [leaf, ...below];
  }

  clear(): void {
    this.#scope.note();
    this.#groups.discard();
    this.#db.clear();
  }

  /** Writes out what is pending: before the end of the transaction. */
  flush(): void {
    this.#groups.flush();
  }

  /** Forgets what the transaction worked on, when it has ended. @param isUndone whether it was undone */
  forget(isUndone: boolean): void {
    this.#groups.forget(isUndone);
  }

  /** Mostly one group of leaves that do not lie alone, with nothing deeper. */
  #below(path: Path): Leaf[] {
    const base = `${path}/`;
    const group = this.#group(base);
    if (group === undefined) return [];
    return this.#plain(base, group) ?? [...this.range(rangeBelow(path))];
  }

  #plain(base: Base, group: StoredGroup): Leaf[] | undefined {
    if (group === IN_PARTS || isDeep(group)) return undefined;
    const read = leavesOf(base, group);
    // One that cannot be read is refused by those that read it leaf by leaf.
    return read === undefined || read.hasLarge ? undefined : read.leaves;
  }

  #group(base: Base): StoredGroup | undefined {
    return this.#scope.isOpen ? this.#groups.group(base) : this.#reader.group(base);
  }

  #leaf(key: string, base: Base, line: Line): Leaf {
    const leaf = leafOn(base, line);
    if (leaf === undefined) throw this.#reader.damaged(key);
    return leaf;
  }
}

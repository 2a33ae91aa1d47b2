import type { Leaf } from '../../../protocol/value.js';
import { toStored } from '../stored-leaf.js';
import type { Base } from './group-key.js';
import { groupKey, partKey } from './group-key.js';
import type { GroupLimits } from './group-limits.js';
import { isLarge, partsOf } from './group-limits.js';
import type { GroupDatabase, GroupReader } from './group-reader.js';
import type { StoredEntry, StoredGroup } from './stored-group.js';
import { IN_PARTS, leafOf, placeIn, toEntry } from './stored-group.js';

/** A group or a part as the running transaction leaves it. */
interface OpenGroup {
  readonly key: string;
  readonly base: Base;
  readonly entries: StoredEntry[];
  isStored: boolean;
}

/** So many groups are kept at a time, whether they were changed or only looked at. */
const MOST_OPEN = 1_000;

/** One that has grown to so many times what a group may hold is written out at once: to find a place in it takes longer and longer. */
const OVERGROWN = 4;

/**
 * The groups that the running transaction works on: read once, and written once however many of their leaves it changes. To be
 * written out before anything else reads the database, and before the transaction ends; to be forgotten with it.
 */
export class OpenGroups {
  readonly #db: GroupDatabase;
  readonly #reader: GroupReader;
  readonly #limits: GroupLimits;
  /** By base, where the group is not split, and by the keys of parts. */
  readonly #groups = new Map<string, OpenGroup>();
  readonly #split = new Set<Base>();
  readonly #changed = new Set<OpenGroup>();
  /** Why the database is not what was to be written: then the transaction must not be committed. */
  #fault: { readonly error: unknown } | undefined;

  constructor(db: GroupDatabase, reader: GroupReader, limits: GroupLimits) {
    this.#db = db;
    this.#reader = reader;
    this.#limits = limits;
  }

  get(base: Base, name: string): Leaf | undefined {
    const { entries } = this.#around(base, name);
    const entry = entries[placeIn(entries, name)];
    if (entry === undefined) return undefined;
    return leafOf(base, entry) ?? this.#reader.leaf(base + name);
  }

  /** Whether a leaf lies directly below the base, as far as that is known without reading. */
  isKnownToHave(base: Base): boolean {
    return (this.#groups.get(groupKey(base))?.entries.length ?? 0) > 0;
  }

  /** Whether the leaf is a new one. */
  put(base: Base, name: string, leaf: Leaf): boolean {
    const group = this.#around(base, name);
    const { entries } = group;
    const place = placeIn(entries, name);
    const before = entries[place];
    const large = isLarge(name, leaf.value, this.#limits);
    if (large) this.#db.put(leaf.path, toStored(leaf));
    else if (before?.length === 1) this.#db.remove(leaf.path);
    if (large && before?.length === 1) return false;
    const entry: StoredEntry = large ? [name] : toEntry(leaf, name);
    if (before === undefined) entries.splice(~place, 0, entry);
    else entries[place] = entry;
    this.#changed.add(group);
    if (entries.length > this.#limits.leaves * OVERGROWN) this.#writeOut(group);
    return before === undefined;
  }

  /** Whether there was such a leaf. */
  delete(base: Base, name: string): boolean {
    const group = this.#around(base, name);
    const place = placeIn(group.entries, name);
    const before = group.entries[place];
    if (before === undefined) return false;
    if (before.length === 1) this.#db.remove(base + name);
    group.entries.splice(place, 1);
    this.#changed.add(group);
    return true;
  }

  /** Makes the database what the transaction has made of the groups. */
  flush(): void {
    if (this.#fault !== undefined) throw this.#fault.error;
    for (const group of this.#changed) this.#writeOut(group);
  }

  /** Takes back what was not written out: nothing of it is to be kept. */
  discard(): void {
    this.#groups.clear();
    this.#split.clear();
    this.#changed.clear();
  }

  /** To be called when the transaction has ended, however it has. */
  forget(): void {
    this.discard();
    this.#fault = undefined;
  }

  /** The group or the part for a leaf of this name; empty when there is none. */
  #around(base: Base, name: string): OpenGroup {
    const isSplit = this.#split.has(base);
    const known = isSplit ? undefined : this.#groups.get(groupKey(base));
    if (known !== undefined) return known;
    const group = isSplit ? IN_PARTS : this.#reader.group(base);
    if (group !== IN_PARTS) return this.#open(groupKey(base), base, group);
    this.#split.add(base);
    const part = this.#reader.part(base, name);
    const key = part?.key ?? partKey(base, '');
    return this.#groups.get(key) ?? this.#open(key, base, part?.entries);
  }

  #open(key: string, base: Base, stored: StoredGroup | undefined): OpenGroup {
    if (this.#groups.size >= MOST_OPEN) this.#makeRoom();
    const group = { key, base, entries: [...(stored ?? [])], isStored: stored !== undefined };
    this.#groups.set(key, group);
    return group;
  }

  #makeRoom(): void {
    this.flush();
    this.#groups.clear();
    this.#split.clear();
  }

  #writeOut(group: OpenGroup): void {
    this.#changed.delete(group);
    try {
      if (group.entries.length === 0) this.#remove(group);
      else this.#write(group);
    } catch (error) {
      this.#fault = { error };
      throw error;
    }
  }

  #write(group: OpenGroup): void {
    const { key, base, entries } = group;
    const isWhole = key === groupKey(base);
    const isLast = (): boolean => isWhole || !this.#reader.hasPartBehind(base, key);
    const parts = partsOf(entries, this.#limits, isLast);
    const inParts = !isWhole || parts.length > 1;
    if (inParts && !this.#split.has(base)) {
      this.#db.put(groupKey(base), IN_PARTS);
      this.#split.add(base);
    }
    for (const [i, part] of parts.entries()) {
      const first = isWhole && inParts ? partKey(base, '') : key;
      const own = i === 0 ? first : partKey(base, part[0]?.[0] ?? '');
      this.#db.put(own, part);
      if (parts.length > 1) this.#groups.delete(own);
    }
    if (parts.length > 1) this.#groups.delete(key);
    group.isStored = true;
  }

  #remove(group: OpenGroup): void {
    const { key, base } = group;
    this.#groups.delete(key);
    if (!group.isStored) return;
    this.#db.remove(key);
    if (key === groupKey(base) || this.#reader.hasParts(base)) return;
    this.#db.remove(groupKey(base));
    this.#split.delete(base);
  }
}

import type { Leaf } from '../../../protocol/values/value.js';
import { textOfLeaf } from '../stored-leaf.js';
import { GroupDraft } from './group-draft.js';
import type { Base } from './group-key.js';
import { baseAbove, groupKey, lowOfPart, partKey } from './group-key.js';
import type { GroupLimits } from './group-limits.js';
import { fits, isLarge, partsOf } from './group-limits.js';
import type { GroupDatabase, GroupReader, KeyedGroup } from './group-reader.js';
import type { GroupText, StoredGroup } from './group-text.js';
import { PartIndex } from './part-index.js';
import {
  IN_PARTS,
  NO_LINES,
  isOfLarge,
  leafOn,
  lineOf,
  lineOfLarge,
  nameOn,
  textOfLines,
} from './group-text.js';

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
  /** By their keys. */
  readonly #groups = new Map<string, GroupDraft>();
  /** Bases that were found to be split. */
  readonly #split = new Set<Base>();
  readonly #parts: PartIndex;
  readonly #changed = new Set<GroupDraft>();
  /** The bases below which a group came to its end: while it is written out, and no longer. */
  readonly #shrunk = new Set<Base>();
  /** Why the database is not what was to be written: then the transaction must not be committed. */
  #fault: { readonly error: unknown } | undefined;

  constructor(db: GroupDatabase, reader: GroupReader, limits: GroupLimits) {
    this.#db = db;
    this.#reader = reader;
    this.#limits = limits;
    this.#parts = new PartIndex(reader);
  }

  /** The group or the part that holds a leaf of this name, if anything does, as it is committed. */
  committed(base: Base, name: string): KeyedGroup | undefined {
    if (!this.#parts.knows(base)) {
      const text = this.#reader.group(base);
      if (text === undefined) return undefined;
      if (text !== IN_PARTS) return { key: groupKey(base), text };
    }
    const low = this.#parts.lowOf(base, name);
    if (low === undefined) return undefined;
    const key = partKey(base, low);
    const text = this.#reader.partAt(key);
    if (text !== undefined) return { key, text };
    // Somebody else has written: of an owner that lost the folder, the next write will be refused.
    this.#parts.clear();
    return this.committed(base, name);
  }

  /** The leaf as the transaction leaves it. */
  get(base: Base, name: string): Leaf | undefined {
    this.#makeRoom();
    const group = this.#around(base, name);
    const line = group.find(name);
    if (line === undefined) return undefined;
    if (isOfLarge(line)) return this.#reader.leaf(base + name);
    const leaf = leafOn(base, line);
    if (leaf === undefined) throw this.#reader.damaged(group.key);
    return leaf;
  }

  /** The group of a base as the transaction leaves it, or that it is split; undefined when there is none. */
  group(base: Base): StoredGroup | undefined {
    this.#makeRoom();
    const group = this.#isSplit(base) ? undefined : this.#around(base, '');
    if (group === undefined || this.#isSplit(base)) return IN_PARTS;
    return group.isEmpty && !group.isDeep ? undefined : group.text;
  }

  /** Whether the leaf is a new one. */
  put(base: Base, name: string, leaf: Leaf): boolean {
    this.#makeRoom();
    const group = this.#around(base, name);
    const json = JSON.stringify(leaf.value);
    const before = group.find(name);
    const wasLarge = before !== undefined && isOfLarge(before);
    const large = isLarge(name, json, this.#limits);
    if (large) this.#db.put(leaf.path, textOfLeaf(leaf, json));
    else if (wasLarge) this.#db.remove(leaf.path);
    if (large && wasLarge) return false;
    if (!group.isStored && group.isEmpty) this.#deepen(base);
    group.put(name, large ? lineOfLarge(name) : lineOf(name, leaf, json));
    this.#changed.add(group);
    if (group.grownTo > this.#limits.leaves * OVERGROWN) this.#writeOut(group);
    return before === undefined;
  }

  /** Whether there was such a leaf. */
  delete(base: Base, name: string): boolean {
    this.#makeRoom();
    const group = this.#around(base, name);
    const before = group.find(name);
    if (before === undefined) return false;
    if (isOfLarge(before)) this.#db.remove(base + name);
    group.remove(name);
    this.#changed.add(group);
    return true;
  }

  /** Makes the database what the transaction has made of the groups. */
  flush(): void {
    if (this.#fault !== undefined) throw this.#fault.error;
    try {
      for (const group of this.#changed) this.#writeOut(group);
      // Each may leave nothing below the one above it.
      for (const base of this.#shrunk) this.#shrink(base);
    } catch (error) {
      this.#fault = { error };
      throw error;
    }
  }

  /** Takes back what was not written out, when the database is emptied. */
  discard(): void {
    this.#parts.clear();
    this.#clear();
  }

  /** To be called when the transaction has ended. @param isUndone whether the database is as it was before */
  forget(isUndone: boolean): void {
    if (isUndone) this.#parts.clear();
    this.#clear();
    this.#fault = undefined;
  }

  #clear(): void {
    this.#groups.clear();
    this.#split.clear();
    this.#changed.clear();
  }

  /** The group or the part for a leaf of this name; empty when there is none. */
  #around(base: Base, name: string): GroupDraft {
    const known = this.#groups.get(groupKey(base));
    if (known !== undefined) return known;
    if (!this.#isSplit(base)) {
      const group = this.#reader.group(base);
      if (group !== IN_PARTS) return this.#open(groupKey(base), base, group);
      this.#split.add(base);
    }
    const low = this.#parts.lowOf(base, name);
    const key = partKey(base, low ?? '');
    return (
      this.#groups.get(key) ?? this.#open(key, base, low === undefined ? undefined : this.#reader.partAt(key))
    );
  }

  #isSplit(base: Base): boolean {
    return this.#split.has(base) || this.#parts.knows(base);
  }

  #open(key: string, base: Base, stored: GroupText | undefined): GroupDraft {
    const group = new GroupDraft(key, base, stored, () => this.#reader.damaged(key));
    this.#groups.set(key, group);
    return group;
  }

  /** Makes the group above a base, one that has nothing below itself included, tell of what lies deeper. */
  #deepen(base: Base): void {
    if (base === '' || baseAbove(base) === '') return;
    const above = baseAbove(base);
    if (this.#isSplit(above)) return;
    const group = this.#around(above, '');
    if (this.#isSplit(above) || group.isDeep) return;
    if (!group.isStored && group.isEmpty) this.#deepen(above);
    group.isDeep = true;
    this.#changed.add(group);
  }

  /** Makes a group that tells of parts, or of what lies deeper, do so no more when there are none. */
  #shrink(base: Base): void {
    this.#shrunk.delete(base);
    const isSplit = this.#isSplit(base) || this.#reader.group(base) === IN_PARTS;
    if (isSplit && !this.#parts.isEmpty(base)) return;
    if (isSplit) this.#join(base);
    const group = this.#around(base, '');
    if (base === '' || !group.isDeep || this.#reader.hasDeeper(base)) return;
    group.isDeep = false;
    this.#writeOut(group);
  }

  /** Makes a group without parts one that is not split. */
  #join(base: Base): void {
    this.#split.delete(base);
    if (base === '') this.#db.remove(groupKey(base));
    else this.#db.put(groupKey(base), NO_LINES);
  }

  #makeRoom(): void {
    if (this.#groups.size < MOST_OPEN) return;
    this.flush();
    this.#clear();
  }

  #writeOut(group: GroupDraft): void {
    this.#changed.delete(group);
    if (group.isEmpty && !group.isDeep) this.#remove(group);
    else this.#write(group);
  }

  #write(group: GroupDraft): void {
    const { key, base, text } = group;
    const isWhole = key === groupKey(base);
    if (!fits(text, group.grownTo, this.#limits) && group.lines().length > 1) {
      this.#writeParts(group, isWhole);
      return;
    }
    if (isWhole) this.#db.put(key, text);
    else this.#putPart(base, lowOfPart(base, key), text);
    group.isStored = true;
  }

  #writeParts(group: GroupDraft, isWhole: boolean): void {
    const { key, base } = group;
    const first = isWhole ? '' : lowOfPart(base, key);
    const isLast = isWhole || this.#parts.isLast(base, first);
    this.#groups.delete(key);
    for (const [i, lines] of partsOf(group.lines(), this.#limits, isLast).entries()) {
      const low = i === 0 ? first : (nameOn(lines[0] ?? '') ?? '');
      // One that was opened when there was none.
      this.#groups.delete(partKey(base, low));
      this.#putPart(base, low, textOfLines(lines));
    }
  }

  #putPart(base: Base, low: string, text: GroupText): void {
    if (!this.#isSplit(base)) this.#db.put(groupKey(base), IN_PARTS);
    this.#split.add(base);
    this.#db.put(partKey(base, low), text);
    this.#parts.add(base, low);
  }

  #remove(group: GroupDraft): void {
    const { key, base, isStored } = group;
    this.#groups.delete(key);
    if (isStored) this.#db.remove(key);
    if (key === groupKey(base)) {
      if (base !== '') this.#shrunk.add(baseAbove(base));
      return;
    }
    if (isStored) this.#parts.remove(base, lowOfPart(base, key));
    this.#shrunk.add(base);
  }
}

import type { Leaf } from '../../../protocol/value.js';
import { textOfLeaf } from '../stored-leaf.js';
import { GroupDraft } from './group-draft.js';
import type { Base } from './group-key.js';
import { baseAbove, groupKey, partKey } from './group-key.js';
import type { GroupLimits } from './group-limits.js';
import { fits, isLarge, partsOf } from './group-limits.js';
import type { GroupDatabase, GroupReader } from './group-reader.js';
import type { GroupText } from './group-text.js';
import { RecentPart } from './recent-part.js';
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
  readonly #split = new Set<Base>();
  readonly #changed = new Set<GroupDraft>();
  /** The bases below which a group came to its end. */
  readonly #shrunk = new Set<Base>();
  /** The part that was met last, and the one that is known from end to end. */
  #met: GroupDraft | undefined;
  #recent: RecentPart | undefined;
  /** Why the database is not what was to be written: then the transaction must not be committed. */
  #fault: { readonly error: unknown } | undefined;

  constructor(db: GroupDatabase, reader: GroupReader, limits: GroupLimits) {
    this.#db = db;
    this.#reader = reader;
    this.#limits = limits;
  }

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
  group(base: Base): GroupText | typeof IN_PARTS | undefined {
    this.#makeRoom();
    if (this.#split.has(base)) return IN_PARTS;
    const group = this.#around(base, '');
    if (this.#split.has(base)) return IN_PARTS;
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
    for (const group of this.#changed) this.#writeOut(group);
    // Each may leave nothing below the one above it.
    for (const base of this.#shrunk) this.#shrink(base);
  }

  /** Takes back what was not written out: nothing of it is to be kept. */
  discard(): void {
    this.#forgetRecent();
    this.#groups.clear();
    this.#split.clear();
    this.#changed.clear();
    this.#shrunk.clear();
  }

  /** To be called when the transaction has ended, however it has. */
  forget(): void {
    this.discard();
    this.#fault = undefined;
  }

  /** The group or the part for a leaf of this name; empty when there is none. */
  #around(base: Base, name: string): GroupDraft {
    const isSplit = this.#split.has(base);
    if (isSplit && this.#recent?.holds(base, name) === true) return this.#recent.part;
    const known = isSplit ? undefined : this.#groups.get(groupKey(base));
    if (known !== undefined) return known;
    const group = isSplit ? IN_PARTS : this.#reader.group(base);
    if (group !== IN_PARTS) return this.#open(groupKey(base), base, group);
    const part = this.#reader.part(base, name);
    const key = part?.key ?? partKey(base, '');
    const draft = this.#groups.get(key) ?? this.#open(key, base, part?.text);
    this.#split.add(base);
    this.#note(draft);
    return draft;
  }

  /** One that is met twice in a row is mostly met again: where it ends is worth finding out. */
  #note(part: GroupDraft): void {
    if (this.#met === part) this.#recent = new RecentPart(part, this.#reader.lowBehind(part.base, part.key));
    this.#met = part;
  }

  #forgetRecent(): void {
    this.#recent = undefined;
    this.#met = undefined;
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
    const group = this.#around(above, '');
    if (this.#split.has(above) || group.isDeep) return;
    if (!group.isStored && group.isEmpty) this.#deepen(above);
    group.isDeep = true;
    this.#changed.add(group);
  }

  /** Makes a group that tells of parts, or of what lies deeper, do so no more when there are none. */
  #shrink(base: Base): void {
    this.#shrunk.delete(base);
    const isSplit = this.#split.has(base) || this.#reader.group(base) === IN_PARTS;
    if (isSplit && this.#reader.hasParts(base)) return;
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
    this.#forgetRecent();
    this.#groups.clear();
    this.#split.clear();
  }

  #writeOut(group: GroupDraft): void {
    this.#changed.delete(group);
    try {
      if (group.isEmpty && !group.isDeep) this.#remove(group);
      else this.#write(group);
    } catch (error) {
      this.#fault = { error };
      throw error;
    }
  }

  #write(group: GroupDraft): void {
    const { key, base, text } = group;
    const isWhole = key === groupKey(base);
    if (!fits(text, group.grownTo, this.#limits) && group.lines().length > 1) {
      this.#writeParts(group, isWhole);
      return;
    }
    if (!isWhole) this.#markSplit(base);
    this.#db.put(key, text);
    group.isStored = true;
  }

  #writeParts(group: GroupDraft, isWhole: boolean): void {
    const { key, base } = group;
    const isLast = isWhole || this.#reader.lowBehind(base, key) === undefined;
    this.#markSplit(base);
    this.#forgetRecent();
    // Those that were opened when there were none.
    this.#groups.delete(key);
    for (const [i, lines] of partsOf(group.lines(), this.#limits, isLast).entries()) {
      const own = i > 0 ? partKey(base, nameOn(lines[0] ?? '') ?? '') : isWhole ? partKey(base, '') : key;
      this.#groups.delete(own);
      this.#db.put(own, textOfLines(lines));
    }
  }

  #markSplit(base: Base): void {
    if (this.#split.has(base)) return;
    this.#db.put(groupKey(base), IN_PARTS);
    this.#split.add(base);
  }

  #remove(group: GroupDraft): void {
    const { key, base, isStored } = group;
    this.#forgetRecent();
    this.#groups.delete(key);
    if (isStored) this.#db.remove(key);
    if (key !== groupKey(base)) this.#shrunk.add(base);
    else if (base !== '') this.#shrunk.add(baseAbove(base));
  }
}

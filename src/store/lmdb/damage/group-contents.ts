import { comparePaths } from '../../../protocol/paths/order.js';
import type { JsonValue } from '../../../protocol/values/value.js';
import { leafTypeOf } from '../../../protocol/values/value.js';
import { GROUP_KEYS, baseAbove, describePlace, groupKey, placeOf } from '../leaves/group-key.js';
import type { Line } from '../leaves/group-text.js';
import { IN_PARTS, isDeep, isGroupText, isOfLarge, linesOf, nameOn } from '../leaves/group-text.js';
import type { LeafSurroundings } from './leaf-check.js';
import { LeafCheck, PATH_FAULT, VALUE_FAULT } from './leaf-check.js';
import { countIn, jsonIn, textOf } from './stored-values.js';
import type { TreeEntry } from './tree-walk.js';

/**
 * The leaves of a tree of groups as they come by: each by itself, in its place in its group, and where a group only names one, that it lies
 * where it should. Groups come before what lies below them, and their parts behind it.
 */
export class GroupContents {
  readonly #kind: string;
  readonly #beside: LeafSurroundings;
  readonly #check: LeafCheck;
  /** Leaves that lie alone and were not named yet, or named and not met. */
  readonly #unmatched = new Map<string, 'met' | 'named'>();
  /** The bases of groups that are split, and whether a part was met. */
  readonly #split = new Map<string, boolean>();
  /** The bases above what was met last of which a group tells that something lies deeper. */
  readonly #deep: string[] = [];
  #count = 0;

  /** @param kind what the reader is told behind the words for a place, such as ` of the last snapshot` */
  constructor(kind: string, beside: LeafSurroundings) {
    this.#kind = kind;
    this.#beside = beside;
    this.#check = new LeafCheck(beside);
  }

  get count(): number {
    return this.#count;
  }

  see({ key, value }: TreeEntry): void {
    const text = GROUP_KEYS.readKey(key, 0, key.length);
    const { kind, base } = placeOf(text);
    const bytes = value();
    if (kind === 'leaf') this.#seeLeaf(text, key, bytes);
    else if (kind === 'part' && !this.#split.has(base)) this.#lose(text, 'its group is not split');
    else if (bytes !== undefined) this.#seeGroup(text, kind === 'part', base, textOf(bytes));
    if (kind === 'part' && this.#split.has(base)) this.#split.set(base, true);
  }

  /** To be called when all was seen. */
  finish(): void {
    for (const [path, which] of this.#unmatched) {
      this.#lose(path, which === 'named' ? 'it is missing' : 'no group names it');
    }
    for (const [base, hasParts] of this.#split) if (!hasParts) this.#lose(groupKey(base), 'they are missing');
  }

  #seeLeaf(path: string, key: Buffer, bytes: Buffer | undefined): void {
    this.#match(path, 'met');
    if (bytes === undefined) return;
    const isText = Buffer.from(path).equals(key);
    const fault = isText ? this.#check.faultIn(path, bytes) : PATH_FAULT;
    if (fault !== undefined) this.#lose(path, fault);
  }

  #seeGroup(key: string, isPart: boolean, base: string, text: string | undefined): void {
    if (!isPart) this.#seeDepth(base, text);
    if (text === IN_PARTS && !isPart) {
      this.#split.set(base, false);
      return;
    }
    if (!isGroupText(text)) {
      this.#lose(key, 'they cannot be read');
      return;
    }
    let before: string | undefined;
    for (const line of linesOf(text)) {
      this.#count += 1;
      const name = nameOn(line);
      if (name === undefined) {
        this.#lose(key, 'one of them cannot be read');
        continue;
      }
      if (before !== undefined && comparePaths(before, name) >= 0) {
        this.#lose(base + name, 'it is out of order');
      }
      before = name;
      this.#seeLine(base + name, line);
    }
  }

  /** Who looks for what lies below a base asks its group. */
  #seeDepth(base: string, text: string | undefined): void {
    while (!base.startsWith(this.#deep.at(-1) ?? '')) this.#deep.pop();
    const above = baseAbove(base);
    if (above !== '' && this.#deep.at(-1) !== above) {
      this.#lose(above, 'they are missing');
      this.#deep.push(above);
    }
    if (text === undefined || text === IN_PARTS || isDeep(text)) this.#deep.push(base);
  }

  #seeLine(path: string, line: Line): void {
    if (isOfLarge(line)) {
      this.#match(path, 'named');
      return;
    }
    const [, revision = '', type = '', json = '', ...more] = line.split('\t');
    const value = more.length === 0 ? jsonIn(json) : undefined;
    const fault =
      value === undefined
        ? VALUE_FAULT
        : this.#check.fault(
            path,
            countIn(revision),
            type === '' ? leafTypeOf(value as JsonValue) : type,
            value,
          );
    if (fault !== undefined) this.#lose(path, fault);
  }

  #match(path: string, as: 'met' | 'named'): void {
    if (this.#unmatched.has(path)) this.#unmatched.delete(path);
    else this.#unmatched.set(path, as);
  }

  #lose(key: string, fault: string): void {
    this.#beside.lost.add(`the ${describePlace(key)}${this.#kind} (${fault})`);
  }
}

import type { Findings } from './findings.js';
import { NODE_FLAGS } from './layout.js';
import type { BranchNode, LeafNode, PageContent } from './page.js';
import type { PageReader } from './page-reader.js';
import type { Tree } from './tree.js';
import { lostPart } from './tree.js';

/** An entry whose place is sound. */
export interface TreeEntry {
  readonly key: Buffer;
  readonly node: LeafNode;
  /** The value's bytes; undefined, and the loss is noted, when they cannot be read. */
  readonly value: () => Buffer | undefined;
}

/** The part of a tree at and below one page. */
interface Part {
  readonly tree: Tree;
  readonly page: number;
  /** 1 for the leaves of the tree. */
  readonly level: number;
  readonly low: Buffer | undefined;
  readonly high: Buffer | undefined;
}

interface Visit {
  readonly below: Part[];
  readonly entries: readonly TreeEntry[];
}

/** The longest way down a tree that LMDB itself can go. */
const MAX_DEPTH = 32;

/** Follows trees of a data file down from their roots and notes what is lost. */
export class TreeWalk {
  readonly #reader: PageReader;
  readonly #lost: Findings;

  constructor(reader: PageReader, lost: Findings) {
    this.#reader = reader;
    this.#lost = lost;
  }

  /** All of a tree in the order of its keys, an item for each page. */
  *pages(tree: Tree): Generator<readonly TreeEntry[], void, undefined> {
    const parts = this.#roots(tree);
    for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
      const { below, entries } = this.#visit(part);
      for (const other of below.reverse()) parts.push(other);
      yield entries;
    }
    this.#compareCounts(tree);
  }

  /** The first pages of several trees and of those `found` in them, level by level, until `limit` pages were read. */
  begin(trees: readonly Tree[], limit: number, found: (entry: TreeEntry) => Tree | undefined): void {
    const met = [...trees];
    const parts = met.flatMap((tree) => this.#roots(tree));
    let read = 0;
    for (let part = parts[read]; part !== undefined && read < limit; part = parts[++read]) {
      const { below, entries } = this.#visit(part);
      for (const other of below) parts.push(other);
      for (const entry of entries) {
        const tree = found(entry);
        if (tree === undefined) continue;
        met.push(tree);
        for (const root of this.#roots(tree)) parts.push(root);
      }
    }
    if (read === parts.length) for (const tree of met) this.#compareCounts(tree);
  }

  /** The whole tree, as a part to begin with; nothing when it is empty. */
  #roots(tree: Tree): Part[] {
    const { depth, root, entries } = tree.record;
    if (root === undefined && depth === 0 && entries === 0) return [];
    if (root !== undefined && depth > 0 && depth <= MAX_DEPTH) {
      return [{ tree, page: root, level: depth, low: undefined, high: undefined }];
    }
    this.#lose({ tree, low: undefined, high: undefined }, 'its root is lost');
    return [];
  }

  #visit(part: Part): Visit {
    const content = this.#content(part);
    if (content.fault !== undefined) {
      this.#lose(part, content.fault);
      return { below: [], entries: [] };
    }
    const { seen } = part.tree;
    if ('branches' in content) {
      seen.branchPages += 1;
      return { below: partsBelow(part, content.branches), entries: [] };
    }
    seen.leafPages += 1;
    seen.entries += content.leaves.length;
    return {
      below: [],
      entries: content.leaves.map((node, i) => this.#entry(part, node, content.leaves[i + 1])),
    };
  }

  #content({ tree, page, level, low, high }: Part): PageContent {
    const content = this.#reader.tree(page, level > 1 ? 'branch' : 'leaf');
    if (content.fault !== undefined) return content;
    // The first key of a branch stands for all below the second, and is not kept.
    const keys = 'branches' in content ? content.branches.slice(1) : content.leaves;
    return inOrder(tree, keys, low, high) ? content : { fault: `page ${page}: its keys are out of order` };
  }

  #entry({ tree, high }: Part, node: LeafNode, next: LeafNode | undefined): TreeEntry {
    const { key } = node;
    if (node.flags !== NODE_FLAGS.overflow) return { key, node, value: () => node.data };
    const run = this.#reader.overflow(node);
    const place = { tree, low: key, high: next?.key ?? high };
    if (run.fault === undefined) tree.seen.overflowPages += run.count;
    else this.#lose(place, run.fault);
    const value = (): Buffer | undefined => {
      if (run.fault !== undefined) return undefined;
      const bytes = this.#reader.value(run, node.size);
      if (Buffer.isBuffer(bytes)) return bytes;
      this.#lose(place, bytes.fault);
      return undefined;
    };
    return { key, node, value };
  }

  #lose({ tree, low, high }: Pick<Part, 'tree' | 'low' | 'high'>, reason: string): void {
    tree.torn = true;
    this.#lost.add(`${lostPart(tree, low, high)} (${reason})`);
  }

  /** What was seen of a tree without any loss must be all of it. */
  #compareCounts(tree: Tree): void {
    const { seen, record } = tree;
    if (tree.torn) return;
    for (const count of ['entries', 'leafPages', 'branchPages', 'overflowPages'] as const) {
      if (seen[count] === record[count]) continue;
      const reason = `it has ${seen[count]} ${count} and not ${record[count]}`;
      this.#lose({ tree, low: undefined, high: undefined }, reason);
      return;
    }
  }
}

function partsBelow({ tree, level, low, high }: Part, branches: readonly BranchNode[]): Part[] {
  return branches.map(({ key, page }, i) => ({
    tree,
    page,
    level: level - 1,
    low: i === 0 ? low : key,
    high: branches[i + 1]?.key ?? high,
  }));
}

function inOrder(
  { compare }: Tree,
  keys: readonly { readonly key: Buffer }[],
  low: Buffer | undefined,
  high: Buffer | undefined,
): boolean {
  let before: Buffer | undefined;
  for (const { key } of keys) {
    if (key.length === 0 || (before !== undefined && compare(before, key) >= 0)) return false;
    before = key;
  }
  const first = keys[0]?.key;
  const startsWell = low === undefined || first === undefined || compare(low, first) <= 0;
  return startsWell && (high === undefined || before === undefined || compare(before, high) < 0);
}

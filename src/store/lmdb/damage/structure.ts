import type { Findings } from './findings.js';
import type { PageRun } from './free-list.js';
import { freePages } from './free-list.js';
import type { Meta } from './layout.js';
import { META_PAGES, NODE_FLAGS, treeRecordOf } from './layout.js';
import type { PageFile } from './page-file.js';
import { PageReader } from './page-reader.js';
import { PageSet } from './page-set.js';
import { pagesIn } from './read-meta.js';
import type { Tree } from './tree.js';
import { FREE_SPACE, NAMES, lostPart, newTree } from './tree.js';
import type { TreeEntry } from './tree-walk.js';
import { TreeWalk } from './tree-walk.js';

/** The most pages that one transaction takes and gives back: a file that lacks more is cut off. */
const MOST_UNWRITTEN = 2 ** 20;

/** What lmdb writes behind a database's name. */
const NAME_END = /\0$/;

/** The trees of a data file in one state, each of which can be followed once. */
export class Structure {
  readonly #reader: PageReader;
  readonly #walk: TreeWalk;
  readonly #meta: Meta;
  readonly #lost: Findings;
  readonly #pages: number;
  readonly #free: Tree;
  readonly #names: Tree;

  constructor(file: PageFile, meta: Meta, lost: Findings) {
    this.#meta = meta;
    this.#lost = lost;
    this.#pages = pagesIn(file.size);
    const end = Math.min(this.#pages, meta.lastPage + 1);
    this.#reader = new PageReader(file, { transaction: meta.transaction, end });
    this.#walk = new TreeWalk(this.#reader, lost);
    this.#free = newTree(FREE_SPACE, meta.free);
    this.#names = newTree(NAMES, meta.main);
  }

  /** How many pages were met so far. */
  get pagesMet(): number {
    return this.#reader.used;
  }

  /** Looks at the first pages of all trees, at most `limit` of them. */
  begin(limit: number): void {
    this.#walk.begin([this.#free, this.#names], limit, (entry) =>
      entry.node.flags === NODE_FLAGS.tree ? this.#named(entry) : undefined,
    );
  }

  /** All of a tree in the order of its keys, an item for each page. */
  pages(tree: Tree): Generator<readonly TreeEntry[], void, undefined> {
    return this.#walk.pages(tree);
  }

  /** The named trees. */
  *named(): Generator<Tree, void, undefined> {
    for (const entries of this.#walk.pages(this.#names)) {
      for (const entry of entries) {
        const tree = this.#named(entry);
        if (tree !== undefined) yield tree;
      }
    }
  }

  /**
   * Whether the file ends before its last page for no good reason: LMDB does not write pages that are freed in the
   * transaction that took them. Follows the list of free pages where the file is too short.
   */
  isCutOff(): boolean {
    const missing = this.#meta.lastPage + 1 - this.#pages;
    if (missing <= 0) return false;
    if (missing > MOST_UNWRITTEN) return true;
    const free = new PageSet(missing);
    for (const { first, count } of this.#freeRuns()) {
      for (
        let page = Math.max(first, this.#pages);
        page < Math.min(first + count, this.#pages + missing);
        page++
      ) {
        free.add(page - this.#pages);
      }
    }
    for (let page = 0; page < missing; page++) if (!free.has(page)) return true;
    return false;
  }

  /** Compares the list of free pages with what the trees followed before use, an item for each page of it. */
  *checkFree(): Generator<void, void, undefined> {
    for (const entries of this.#walk.pages(this.#free)) {
      for (const entry of entries) for (const run of this.#runsOf(entry)) this.#checkRun(run);
      yield;
    }
  }

  #checkRun({ first, count }: PageRun): void {
    if (first < META_PAGES || first + count > this.#meta.lastPage + 1) {
      this.#lost.add(`${lostPart(this.#free, undefined, undefined)} (it names pages outside of the file)`);
      return;
    }
    for (let page = first; page < first + count; page++) {
      if (!this.#reader.isUsed(page)) continue;
      this.#lost.add(`page ${page} (it is in use and free)`);
      return;
    }
  }

  *#freeRuns(): Generator<PageRun, void, undefined> {
    for (const entries of this.#walk.pages(this.#free)) {
      for (const entry of entries) yield* this.#runsOf(entry);
    }
  }

  #runsOf({ value }: TreeEntry): readonly PageRun[] {
    const bytes = value();
    if (bytes === undefined) return [];
    const runs = freePages(bytes);
    if (runs !== undefined) return runs;
    this.#lost.add(`a part of ${FREE_SPACE} (it cannot be read)`);
    return [];
  }

  #named({ key, node }: TreeEntry): Tree | undefined {
    const name = key.toString('utf8').replace(NAME_END, '');
    if (node.flags === NODE_FLAGS.tree) return newTree(name, treeRecordOf(node.data, 0));
    this.#lost.add(`the database ${JSON.stringify(name)} (it is no longer one)`);
    return undefined;
  }
}

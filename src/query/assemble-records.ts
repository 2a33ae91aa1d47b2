import type { StoredRecord } from '../mapping/types.js';
import { comparePaths } from '../protocol/order.js';
import type { Path } from '../protocol/path.js';
import { unescapeSegment } from '../protocol/path.js';
import type { Leaf } from '../protocol/value.js';
import type { ListPage } from '../transport/transport.js';

/** Reads a record as it stands at one moment; `undefined` when it is gone. */
export type Reread = (slug: string) => Promise<StoredRecord | undefined>;

/**
 * Groups the leaves below `prefix`, page by page in store order, into whole records in store order.
 *
 * Pages may see different moments. A record at the end of a page may go on behind it, or have done so a moment ago: it
 * is read again as a whole, never pieced together. So is a record with a leaf at its own path, because records with
 * other slugs can lie between that leaf and the rest (PROTOCOL §1).
 */
export async function* assembleRecords(
  pages: AsyncIterable<ListPage>,
  prefix: Path,
  reread: Reread,
): AsyncGenerator<readonly StoredRecord[], void, undefined> {
  const groups = new Groups(prefix);
  for await (const page of pages) {
    for (const leaf of page.items) groups.add(leaf);
    groups.endPage(page.nextCursor === null);
    const records: StoredRecord[] = [];
    for (const group of groups.takeClosed()) {
      const slug = unescapeSegment(group.segment);
      const record = group.isWhole ? storedRecord(slug, group.leaves) : await reread(slug);
      if (record !== undefined) records.push(record);
    }
    yield records;
  }
}

/** A record from its leaves; `undefined` without any. */
export function storedRecord(slug: string, leaves: readonly Leaf[]): StoredRecord | undefined {
  if (leaves.length === 0) return undefined;
  return { slug, leaves, revision: leaves.reduce((greatest, leaf) => Math.max(greatest, leaf.revision), 0) };
}

interface Group {
  readonly segment: string;
  leaves: Leaf[];
  isWhole: boolean;
}

class Groups {
  readonly #start: number;
  #open: Group | undefined;
  #closed: Group[] = [];
  /** Segments that have a leaf at their own path and whose place in the order has not come yet. */
  readonly #scattered = new Set<string>();

  constructor(prefix: Path) {
    this.#start = prefix.length + 1;
  }

  add(leaf: Leaf): void {
    const slash = leaf.path.indexOf('/', this.#start);
    if (slash === -1) {
      this.#scattered.add(leaf.path.slice(this.#start));
      return;
    }
    if (this.#open === undefined || !this.#isIn(this.#open, leaf.path, slash)) {
      this.#openGroup(leaf.path.slice(this.#start, slash));
    }
    if (this.#open?.isWhole === true) this.#open.leaves.push(leaf);
  }

  #isIn({ segment }: Group, path: Path, slash: number): boolean {
    return slash - this.#start === segment.length && path.startsWith(segment, this.#start);
  }

  #openGroup(segment: string): void {
    this.#close();
    this.#closeScattered((other) => comparePaths(`${other}/`, `${segment}/`) < 0);
    this.#open = { segment, leaves: [], isWhole: !this.#scattered.delete(segment) };
  }

  endPage(isLast: boolean): void {
    if (isLast) {
      this.#close();
      this.#closeScattered(() => true);
    } else if (this.#open !== undefined) {
      this.#open.isWhole = false;
      this.#open.leaves = [];
    }
  }

  takeClosed(): readonly Group[] {
    const closed = this.#closed;
    this.#closed = [];
    return closed;
  }

  #close(): void {
    if (this.#open !== undefined) this.#closed.push(this.#open);
    this.#open = undefined;
  }

  #closeScattered(isDue: (segment: string) => boolean): void {
    const due = [...this.#scattered].filter(isDue).sort((a, b) => comparePaths(`${a}/`, `${b}/`));
    for (const segment of due) {
      this.#scattered.delete(segment);
      this.#closed.push({ segment, leaves: [], isWhole: false });
    }
  }
}

import type { CommittedOperation, OperationKind } from '../../protocol/requests/operation.js';
import type { Path } from '../../protocol/paths/path.js';

/** A catch-up comes in pages of at most this many operations, and its running values go wrong within a page only. */
const PAGE_SIZE = 1000;

/** What an operation does to running values: it continues a counter's or a set's, or it writes a new base. */
type Family = 'counter' | 'set' | 'base';

const RUNNING: Partial<Record<OperationKind, Family>> = { increment: 'counter', add: 'set', remove: 'set' };

/** The seqs at which paths were last written, one generation of as many paths as a page can have after another. */
class RecentWrites {
  #current = new Map<Path, number>();
  #previous = new Map<Path, number>();

  get size(): number {
    return this.#current.size + this.#previous.size;
  }

  note(path: Path, storeSeq: number): void {
    if (this.#current.size === PAGE_SIZE) {
      this.#previous = this.#current;
      this.#current = new Map();
    }
    this.#current.set(path, storeSeq);
  }

  /** Whether the path was written within a page's length before `storeSeq`. */
  hasWithinPage(path: Path, storeSeq: number): boolean {
    const at = (this.#current.has(path) ? this.#current : this.#previous).get(path);
    return at !== undefined && storeSeq - at < PAGE_SIZE;
  }
}

/**
 * Finds the operations of a catch-up whose value may be wrong: a server computes the running values of counters and
 * sets from the state before the page and overlooks what else was written inside it (PROTOCOL §5.8). It is told of all
 * operations in their order. What it costs does not grow with the length of the catch-up.
 */
export class BaseChanges {
  #writes: Record<Family, RecentWrites> = newWrites();

  /** How many writes are remembered. */
  get size(): number {
    return Object.values(this.#writes).reduce((sum, { size }) => sum + size, 0);
  }

  /** A catch-up begins: nothing before it matters. */
  clear(): void {
    this.#writes = newWrites();
  }

  /** Takes note of the next operation, and says whether its value, if it comes from a catch-up, may be wrong. */
  note({ op, path, storeSeq }: CommittedOperation): boolean {
    const family = RUNNING[op] ?? 'base';
    const isSuspect = family !== 'base' && this.#isSuspect(family, path, storeSeq);
    this.#writes[family].note(path, storeSeq);
    return isSuspect;
  }

  #isSuspect(family: Family, path: Path, storeSeq: number): boolean {
    const other = this.#writes[family === 'counter' ? 'set' : 'counter'];
    if (other.hasWithinPage(path, storeSeq)) return true;
    const { base } = this.#writes;
    for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
      if (base.hasWithinPage(path.slice(0, end), storeSeq)) return true;
    }
    return false;
  }
}

function newWrites(): Record<Family, RecentWrites> {
  return { counter: new RecentWrites(), set: new RecentWrites(), base: new RecentWrites() };
}

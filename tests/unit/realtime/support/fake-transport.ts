import { Observable, of, Subject } from 'rxjs';
import { DustError } from '../../../../src/errors.js';
import type {
  Commit,
  CommitRange,
  CommittedOperation,
  OperationKind,
} from '../../../../src/protocol/requests/operation.js';
import { comparePaths } from '../../../../src/protocol/paths/order.js';
import type { Path } from '../../../../src/protocol/paths/path.js';
import { isBelow, unescapeSegment } from '../../../../src/protocol/paths/path.js';
import { Pattern } from '../../../../src/protocol/paths/pattern.js';
import type { JsonObject, JsonValue, Leaf } from '../../../../src/protocol/values/value.js';
import { flatten, leafTypeOf } from '../../../../src/protocol/values/value.js';
import type {
  ListPage,
  ListQuery,
  RecordChange,
  RecordCommit,
  RequestOptions,
  Transport,
  TransportCapabilities,
} from '../../../../src/transport/transport.js';

interface Broadcast {
  readonly operations: readonly CommittedOperation[];
  readonly before: readonly Leaf[];
  readonly after: readonly Leaf[];
  readonly movedBack?: true;
}

/** An operation as it is committed. */
export interface WrittenOperation {
  readonly op: OperationKind;
  readonly path: Path;
  readonly value?: JsonValue;
}

const refuse = (): Promise<never> =>
  Promise.reject(new DustError('not_supported', 'The fake cannot do that.'));

/** A store as naive as can be, with the strings to pull that tests of watching need. */
export class FakeTransport implements Transport {
  readonly deviceId = 'self';
  readonly status$ = of({ state: 'live' as const, readsFrom: 'fake', storeSeq: 0 });
  capabilities: TransportCapabilities = {
    realtime: true,
    atomicBatch: false,
    batchIfAbsent: false,
    batchMerge: false,
    batchCounters: false,
    batchCheck: false,
    commits: true,
    merge: true,
    counters: false,
    leases: false,
    files: false,
    localReads: true,
  };
  /** How many subscriptions are open. */
  activeWatches = 0;
  /** Reads that have begun. */
  reads = 0;
  /** Awaited before a read looks at the leaves. */
  beforeRead: () => Promise<unknown> = () => Promise.resolve();
  /** Awaited before a read hands out what it saw. */
  afterRead: () => Promise<unknown> = () => Promise.resolve();
  /** While true, operations are committed but not broadcast: reads are ahead of watches. */
  holdBroadcasts = false;

  #leaves: readonly Leaf[] = [];
  #storeSeq = 0;
  readonly #broadcasts = new Subject<readonly Broadcast[]>();
  #held: Broadcast[] = [];

  /** Commits an operation, as if `deviceId` had made it, and returns its seq. */
  commit(op: OperationKind, path: Path, value: JsonValue = null, deviceId = 'other'): number {
    return this.commitAll([{ op, path, value }], deviceId);
  }

  /** Commits operations all at once and returns the seq of the last one. */
  commitAll(written: readonly WrittenOperation[], deviceId = 'other'): number {
    const before = this.#leaves;
    const first = this.#storeSeq + 1;
    for (const each of written) this.#apply(each);
    const commit = { first, last: this.#storeSeq };
    const operations = written.map(({ op, path, value = null }, i) => {
      const named = { storeSeq: first + i, op, path, value, deviceId, clientOpId: null };
      return written.length === 1 ? named : { ...named, commit };
    });
    this.#held.push({ operations, before, after: this.#leaves });
    if (!this.holdBroadcasts) this.releaseBroadcasts();
    return commit.last;
  }

  /** The store is another one: it has these leaves, and stands at this seq. */
  moveBackTo(storeSeq: number, leaves: Readonly<Record<Path, JsonValue>> = {}): void {
    const before = this.#leaves;
    this.#storeSeq = storeSeq;
    this.#leaves = Object.entries(leaves)
      .map(([path, value]) => ({ path, value, type: leafTypeOf(value), revision: storeSeq }))
      .sort((a, b) => comparePaths(a.path, b.path));
    const paths = [...new Set([...before, ...this.#leaves].map(({ path }) => path))];
    const operations = paths.map((path): CommittedOperation => {
      const value = leaves[path] ?? null;
      return {
        storeSeq,
        op: value === null ? 'delete' : 'set',
        path,
        value,
        deviceId: null,
        clientOpId: null,
      };
    });
    this.#held.push({ operations, before, after: this.#leaves, movedBack: true });
    if (!this.holdBroadcasts) this.releaseBroadcasts();
  }

  #apply({ op, path, value = null }: WrittenOperation): void {
    const storeSeq = ++this.#storeSeq;
    const before = this.#leaves;
    const written = op === 'delete' ? [] : op === 'merge' ? merged(path, value) : flatten(path, value);
    const survives = (leaf: Leaf) =>
      (op === 'merge' || (leaf.path !== path && !isBelow(leaf.path, path))) &&
      !written.some((other) => other.path === leaf.path);
    const leaves = written.map((leaf) => ({ ...leaf, type: leafTypeOf(leaf.value), revision: storeSeq }));
    this.#leaves = [...before.filter(survives), ...leaves].sort((a, b) => comparePaths(a.path, b.path));
  }

  releaseBroadcasts(): void {
    this.holdBroadcasts = false;
    for (const broadcast of this.#held.splice(0)) this.#broadcasts.next([broadcast]);
  }

  /** Makes known together what was held, as a catch-up does. */
  releaseTogether(): void {
    this.holdBroadcasts = false;
    this.#broadcasts.next(this.#held.splice(0));
  }

  /** Ends every watch: with `error` when there is one. */
  endWatches(error?: unknown): void {
    if (error === undefined) this.#broadcasts.complete();
    else this.#broadcasts.error(error);
  }

  watchRecords(prefix: Path): Observable<readonly RecordCommit[]> {
    return this.#watch((broadcasts) => {
      const commits = broadcasts.flatMap(({ operations, before, after, movedBack }) => {
        const records = recordChanges(prefix, before, after);
        const deviceId = operations[0]?.deviceId ?? null;
        return records.length === 0
          ? []
          : [{ ...rangeOf(operations), deviceId, operations, records, movedBack }];
      });
      return commits.length === 0 ? [] : [commits];
    });
  }

  watch(pattern: string): Observable<Commit> {
    const matches = (path: Path) => Pattern.parse(pattern).matches(path);
    return this.#watch((broadcasts) =>
      broadcasts.flatMap(({ operations, before, after }) => {
        const isTold =
          operations.some(({ path }) => matches(path)) || changedPaths(before, after).some(matches);
        return isTold ? [{ ...rangeOf(operations), operations }] : [];
      }),
    );
  }

  #watch<T>(pick: (together: readonly Broadcast[]) => readonly T[]): Observable<T> {
    return new Observable((subscriber) => {
      this.activeWatches++;
      subscriber.add(() => this.activeWatches--);
      subscriber.add(
        this.#broadcasts.subscribe({
          next: (together) => {
            for (const picked of pick(together)) subscriber.next(picked);
          },
          error: (error) => subscriber.error(error),
          complete: () => subscriber.complete(),
        }),
      );
    });
  }

  async #read<T>(options: RequestOptions | undefined, read: () => T): Promise<T> {
    const signal = options?.signal;
    const check = () => {
      if (signal?.aborted === true) throw new DustError('aborted', 'The read was called off.');
    };
    this.reads++;
    await this.beforeRead();
    check();
    const result = read();
    await this.afterRead();
    check();
    return result;
  }

  subtree(path: Path, options?: RequestOptions): Promise<readonly Leaf[]> {
    return this.#read(options, () =>
      this.#leaves.filter((leaf) => leaf.path === path || isBelow(leaf.path, path)),
    );
  }

  list(query: ListQuery): Promise<ListPage> {
    return this.#read(query, () => {
      const { limit = 1000, after, order = 'asc' } = query;
      const sign = order === 'asc' ? 1 : -1;
      const inside = (path: Path) =>
        'pattern' in query
          ? Pattern.parse(query.pattern).matches(path)
          : comparePaths(path, query.from) >= 0 && comparePaths(path, query.to) < 0;
      const found = this.#leaves.filter(
        ({ path }) => inside(path) && (after === undefined || sign * comparePaths(path, after) > 0),
      );
      if (order === 'desc') found.reverse();
      const items = found.slice(0, limit);
      return { items, nextCursor: found.length > limit ? (items.at(-1)?.path ?? null) : null };
    });
  }

  connect = () => Promise.resolve();
  close = () => Promise.resolve();
  status = refuse;
  get = refuse;
  getMany = refuse;
  exists = refuse;
  listKeys = refuse;
  set = refuse;
  delete = refuse;
  merge = refuse;
  increment = refuse;
  add = refuse;
  remove = refuse;
  batchWrite = refuse;
  lease = refuse;
  renew = refuse;
  release = refuse;
  putFile = refuse;
  getFile = refuse;
}

function rangeOf(operations: readonly CommittedOperation[]): CommitRange {
  return { first: operations[0]?.storeSeq ?? 0, last: operations.at(-1)?.storeSeq ?? 0 };
}

function merged(path: Path, value: JsonValue): { path: Path; value: JsonValue }[] {
  return Object.entries(value as JsonObject).flatMap(([key, child]) => flatten(`${path}/${key}`, child));
}

function changedPaths(before: readonly Leaf[], after: readonly Leaf[]): Path[] {
  const old = new Set(before);
  const now = new Set(after);
  return [...before.filter((leaf) => !now.has(leaf)), ...after.filter((leaf) => !old.has(leaf))].map(
    ({ path }) => path,
  );
}

function recordChanges(prefix: Path, before: readonly Leaf[], after: readonly Leaf[]): RecordChange[] {
  const segmentOf = (path: Path) => path.slice(prefix.length + 1).split('/')[0] ?? '';
  const below = (path: Path) => isBelow(path, prefix);
  const touched = new Set(changedPaths(before, after).filter(below).map(segmentOf));
  const leavesOf = (leaves: readonly Leaf[], segment: string) =>
    leaves.filter(({ path }) => below(path) && segmentOf(path) === segment);
  return [...touched]
    .sort((a, b) => comparePaths(a, b))
    .map((segment) => ({
      slug: unescapeSegment(segment),
      existed: leavesOf(before, segment).length > 0,
      leaves: leavesOf(after, segment),
      before: leavesOf(before, segment),
    }));
}

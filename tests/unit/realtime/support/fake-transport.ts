import { Observable, of, Subject } from 'rxjs';
import { DustError } from '../../../../src/errors.js';
import type { CommittedOperation, OperationKind } from '../../../../src/protocol/operation.js';
import { comparePaths } from '../../../../src/protocol/order.js';
import type { Path } from '../../../../src/protocol/path.js';
import { isBelow, unescapeSegment } from '../../../../src/protocol/path.js';
import { Pattern } from '../../../../src/protocol/pattern.js';
import type { JsonObject, JsonValue, Leaf } from '../../../../src/protocol/value.js';
import { flatten, leafTypeOf } from '../../../../src/protocol/value.js';
import type {
  ListPage,
  ListQuery,
  RecordChange,
  RecordOperation,
  RequestOptions,
  Transport,
  TransportCapabilities,
} from '../../../../src/transport/transport.js';

interface Broadcast {
  readonly operation: CommittedOperation;
  readonly before: readonly Leaf[];
  readonly after: readonly Leaf[];
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
  readonly #broadcasts = new Subject<Broadcast>();
  #held: Broadcast[] = [];

  /** Commits an operation, as if `deviceId` had made it, and returns its seq. */
  commit(op: OperationKind, path: Path, value: JsonValue = null, deviceId = 'other'): number {
    const storeSeq = ++this.#storeSeq;
    const before = this.#leaves;
    const written = op === 'delete' ? [] : op === 'merge' ? merged(path, value) : flatten(path, value);
    const survives = (leaf: Leaf) =>
      (op === 'merge' || (leaf.path !== path && !isBelow(leaf.path, path))) &&
      !written.some((other) => other.path === leaf.path);
    const leaves = written.map((leaf) => ({ ...leaf, type: leafTypeOf(leaf.value), revision: storeSeq }));
    const after = [...before.filter(survives), ...leaves].sort((a, b) => comparePaths(a.path, b.path));
    this.#leaves = after;
    const operation = { storeSeq, op, path, value, deviceId, clientOpId: null };
    this.#held.push({ operation, before, after });
    if (!this.holdBroadcasts) this.releaseBroadcasts();
    return storeSeq;
  }

  releaseBroadcasts(): void {
    this.holdBroadcasts = false;
    for (const broadcast of this.#held.splice(0)) this.#broadcasts.next(broadcast);
  }

  /** Ends every watch: with `error` when there is one. */
  endWatches(error?: unknown): void {
    if (error === undefined) this.#broadcasts.complete();
    else this.#broadcasts.error(error);
  }

  watchRecords(prefix: Path): Observable<RecordOperation> {
    return this.#watch(({ operation, before, after }) => {
      const records = recordChanges(prefix, before, after);
      return records.length === 0 ? undefined : { operation, records };
    });
  }

  watch(pattern: string): Observable<CommittedOperation> {
    const { matches } = { matches: (path: Path) => Pattern.parse(pattern).matches(path) };
    return this.#watch(({ operation, before, after }) =>
      matches(operation.path) || changedPaths(before, after).some(matches) ? operation : undefined,
    );
  }

  #watch<T>(pick: (broadcast: Broadcast) => T | undefined): Observable<T> {
    return new Observable((subscriber) => {
      this.activeWatches++;
      subscriber.add(() => this.activeWatches--);
      subscriber.add(
        this.#broadcasts.subscribe({
          next: (broadcast) => {
            const picked = pick(broadcast);
            if (picked !== undefined) subscriber.next(picked);
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
      const { limit = 1000, after } = query;
      const inside = (path: Path) =>
        'pattern' in query
          ? Pattern.parse(query.pattern).matches(path)
          : comparePaths(path, query.from) >= 0 && comparePaths(path, query.to) < 0;
      const found = this.#leaves.filter(
        ({ path }) => inside(path) && (after === undefined || comparePaths(path, after) > 0),
      );
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
    .sort((a, b) => comparePaths(`${a}/`, `${b}/`))
    .map((segment) => ({
      slug: unescapeSegment(segment),
      existed: leavesOf(before, segment).length > 0,
      leaves: leavesOf(after, segment),
    }));
}

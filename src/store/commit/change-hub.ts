import type { CommittedOperation, LeafChange, RecordOperation } from '../../protocol/operation.js';
import type { Path } from '../../protocol/path.js';
import { assertPath } from '../../protocol/path.js';
import type { Pattern } from '../../protocol/pattern.js';
import { PatternIndex } from '../../protocol/pattern-index.js';
import type { ReadableTree } from '../leaf-tree.js';
import { recordImages } from './record-images.js';

interface Watcher<Event> {
  readonly listener: (event: Event) => void;
  active: boolean;
}

/** Who will hear of one operation, and what; made by {@link ChangeHub.collect} for {@link ChangeHub.publish}. */
export interface PendingNotification {
  readonly operation: CommittedOperation;
  readonly watchers: readonly Watcher<CommittedOperation>[];
  readonly records: readonly RecordNotification[];
}

interface RecordNotification {
  readonly event: RecordOperation;
  readonly watchers: readonly Watcher<RecordOperation>[];
}

/**
 * Tells listeners of operations, in two steps: {@link collect} while the tree stands as the operation left it,
 * {@link publish} when the operation is certain to stay. What an operation costs does not depend on the number of
 * listeners it does not concern.
 */
export class ChangeHub {
  readonly #onListenerError: (error: unknown) => void;
  readonly #byPattern = new PatternIndex<Watcher<CommittedOperation>>();
  readonly #byPrefix = new Map<Path, Set<Watcher<RecordOperation>>>();
  readonly #isWatched = (prefix: Path): boolean => this.#byPrefix.has(prefix);
  #queue: PendingNotification[] = [];
  #publishing = false;

  /** `onListenerError` hears what a listener threw; it must not throw itself. */
  constructor(onListenerError: (error: unknown) => void) {
    this.#onListenerError = onListenerError;
  }

  /** The number of listeners. */
  get size(): number {
    let size = this.#byPattern.size;
    for (const watchers of this.#byPrefix.values()) size += watchers.size;
    return size;
  }

  /**
   * Tells `listener` of every operation collected from now on whose own path matches, or that changed a leaf whose
   * path matches. Returns what ends it, at once.
   */
  watch(pattern: Pattern, listener: (operation: CommittedOperation) => void): () => void {
    const watcher = { listener, active: true };
    const remove = this.#byPattern.add(pattern, watcher);
    return () => {
      watcher.active = false;
      remove();
    };
  }

  /**
   * Tells `listener` of every operation collected from now on that changed a leaf at or below a path
   * `<prefix>/<slug>`. Returns what ends it, at once.
   *
   * @throws DustError `invalid_params` when `prefix` is not a valid rendered path
   */
  watchRecords(prefix: Path, listener: (operation: RecordOperation) => void): () => void {
    assertPath(prefix);
    const watcher = { listener, active: true };
    let watchers = this.#byPrefix.get(prefix);
    if (watchers === undefined) this.#byPrefix.set(prefix, (watchers = new Set()));
    watchers.add(watcher);
    return () => {
      if (!watcher.active) return;
      watcher.active = false;
      watchers.delete(watcher);
      if (watchers.size === 0) this.#byPrefix.delete(prefix);
    };
  }

  /**
   * Who is to hear of an operation, and how it left the records they watch; undefined when nobody is. `tree` is as
   * this operation left it, before the next one.
   */
  collect(
    operation: CommittedOperation,
    changes: readonly LeafChange[],
    tree: ReadableTree,
  ): PendingNotification | undefined {
    const watchers = this.#watchersOf(operation, changes);
    const records = this.#recordsOf(operation, changes, tree);
    return watchers.length === 0 && records.length === 0 ? undefined : { operation, watchers, records };
  }

  /**
   * Tells those who still listen. Published from within a listener, it waits its turn, so that everybody hears of
   * operations in the order of publication.
   */
  publish(notification: PendingNotification): void {
    this.#queue.push(notification);
    if (this.#publishing) return;
    this.#publishing = true;
    try {
      for (const pending of this.#queue) this.#tell(pending);
    } finally {
      this.#queue = [];
      this.#publishing = false;
    }
  }

  #watchersOf(
    operation: CommittedOperation,
    changes: readonly LeafChange[],
  ): readonly Watcher<CommittedOperation>[] {
    if (this.#byPattern.size === 0) return NOBODY;
    const watchers: Watcher<CommittedOperation>[] = [];
    const add = (watcher: Watcher<CommittedOperation>): void => {
      watchers.push(watcher);
    };
    let paths = 1;
    this.#byPattern.match(operation.path, add);
    for (const { path } of changes) {
      if (path === operation.path) continue;
      paths++;
      this.#byPattern.match(path, add);
    }
    return paths === 1 ? watchers : [...new Set(watchers)];
  }

  #recordsOf(
    operation: CommittedOperation,
    changes: readonly LeafChange[],
    tree: ReadableTree,
  ): readonly RecordNotification[] {
    if (this.#byPrefix.size === 0) return NO_RECORDS;
    const images = recordImages(changes, tree, this.#isWatched);
    if (images === undefined) return NO_RECORDS;
    const notifications: RecordNotification[] = [];
    for (const [prefix, records] of images) {
      const watchers = [...(this.#byPrefix.get(prefix) ?? [])];
      notifications.push({ event: { operation, records }, watchers });
    }
    return notifications;
  }

  #tell({ operation, watchers, records }: PendingNotification): void {
    for (const watcher of watchers) this.#call(watcher, operation);
    for (const { event, watchers: ofRecords } of records) {
      for (const watcher of ofRecords) this.#call(watcher, event);
    }
  }

  #call<Event>(watcher: Watcher<Event>, event: Event): void {
    if (!watcher.active) return;
    try {
      watcher.listener(event);
    } catch (error) {
      this.#onListenerError(error);
    }
  }
}

const NOBODY: readonly never[] = [];
const NO_RECORDS: readonly RecordNotification[] = [];

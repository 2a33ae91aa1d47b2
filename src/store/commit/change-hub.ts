import type {
  Commit,
  CommitRange,
  CommittedOperation,
  LeafChange,
  RecordCommit,
} from '../../protocol/requests/operation.js';
import type { Path } from '../../protocol/paths/path.js';
import { commitOf } from '../../protocol/requests/operation.js';
import { assertPath } from '../../protocol/paths/path.js';
import type { Pattern } from '../../protocol/paths/pattern.js';
import { PatternIndex } from '../../protocol/paths/pattern-index.js';
import type { ReadableTree } from '../leaf-tree.js';
import { recordImages } from './record-images.js';

interface Watcher<Event> {
  readonly listener: (event: Event) => void;
  active: boolean;
}

type CommitWatcher = Watcher<Commit>;
type RecordWatcher = Watcher<readonly RecordCommit[]>;

/** An operation, and what it did to the leaves. */
export interface AppliedOperation {
  readonly operation: CommittedOperation;
  readonly changes: readonly LeafChange[];
}

/** Who will hear of one commit, and what; made by {@link ChangeHub.collect} for {@link ChangeHub.publish}. */
export interface PendingNotification {
  readonly commits: ReadonlyMap<CommitWatcher, Commit>;
  readonly records: ReadonlyMap<RecordWatcher, RecordCommit>;
}

/**
 * Tells listeners of commits, in two steps: {@link collect} while the tree stands as the commit left it, {@link publish}
 * when the commit is certain to stay. What a commit costs does not depend on the number of listeners it does not concern.
 */
export class ChangeHub {
  readonly #onListenerError: (error: unknown) => void;
  readonly #byPattern = new PatternIndex<CommitWatcher>();
  readonly #byPrefix = new Map<Path, Set<RecordWatcher>>();
  readonly #isWatched = (prefix: Path): boolean => this.#byPrefix.has(prefix);
  readonly #anew = new Set<() => void>();
  #queue: (readonly PendingNotification[])[] = [];
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
   * Tells `listener` of every commit collected from now on that has an operation whose own path matches, or that changed
   * a leaf whose path matches, with those operations. Returns what ends it, at once.
   */
  watch(pattern: Pattern, listener: (commit: Commit) => void): () => void {
    const watcher = { listener, active: true };
    const remove = this.#byPattern.add(pattern, watcher);
    return () => {
      watcher.active = false;
      remove();
    };
  }

  /**
   * Tells `listener` of every commit collected from now on that changed a leaf at or below a path `<prefix>/<slug>`. Those
   * that are published together are told together. Returns what ends it, at once.
   *
   * @throws DustError `invalid_params` when `prefix` is not a valid rendered path
   */
  watchRecords(prefix: Path, listener: (commits: readonly RecordCommit[]) => void): () => void {
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

  /** Hears when the state begins to be replaced: the seqs that follow do not go on from those before. Returns what ends it. */
  onAnew(listener: () => void): () => void {
    const own = (): void => {
      listener();
    };
    this.#anew.add(own);
    return () => {
      this.#anew.delete(own);
    };
  }

  /** Tells that the state begins to be replaced. What differs then is told as of one commit, when all of it is there. */
  beginAnew(): void {
    for (const listener of [...this.#anew]) {
      try {
        listener();
      } catch (error) {
        this.#onListenerError(error);
      }
    }
  }

  /**
   * Who is to hear of a commit, and how it left the records they watch; undefined when nobody is. `tree` is as the
   * commit left it, before the next one. `movedBack`: it is the difference to a store that had moved back.
   */
  collect(
    applied: readonly AppliedOperation[],
    tree: ReadableTree,
    movedBack?: true,
  ): PendingNotification | undefined {
    const [first] = applied;
    if (first === undefined) return undefined;
    const last = applied[applied.length - 1]!;
    // Of a mirror of some prefixes, the commit may reach beyond what was applied.
    const range = { first: commitOf(first.operation).first, last: commitOf(last.operation).last };
    const commits = this.#commitsOf(applied, range);
    const records = this.#recordsOf(applied, movedBack ? { ...range, movedBack } : range, tree);
    return commits.size === 0 && records.size === 0 ? undefined : { commits, records };
  }

  /**
   * Tells those who still listen of commits that became certain together. Published from within a listener, they wait
   * their turn, so that everybody hears of commits in the order of publication.
   */
  publish(notifications: readonly PendingNotification[]): void {
    this.#queue.push(notifications);
    if (this.#publishing) return;
    this.#publishing = true;
    try {
      for (const pending of this.#queue) this.#tell(pending);
    } finally {
      this.#queue = [];
      this.#publishing = false;
    }
  }

  #commitsOf(applied: readonly AppliedOperation[], range: CommitRange): ReadonlyMap<CommitWatcher, Commit> {
    if (this.#byPattern.size === 0) return NOBODY;
    const told = new Map<CommitWatcher, CommittedOperation[]>();
    for (const { operation, changes } of applied) {
      const add = (watcher: CommitWatcher): void => {
        const operations = told.get(watcher);
        if (operations === undefined) told.set(watcher, [operation]);
        else if (operations.at(-1) !== operation) operations.push(operation);
      };
      this.#byPattern.match(operation.path, add);
      for (const { path } of changes) {
        if (path !== operation.path) this.#byPattern.match(path, add);
      }
    }
    const commits = new Map<CommitWatcher, Commit>();
    for (const [watcher, operations] of told) commits.set(watcher, { ...range, operations });
    return commits;
  }

  #recordsOf(
    applied: readonly AppliedOperation[],
    range: Pick<RecordCommit, 'first' | 'last' | 'movedBack'>,
    tree: ReadableTree,
  ): ReadonlyMap<RecordWatcher, RecordCommit> {
    if (this.#byPrefix.size === 0) return NO_RECORDS;
    const images = recordImages(applied, tree, this.#isWatched);
    if (images === undefined) return NO_RECORDS;
    const operations = applied.map(({ operation }) => operation);
    const { deviceId } = operations[0]!;
    const commits = new Map<RecordWatcher, RecordCommit>();
    for (const [prefix, records] of images) {
      const commit = { ...range, deviceId, operations, records };
      for (const watcher of this.#byPrefix.get(prefix) ?? []) commits.set(watcher, commit);
    }
    return commits;
  }

  #tell(notifications: readonly PendingNotification[]): void {
    const together = new Map<RecordWatcher, RecordCommit[]>();
    for (const { commits, records } of notifications) {
      for (const [watcher, commit] of commits) this.#call(watcher, commit);
      for (const [watcher, commit] of records) {
        const present = together.get(watcher);
        if (present === undefined) together.set(watcher, [commit]);
        else present.push(commit);
      }
    }
    for (const [watcher, commits] of together) this.#call(watcher, commits);
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

const NOBODY: ReadonlyMap<CommitWatcher, Commit> = new Map();
const NO_RECORDS: ReadonlyMap<RecordWatcher, RecordCommit> = new Map();

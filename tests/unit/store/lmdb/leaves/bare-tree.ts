import type { RangeOptions, RootDatabase } from 'lmdb';
import { open } from 'lmdb';
import type { Entry } from '../../../../../src/store/lmdb/guarded-database.js';
import { GuardedDatabase } from '../../../../../src/store/lmdb/guarded-database.js';
import { GROUP_KEYS, describePlace } from '../../../../../src/store/lmdb/leaves/group-key.js';
import type { GroupLimits } from '../../../../../src/store/lmdb/leaves/group-limits.js';
import { LmdbLeafTree } from '../../../../../src/store/lmdb/leaves/lmdb-leaf-tree.js';
import { LOWEST_PATH } from '../../../../../src/store/lmdb/path-key.js';
import { transact } from '../../../../../src/store/lmdb/transact.js';
import { WriteScope } from '../../../../../src/store/lmdb/write-scope.js';

const OPTIONS = { encoding: 'string', keyEncoder: GROUP_KEYS } as const;

/** A tree of leaves in an environment of its own, with limits that a test can reach. */
export class BareTree {
  readonly tree: LmdbLeafTree;
  /** What was asked of the database since this was emptied: `get <key>`, `put <key> <length>`, `range` and `entry` for each that it gave. */
  readonly asked: string[] = [];
  leafCount = 0;
  /** Ranges of the database that were begun and not closed. */
  openRanges = 0;
  readonly #root: RootDatabase<unknown, string>;
  readonly #db: GuardedDatabase<string, string>;
  readonly #scope = new WriteScope(() => new Error('a write outside of a transaction'));

  constructor(path: string, limits: GroupLimits) {
    this.#root = open<unknown, string>({
      path,
      pageSize: 8192,
      noSubdir: false,
      overlappingSync: false,
      noMetaSync: true,
    });
    const { asked } = this;
    const counted = <T>(run: Iterable<T>): Generator<T, void, undefined> => this.#counted(run);
    class Watched extends GuardedDatabase<string, string> {
      override get(key: string): string | undefined {
        asked.push(`get ${key}`);
        return super.get(key);
      }

      override put(key: string, value: string): void {
        asked.push(`put ${key} ${value.length}`);
        super.put(key, value);
      }

      override firstKey(options: RangeOptions): string | undefined {
        asked.push('range');
        return super.firstKey(options);
      }

      override range<T>(
        options: RangeOptions,
        read: (entry: Entry<string, string>) => T,
      ): Generator<T, void, undefined> {
        asked.push('range');
        return counted(
          super.range(options, (entry) => {
            asked.push('entry');
            return read(entry);
          }),
        );
      }
    }
    this.#db = new Watched(path, describePlace, this.#root.openDB('leaf-groups', OPTIONS));
    const count = (leaves: number): void => {
      this.leafCount += leaves;
    };
    this.tree = new LmdbLeafTree(this.#db, this.#scope, { add: count }, limits);
  }

  /** Runs `work` in a transaction, which is undone when it throws. */
  transact(work: (tree: LmdbLeafTree) => void): void {
    const before = this.leafCount;
    try {
      transact('', this.#root, () => {
        this.#scope.run(() => {
          work(this.tree);
        });
        this.tree.flush();
      });
    } catch (error) {
      this.leafCount = before;
      this.tree.forget(true);
      throw error;
    }
    this.tree.forget(false);
  }

  /** All that is stored, in key order. */
  stored(): { readonly key: string; readonly value: string }[] {
    return [...this.#db.range({ start: LOWEST_PATH }, (entry) => entry)];
  }

  *#counted<T>(run: Iterable<T>): Generator<T, void, undefined> {
    this.openRanges++;
    try {
      yield* run;
    } finally {
      this.openRanges--;
    }
  }

  async close(): Promise<void> {
    await this.#root.close();
  }
}

import { jsonEquals } from '../../protocol/values/json.js';
import type { CommittedOperation } from '../../protocol/requests/operation.js';
import { childPath, isBelow } from '../../protocol/paths/path.js';
import type { Path } from '../../protocol/paths/path.js';
import type { JsonValue } from '../../protocol/values/value.js';
import { flatten, isMap, isObject } from '../../protocol/values/value.js';
import type { LeafDifference } from './messages.js';

/** A leaf, or all that lies at and below a path, as an operation leaves it. */
interface Effect {
  readonly at: Path;
  /** Whether what lies below goes, too. */
  readonly whole: boolean;
  /** The leaves that are there afterwards. */
  readonly leaves: readonly { readonly path: Path; readonly value: JsonValue }[];
}

/**
 * What lies at and below a path, as far as a part of a log tells: of each place it is known what is there, or that nothing is, or nothing at
 * all. Operations are told in their order.
 */
export class Past {
  readonly #scope: Path;
  /** What is known to be there. */
  readonly #leaves = new Map<Path, JsonValue>();
  /** Paths at and below which all is known. */
  readonly #covered = new Set<Path>();
  /** Leaves of which it is known, by themselves, whether they are there. */
  readonly #told = new Set<Path>();

  /** @param begins whether the log begins with the store, which was empty then */
  constructor(scope: Path, begins: boolean) {
    this.#scope = scope;
    if (begins) this.#covered.add(scope);
  }

  /** The leaves that are known to be there. */
  get leaves(): ReadonlyMap<Path, JsonValue> {
    return this.#leaves;
  }

  /** Whether it is known what is at this path, or that nothing is. */
  knows(path: Path): boolean {
    return this.#told.has(path) || this.#isCovered(path);
  }

  /** Whether all is known that the operation may replace or remove. */
  tells(operation: CommittedOperation): boolean {
    return this.#effectsOf(operation).every(({ at, whole }) =>
      whole ? this.#tellsWhole(at) : this.knows(at),
    );
  }

  /** What the operation leaves other than it finds it, which then is so. */
  apply(operation: CommittedOperation): LeafDifference[] {
    return this.#effectsOf(operation).flatMap((effect) => this.#applyEffect(effect));
  }

  #applyEffect({ at, whole, leaves }: Effect): LeafDifference[] {
    const differences: LeafDifference[] = [];
    const isKnown = whole && this.#tellsWhole(at);
    const written = new Set(leaves.map(({ path }) => path));
    for (const path of whole ? this.#knownIn(at) : [at]) {
      const before = this.#leaves.get(path);
      if (before === undefined || written.has(path)) continue;
      differences.push({ path, before });
      this.#leaves.delete(path);
    }
    for (const { path, value: after } of leaves) {
      const before = this.#leaves.get(path);
      if (before !== undefined) {
        if (!jsonEquals(before, after)) differences.push({ path, before, after });
      } else {
        differences.push(
          isKnown || this.knows(path) ? { path, after } : { path, after, beforeUnknown: true },
        );
      }
      this.#leaves.set(path, after);
    }
    if (whole && !isKnown && differences.length === 0) differences.push({ path: at, beforeUnknown: true });
    (whole ? this.#covered : this.#told).add(at);
    return differences;
  }

  /** Who wrote a leaf removed what was below it. */
  #tellsWhole(at: Path): boolean {
    return this.#isCovered(at) || this.#leaves.has(at);
  }

  #knownIn(at: Path): Path[] {
    return [...this.#leaves.keys()].filter((path) => path === at || isBelow(path, at));
  }

  #isCovered(path: Path): boolean {
    for (let at = path; at.length >= this.#scope.length; at = at.slice(0, at.lastIndexOf('/'))) {
      if (this.#covered.has(at)) return true;
      if (!at.includes('/')) return false;
    }
    return false;
  }

  /** What an operation does to the part of the store that is looked at. */
  #effectsOf({ op, path, value }: CommittedOperation): Effect[] {
    switch (op) {
      case 'set':
        return this.#within(path, value);
      case 'delete':
        return this.#within(path, undefined);
      case 'release':
        return this.#isWithin(path) ? [{ at: path, whole: false, leaves: [] }] : [];
      case 'merge':
        return isObject(value)
          ? Object.entries(value).flatMap(([key, child]) => {
              const at = childPath(path, key);
              if (isMap(child)) return this.#within(at, child);
              return this.#isWithin(at) ? [{ at, whole: false, leaves: [{ path: at, value: child }] }] : [];
            })
          : [];
      default:
        return this.#isWithin(path) ? [{ at: path, whole: false, leaves: [{ path, value }] }] : [];
    }
  }

  #within(path: Path, value: JsonValue | undefined): Effect[] {
    const isAbove = isBelow(this.#scope, path);
    if (!isAbove && !this.#isWithin(path)) return [];
    const all = value === undefined ? [] : flatten(path, value);
    const leaves = isAbove ? all.filter((leaf) => this.#isWithin(leaf.path)) : all;
    return [{ at: isAbove ? this.#scope : path, whole: true, leaves }];
  }

  #isWithin(path: Path): boolean {
    return path === this.#scope || isBelow(path, this.#scope);
  }
}

/** Whether an operation may have changed something at or below a path. */
export function concerns({ op, path, value }: CommittedOperation, scope: Path): boolean {
  if (path === scope || isBelow(path, scope)) return true;
  if (!isBelow(scope, path)) return false;
  if (op === 'set' || op === 'delete') return true;
  if (op !== 'merge' || !isObject(value)) return false;
  return Object.keys(value).some((key) => {
    const at = childPath(path, key);
    return at === scope || isBelow(scope, at) || isBelow(at, scope);
  });
}

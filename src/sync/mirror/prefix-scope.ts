import type { LeafChange } from '../../protocol/requests/operation.js';
import type { Path } from '../../protocol/paths/path.js';
import { assertPath } from '../../protocol/paths/path.js';
import type { Leaf } from '../../protocol/values/value.js';

/** Which part of a store a mirror keeps. */
export class PrefixScope {
  readonly #prefixes: ReadonlySet<Path> | undefined;
  /** The paths strictly above a prefix: what is done there reaches below the prefix. */
  readonly #above = new Set<Path>();

  /** Undefined keeps everything. @throws DustError `invalid_params` for a prefix that is not a valid rendered path */
  constructor(prefixes: readonly Path[] | undefined) {
    prefixes?.forEach(assertPath);
    this.#prefixes = prefixes && new Set(prefixes);
    for (const prefix of this.#prefixes ?? []) {
      for (const ancestor of ancestorsOf(prefix)) this.#above.add(ancestor);
    }
  }

  /** A text that is the same for scopes that keep the same. */
  get identity(): string {
    return this.#prefixes === undefined ? '**' : JSON.stringify([...this.#prefixes].sort());
  }

  /** Whether the leaf at this path is kept: it lies at or below a prefix. */
  keeps(path: Path): boolean {
    if (this.#prefixes === undefined || this.#prefixes.has(path)) return true;
    for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1)) {
      if (this.#prefixes.has(path.slice(0, slash))) return true;
    }
    return false;
  }

  /** Whether an operation at this path can change a leaf that is kept. */
  isReachedFrom(path: Path): boolean {
    return this.#above.has(path) || this.keeps(path);
  }

  /** The changes of leaves that are kept. */
  within(changes: LeafChange[], operationPath: Path): LeafChange[] {
    return this.keeps(operationPath) ? changes : changes.filter(({ path }) => this.keeps(path));
  }

  /** The leaves that are kept. */
  leavesWithin(leaves: readonly Leaf[]): readonly Leaf[] {
    return this.#prefixes === undefined ? leaves : leaves.filter(({ path }) => this.keeps(path));
  }
}

function* ancestorsOf(path: Path): Generator<Path> {
  for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1)) {
    yield path.slice(0, slash);
  }
}

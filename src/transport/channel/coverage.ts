import { comparePaths, rangeBelow } from '../../protocol/paths/order.js';
import type { Path } from '../../protocol/paths/path.js';
import { Pattern } from '../../protocol/paths/pattern.js';
import { PrefixScope } from '../../sync/index.js';
import type { ListQuery } from '../transport.js';

/** Which reads a mirror can answer: those of what lies at and below the prefixes it keeps. */
export class Coverage {
  readonly #prefixes: readonly Path[] | undefined;
  readonly #scope: PrefixScope;

  /** @param prefixes undefined for a mirror of everything */
  constructor(prefixes: readonly Path[] | undefined) {
    this.#prefixes = prefixes;
    this.#scope = new PrefixScope(prefixes);
  }

  /** Whether everything at and below `path` is kept. */
  has(path: Path): boolean {
    return this.#scope.keeps(path);
  }

  /** Whether everything that `query` can list is kept. @throws DustError `invalid_params` for what is no pattern */
  hasQuery(query: ListQuery): boolean {
    if (this.#prefixes === undefined) return true;
    if ('pattern' in query) {
      const { base } = Pattern.parse(query.pattern);
      return base !== undefined && this.has(base);
    }
    const { from, to } = query;
    return this.#prefixes.some((prefix) => {
      const below = rangeBelow(prefix);
      return comparePaths(below.from, from) <= 0 && comparePaths(to, below.to) <= 0;
    });
  }
}

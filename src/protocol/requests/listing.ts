import type { Path } from '../paths/path.js';
import type { Leaf } from '../values/value.js';

/** The most operations one batch may hold (PROTOCOL §3). */
export const MAX_BATCH_OPERATIONS = 1000;

/** The most leaves one write may make, a batch all together: they are planned and written while nobody else gets a turn. */
export const MAX_LEAVES_PER_WRITE = 100_000;

/** The most items one page of a listing may hold (PROTOCOL §3). */
export const MAX_PAGE_SIZE = 1000;

/** About how many leaves a server tells below many paths in one answer: it is assembled while nobody else gets a turn. */
export const MAX_LEAVES_BELOW = 10_000;

/** About how many bytes of values a server puts on one page, and an export into one part: what is longer goes on the next. */
export const MAX_PAGE_BYTES = 4 * 1024 * 1024;

/** One page of a listing. `nextCursor` is null on the last page. */
export interface ListPage<Item = Leaf> {
  /** What the page holds, in the order asked for. */
  readonly items: readonly Item[];
  /** What `after` must be for the next page; null when there is none. */
  readonly nextCursor: Path | null;
}

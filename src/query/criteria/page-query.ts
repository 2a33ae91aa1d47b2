import type { EntityMetadata } from '../../metadata/types.js';
import type { OptionNames } from '../../options/index.js';
import { checkOptionNames } from '../../options/index.js';
import type { AnySelect } from '../operators/find-options.js';
import type { FindPageOptions } from '../operators/find-page.js';
import { invalidOption } from '../values/errors.js';
import type { CursorPlace } from './page-cursor.js';
import { decodeCursor, encodeCursor, fingerprintOf } from './page-cursor.js';
import type { Query } from './query.js';
import { compileQuery } from './query.js';
import { SCOPE_OPTIONS } from './scope-options.js';
import type { OnRead } from './read-cost.js';

const OPTIONS: OptionNames<FindPageOptions<object>> = {
  where: true,
  order: true,
  select: true,
  signal: true,
  consistency: true,
  ...SCOPE_OPTIONS,
  populate: true,
  take: true,
  after: true,
};

const DEFAULT_TAKE = 20;

/** A page, checked and compiled. */
export interface PageQuery<T extends object> {
  /** What the page is a part of. */
  readonly query: Query<T>;
  readonly take: number;
  /** Behind which place it begins; undefined for the first one. */
  readonly after: CursorPlace | undefined;
  /** The cursor of a place. */
  readonly cursorAt: (place: CursorPlace) => string;
}

/**
 * Checks and compiles what `findPage` was given.
 *
 * @throws DustError as {@link compileQuery} does, and `invalid_options` for a `take` below 1 or a cursor that is none of this query
 */
export function compilePageQuery<T extends object>(
  metadata: EntityMetadata<T>,
  options: AnySelect<FindPageOptions<T>>,
  onRead?: OnRead,
): PageQuery<T> {
  checkOptionNames(`${metadata.name}: findPage`, options, OPTIONS, (name) =>
    name === 'skip' ? 'Pages are gone through by { after: cursor }; find() has skip.' : undefined,
  );
  const { take = DEFAULT_TAKE, after, ...asked } = options;
  if (!Number.isSafeInteger(take) || take < 1) {
    throw invalidOption(metadata, 'take', 'a whole number, 1 or more', take);
  }
  const query = compileQuery(metadata, asked, onRead);
  const fingerprint = fingerprintOf(metadata, query);
  return {
    query,
    take,
    after:
      after === undefined || after === null
        ? undefined
        : decodeCursor(metadata, after, fingerprint, query.order),
    cursorAt: (place) => encodeCursor(fingerprint, place),
  };
}

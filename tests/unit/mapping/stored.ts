import type { Clock } from '../../../src/clock.js';
import type { StoredRecord } from '../../../src/mapping/types.js';
import type { EntityMetadata } from '../../../src/metadata/types.js';
import { comparePaths } from '../../../src/protocol/paths/order.js';
import { childPath } from '../../../src/protocol/paths/path.js';
import type { JsonValue, Leaf } from '../../../src/protocol/values/value.js';
import { flatten, leafTypeOf } from '../../../src/protocol/values/value.js';

/** The leaves that writing `value` at `path` would leave in an empty store, in store order. */
export function leavesOf(path: string, value: JsonValue, revision = 1): Leaf[] {
  return flatten(path, value)
    .map((leaf) => ({ ...leaf, type: leafTypeOf(leaf.value), revision }))
    .sort((a, b) => comparePaths(a.path, b.path));
}

/** A record as a store would hold it after `value` was written at its path. */
export function storedRecord(
  { prefixPath }: Pick<EntityMetadata, 'prefixPath'>,
  slug: string,
  value: JsonValue,
  revision = 1,
): StoredRecord {
  return { slug, revision, leaves: leavesOf(childPath(prefixPath, slug), value, revision) };
}

/** A clock that stands still until it is set. */
export class FixedClock implements Clock {
  constructor(public time = Date.UTC(2026, 0, 2, 3, 4, 5, 6)) {}
  now = (): number => this.time;
  schedule = (): (() => void) => () => undefined;
}

import type { CommittedOperation } from '../../protocol/requests/operation.js';
import { childPath, isBelow } from '../../protocol/paths/path.js';
import type { Path } from '../../protocol/paths/path.js';
import { isObject } from '../../protocol/values/value.js';

/** The paths at which these operations, in their order, leave a counter. */
export function countersBehind(operations: Iterable<CommittedOperation>): ReadonlySet<Path> {
  const counters = new Set<Path>();
  for (const { op, path, value, leafTypes } of operations) {
    const written =
      op === 'merge' && isObject(value) ? Object.keys(value).map((key) => childPath(path, key)) : [path];
    for (const each of counters) {
      if (written.some((at) => each === at || isBelow(each, at))) counters.delete(each);
    }
    if (op === 'increment') counters.add(path);
    for (const [each, type] of leafTypes ?? []) if (type === 'counter') counters.add(each);
  }
  return counters;
}

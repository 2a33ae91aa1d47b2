import type { RecordLeaves, RecordPosition, RecordWalk } from '../../../protocol/values/record-access.js';

/** A walk over records. `positionOf` tells the place of the record consumed last, and is asked only when somebody wants to know. */
export function walkOf(
  records: Iterable<RecordLeaves>,
  positionOf: (last: RecordLeaves) => RecordPosition,
): RecordWalk {
  let last: RecordLeaves | undefined;
  return {
    get position() {
      return last && positionOf(last);
    },
    *[Symbol.iterator]() {
      for (const record of records) {
        last = record;
        yield record;
      }
    },
  };
}

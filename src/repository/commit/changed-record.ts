import type { StoredRecord } from '../../mapping/index.js';
import type { Path } from '../../protocol/paths/path.js';
import { unescapeSegment } from '../../protocol/paths/path.js';
import type { JsonObject } from '../../protocol/values/value.js';
import { assemble, isMap, setOwn } from '../../protocol/values/value.js';
import type { BatchOperation } from '../../transport/transport.js';

/** All of a record with changes of its fields: one set replaces it where there are no batches. */
export function changedRecord(
  path: Path,
  { leaves }: StoredRecord,
  changes: readonly BatchOperation[],
): JsonObject {
  const stored = assemble(path, leaves);
  const values = new Map(isMap(stored) ? Object.entries(stored) : []);
  for (const change of changes) {
    const name = unescapeSegment(change.path.slice(path.length + 1));
    if (change.op === 'set') values.set(name, change.value);
    else values.delete(name);
  }
  const map: Record<string, JsonObject[string]> = {};
  for (const [name, value] of values) setOwn(map, name, value);
  return map;
}

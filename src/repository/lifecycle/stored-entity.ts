import type { EntityMapper } from '../../mapping/index.js';
import { toStoredRecord } from '../../mapping/index.js';
import { childPath } from '../../protocol/path.js';
import type { Leaf } from '../../protocol/value.js';
import { flatten, leafTypeOf } from '../../protocol/value.js';

/** An entity as it was loaded or last saved, in an instance of its own; undefined when too little is remembered of it. */
export function storedEntity<T extends object>(mapper: EntityMapper<T>, entity: object): T | undefined {
  const revision = mapper.revisionOf(entity);
  if (revision === undefined) return undefined;
  const { prefixPath } = mapper.metadata;
  const slug = mapper.slugOf(entity);
  const path = childPath(prefixPath, slug);
  const leaves = mapper
    .storedFields(entity)
    .flatMap(({ field, value }) => flatten(`${path}/${field.wireSegment}`, value))
    .map((leaf): Leaf => ({ ...leaf, type: leafTypeOf(leaf.value), revision }));
  const record = toStoredRecord(prefixPath, slug, leaves);
  return record && mapper.hydrate(record).entity;
}

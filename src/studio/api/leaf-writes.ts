import type { Path } from '../../protocol/paths/path.js';
import type { JsonValue } from '../../protocol/values/value.js';
import { isMap } from '../../protocol/values/value.js';
import { StudioRefusal, badRequest, notOffered } from '../errors.js';
import { recordAt } from './entities.js';
import { outcomeOf, writeGuarded } from './guarded-write.js';
import type { DeleteRequest, WriteAnswer } from './messages.js';
import { writeByOwnCode } from './own-code.js';
import { MAX_READ, readSubtree } from './record.js';
import type { Asking, StudioSource } from './source.js';

/** Writes one leaf, if it still is what the writer saw. @throws StudioRefusal for a map; what a write may meet */
export async function saveLeaf(
  source: StudioSource,
  { path, value, revision }: { readonly path: Path; readonly value: JsonValue; readonly revision: number },
  asking: Asking,
): Promise<WriteAnswer> {
  if (isMap(value)) {
    throw badRequest('A leaf holds no object: its members are leaves of their own. Write them one by one.');
  }
  const { transport } = source;
  return outcomeOf(source, path, asking, async () => {
    const options = revision === 0 ? { ifAbsent: true } : { ifMatch: revision };
    return (await transport.set(path, value, options)).storeSeq;
  });
}

/**
 * Removes a record by its entity's repository, so that its hooks are called, or whatever else is at and below a path; if that still is
 * what the writer saw.
 *
 * @throws StudioRefusal for more than one commit takes; what a write may meet
 */
export async function remove(
  source: StudioSource,
  { path, revision }: DeleteRequest,
  asking: Asking,
): Promise<WriteAnswer> {
  const subtree = await readSubtree(source, path, asking);
  const { leaves, more } = subtree;
  if (more) {
    throw new StudioRefusal(
      413,
      'too_large',
      `More than ${MAX_READ} leaves lie there: "dust-orm rm" removes them.`,
    );
  }
  return outcomeOf(source, path, asking, async () => {
    if (subtree.revision !== revision) return undefined;
    const found = recordAt(source, path);
    const { entity, slug } = found ?? {};
    const instance = entity?.context.mapper.hydrate({ slug: slug ?? '', leaves, revision }).entity;
    if (entity !== undefined && instance !== undefined) {
      const repository = source.dataSource.getRepository(entity.context.metadata.target);
      const warning = await writeByOwnCode(
        source,
        () => repository.remove(instance, { ifMatch: revision }),
        () => repository.revisionOf(instance) === undefined,
      );
      return { storeSeq: (await source.transport.status()).storeSeq, warning };
    }
    const { batchCheck, atomicBatch } = source.transport.capabilities;
    if (batchCheck && atomicBatch) return writeGuarded(source, path, subtree, [{ op: 'delete', path }]);
    if (leaves.length === 0) throw notOffered('Nothing is there.');
    return writeGuarded(
      source,
      path,
      subtree,
      leaves.map((leaf) => ({ op: 'delete', path: leaf.path })),
    );
  });
}

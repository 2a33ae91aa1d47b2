import { assertPath } from '../../protocol/paths/path.js';
import type { Path } from '../../protocol/paths/path.js';
import { inStoreOrder } from '../../protocol/paths/order.js';
import { literalPattern } from '../../protocol/paths/pattern.js';
import { MAX_PAGE_SIZE } from '../../protocol/requests/listing.js';
import type { Leaf } from '../../protocol/values/value.js';
import { reasonOf } from '../../query/index.js';
import { recordAt } from './entities.js';
import type { RecordInfo } from './messages.js';
import { Room, leafInfo, rowOf } from './shown.js';
import type { Asking, StudioSource } from './source.js';

/** Leaves that are shown of a path. */
const SHOWN = 1000;

/** Leaves that are read of a path to know how new it is. */
export const MAX_READ = 20_000;

/** What lies at and below a path. */
export interface Subtree {
  /** In store order; the first {@link MAX_READ} and some more. */
  readonly leaves: readonly Leaf[];
  /** Whether there are others. */
  readonly more: boolean;
  /** The greatest revision; 0 where nothing is. */
  readonly revision: number;
}

/** Reads what lies at and below a path, as far as it is bounded. @throws what reading the store throws */
export async function readSubtree(
  { transport }: Pick<StudioSource, 'transport'>,
  path: Path,
  { signal }: Asking,
  most = MAX_READ,
): Promise<Subtree> {
  assertPath(path);
  const leaves: Leaf[] = [];
  const pattern = `${literalPattern(path)}/**`;
  let after: Path | undefined;
  do {
    const page = await transport.list({
      pattern,
      limit: MAX_PAGE_SIZE,
      signal,
      ...(after === undefined ? {} : { after }),
    });
    for (const leaf of page.items) leaves.push(leaf);
    after = page.nextCursor ?? undefined;
  } while (after !== undefined && leaves.length < most);
  const own = (await transport.getMany([path], { signal })).get(path);
  const all = own === undefined ? leaves : inStoreOrder([own, ...leaves], (leaf) => leaf.path);
  const revision = all.reduce((greatest, leaf) => Math.max(greatest, leaf.revision), 0);
  return { leaves: all, more: after !== undefined, revision };
}

/**
 * A record, or any other part of the store, leaf by leaf.
 *
 * @throws DustError `invalid_params` for a malformed path; what reading the store throws
 */
export async function recordInfo(source: StudioSource, path: Path, asking: Asking): Promise<RecordInfo> {
  const { leaves, more, revision } = await readSubtree(source, path, asking);
  const room = new Room();
  const info = {
    path,
    leaves: leaves.slice(0, SHOWN).map((leaf) => leafInfo(leaf, room)),
    more: more || leaves.length > SHOWN,
    revision,
  };
  const found = recordAt(source, path);
  if (found === undefined) return info;
  const { entity, slug } = found;
  const named = { ...info, entity: entity.info.name };
  if (leaves.length === 0 || more) return named;
  const { entity: instance, problem } = entity.context.mapper.hydrate({ slug, leaves, revision });
  if (problem !== undefined) return { ...named, misfit: reasonOf(problem) || 'It is none of its entity.' };
  return { ...named, row: rowOf(entity, instance, new Room()) };
}

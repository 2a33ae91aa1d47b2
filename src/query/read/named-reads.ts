import { findClaimField } from '../../mapping/index.js';
import type { EntityMetadata } from '../../metadata/types.js';
import type { Path } from '../../protocol/paths/path.js';
import { childPath } from '../../protocol/paths/path.js';
import { isTooLong } from '../../protocol/paths/path-length.js';
import type { Leaf } from '../../protocol/values/value.js';
import type { RequestOptions, Transport, TransportCapabilities } from '../../transport/transport.js';
import { MAX_PAGE_SIZE } from '../../transport/transport.js';
import type { ByName } from './named-scan.js';

type SubtreesReader = Pick<Transport, 'subtrees'> & {
  readonly capabilities?: Pick<TransportCapabilities, 'subtrees'>;
};

/** Whole records by their names; undefined where the transport takes a request for each. */
export function byNameOver(transport: SubtreesReader, prefix: Path): ByName<Leaf> | undefined {
  if (transport.capabilities?.subtrees !== true) return undefined;
  const read = async (
    slugs: readonly string[],
    options: RequestOptions,
  ): Promise<ReadonlyMap<string, readonly Leaf[]>> => {
    const found = await transport.subtrees?.(
      slugs.map((slug) => childPath(prefix, slug)),
      options,
    );
    return new Map(slugs.map((slug) => [slug, found?.get(childPath(prefix, slug)) ?? []]));
  };
  return { perRequest: MAX_PAGE_SIZE, read };
}

type ExistenceReader = SubtreesReader & Pick<Transport, 'getMany'>;

/**
 * Which records are there, by the leaf that each whole record has. One that lacks it may be there all the same, as something
 * else wrote it: what lies below it is asked for, or looked for on pages. Undefined where the class has no such leaf, and the
 * transport takes a request for each.
 */
export function existenceByName(
  transport: ExistenceReader,
  metadata: EntityMetadata,
): ByName<{ readonly path: Path }> | undefined {
  const claim = findClaimField(metadata);
  const whole = byNameOver(transport, metadata.prefixPath);
  if (claim === undefined) return whole;
  const leafOf = (slug: string): Path => `${childPath(metadata.prefixPath, slug)}/${claim.wireSegment}`;
  const read: ByName<{ readonly path: Path }>['read'] = async (slugs, options) => {
    const paths = slugs.map(leafOf).filter((path) => !isTooLong(path));
    const leaves = await transport.getMany(paths, options);
    const isThere = (slug: string): boolean => leaves.has(leafOf(slug));
    const found = new Map(slugs.filter(isThere).map((slug) => [slug, [{ path: leafOf(slug) }]]));
    if (whole === undefined || found.size === slugs.length) return found;
    const others = slugs.filter((slug) => !isThere(slug));
    return new Map<string, readonly { readonly path: Path }[]>([
      ...found,
      ...(await whole.read(others, options)),
    ]);
  };
  return { perRequest: MAX_PAGE_SIZE, read };
}

import { findClaimField } from '../mapping/index.js';
import type { EntityMetadata } from '../metadata/types.js';
import type { Path } from '../protocol/path.js';
import { childPath } from '../protocol/path.js';
import type { Leaf } from '../protocol/value.js';
import type { RequestOptions, Transport, TransportCapabilities } from '../transport/transport.js';
import { MAX_PAGE_SIZE } from '../transport/transport.js';
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

/**
 * Which records are there, by the leaf that each whole record has. One that lacks it may be there all the same, as something
 * else wrote it: it is looked for on pages. Undefined where the class has no such leaf.
 */
export function existenceByName(
  transport: Pick<Transport, 'getMany'>,
  metadata: EntityMetadata,
): ByName<Path> | undefined {
  const claim = findClaimField(metadata);
  if (claim === undefined) return undefined;
  const leafOf = (slug: string): Path => `${childPath(metadata.prefixPath, slug)}/${claim.wireSegment}`;
  const read = async (
    slugs: readonly string[],
    options: RequestOptions,
  ): Promise<ReadonlyMap<string, readonly Path[]>> => {
    const found = await transport.getMany(slugs.map(leafOf), options);
    const there = slugs.filter((slug) => found.has(leafOf(slug)));
    return new Map(there.map((slug) => [slug, [leafOf(slug)]]));
  };
  return { perRequest: MAX_PAGE_SIZE, read };
}

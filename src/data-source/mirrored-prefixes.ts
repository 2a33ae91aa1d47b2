import type { EntityMetadata } from '../metadata/index.js';
import type { Path } from '../protocol/paths/path.js';
import type { DataSourceOptions } from './data-source-options.js';

/** Where single flights keep their locks, whose release they wait for (PROTOCOL §6). */
const LOCKS = '_dust:sf';

/** What of `store` is mirrored for these entities; undefined for all of it. */
export function mirroredPrefixes(
  { mirror, store: own }: Pick<DataSourceOptions, 'mirror' | 'store'>,
  store: string,
  entities: readonly EntityMetadata[],
): readonly Path[] | undefined {
  if (mirror === 'all') return undefined;
  const here = entities.filter((entity) => (entity.store ?? own) === store);
  return [LOCKS, ...here.map(({ prefixPath }) => prefixPath)];
}

import type { EntityMetadata } from '../../metadata/types.js';
import type { OptionNames } from '../../options/index.js';
import { conflictOnOtherProperty } from './option-errors.js';
import type { WriteRequest } from './write-options.js';
import { checkNames, requestOf } from './write-options.js';

const OPTIONS: OptionNames<Exclude<UpsertOptions<object>, readonly unknown[]>> = {
  conflictPaths: true,
  signal: true,
};

/** What `upsert` takes beside the entities, as in TypeORM. Only the slug can decide which record is meant. */
export type UpsertOptions<T> =
  | readonly (keyof T & string)[]
  | (WriteRequest & {
      /** The slug's property. */
      readonly conflictPaths?: readonly (keyof T & string)[] | { readonly [K in keyof T]?: true };
    });

/** What goes with the write's requests. @throws DustError `invalid_options` when the conflict paths are anything but the slug */
export function checkUpsertOptions<T extends object>(
  metadata: EntityMetadata<T>,
  options: UpsertOptions<T> = {},
): WriteRequest {
  if (isPathList(options)) {
    checkPaths(metadata, options);
    return {};
  }
  checkNames('upsert', options, OPTIONS);
  if (Object.hasOwn(options, 'conflictPaths')) checkPaths(metadata, options.conflictPaths ?? []);
  return requestOf(options);
}

function checkPaths(metadata: EntityMetadata, paths: object): void {
  const names = isPathList(paths) ? paths : Object.keys(paths);
  const other = names.find((name) => name !== metadata.slugProperty);
  if (other !== undefined || names.length === 0) throw conflictOnOtherProperty(metadata, other);
}

function isPathList(value: object): value is readonly string[] {
  return Array.isArray(value);
}

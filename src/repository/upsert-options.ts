import type { EntityMetadata } from '../metadata/types.js';
import type { OptionNames } from '../options/index.js';
import { checkOptionNames } from '../options/index.js';
import { conflictOnOtherProperty } from './option-errors.js';

const OPTIONS: OptionNames<Pick<Exclude<UpsertOptions<object>, readonly unknown[]>, 'conflictPaths'>> = {
  conflictPaths: true,
};

/** What TypeORM's `upsert` takes beside the entities. Only the slug can decide which record is meant. */
export type UpsertOptions<T> =
  | readonly (keyof T & string)[]
  | {
      /** The slug's property. */
      readonly conflictPaths: readonly (keyof T & string)[] | { readonly [K in keyof T]?: true };
    };

/** @throws DustError `invalid_options` when the conflict paths are anything but the slug */
export function checkUpsertOptions<T extends object>(
  metadata: EntityMetadata<T>,
  options: UpsertOptions<T> | undefined,
): void {
  if (options === undefined) return;
  if (!isPathList(options)) checkOptionNames('upsert', options, OPTIONS);
  const given: Partial<Exclude<UpsertOptions<T>, readonly unknown[]>> = isPathList(options)
    ? { conflictPaths: options }
    : options;
  const paths: object = given.conflictPaths ?? [];
  const names = isPathList(paths) ? paths : Object.keys(paths);
  const other = names.find((name) => name !== metadata.slugProperty);
  if (other !== undefined || names.length === 0) throw conflictOnOtherProperty(metadata, other);
}

function isPathList(value: object): value is readonly string[] {
  return Array.isArray(value);
}

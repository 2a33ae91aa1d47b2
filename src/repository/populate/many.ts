import type { FindManyOptions, ScopeOptions } from '../../query/index.js';
import { checkScopeOptions, compilePopulate, SCOPE_OPTIONS } from '../../query/index.js';
import type { OptionNames } from '../../options/index.js';
import { checkOptionNames } from '../../options/index.js';
import type { EntityContext, EntityContexts } from '../entity-context.js';
import { populated } from './populated.js';

/** Options of `getMany`: what is filled in, and which records are seen. */
export type GetManyOptions<T> = Pick<FindManyOptions<T>, 'populate' | keyof ScopeOptions>;

const OPTIONS: OptionNames<GetManyOptions<object>> = { populate: true, ...SCOPE_OPTIONS };

/**
 * The entities with these slugs, with the references filled in that the options name.
 *
 * @throws DustError `invalid_criteria`, `invalid_options`; what every read may meet
 */
export async function manyOf<T extends object>(
  contexts: EntityContexts,
  context: EntityContext<T>,
  slugs: readonly string[],
  options: Readonly<Partial<Record<keyof GetManyOptions<T>, unknown>>> = {},
): Promise<T[]> {
  const { metadata, reader } = context;
  checkOptionNames(`${metadata.name}: getMany`, options, OPTIONS);
  checkScopeOptions(metadata, options);
  const { populate: names, ...scope } = options;
  const { withDeleted = false, unscoped = false } = scope as ScopeOptions;
  const populate = compilePopulate(metadata, names);
  // The scopes that were named are those of this class.
  const seen = { withDeleted, unscoped };
  const read = (): Promise<T[]> => reader.getMany(slugs, scope as ScopeOptions);
  return populated(contexts, context, { populate, seen }, read, (found) => found);
}

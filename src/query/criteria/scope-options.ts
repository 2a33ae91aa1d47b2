import type { EntityMetadata, EntityScope } from '../../metadata/types.js';
import type { OptionNames } from '../../options/index.js';
import { checkOptionNames } from '../../options/index.js';
import type { ScopeOptions } from '../operators/find-options.js';
import { invalidOption, unknownScope } from '../values/errors.js';
import { isList } from '../values/values.js';

/** The names of the options, for the check of unknown ones. */
export const SCOPE_OPTIONS: OptionNames<ScopeOptions> = { withDeleted: true, scope: true, unscoped: true };

type Given = Readonly<Partial<Record<keyof ScopeOptions, unknown>>>;

/**
 * Checks what a call was given that takes these options alone.
 *
 * @throws DustError `invalid_options`
 */
export function checkScopeOptionsAlone(metadata: EntityMetadata, call: string, options: unknown): void {
  checkOptionNames(`${metadata.name}: ${call}`, options, SCOPE_OPTIONS);
  checkScopeOptions(metadata, options);
}

/** @throws DustError `invalid_options` for values of another kind, and for names that no scope of the class has */
export function checkScopeOptions(metadata: EntityMetadata, given: Given): void {
  for (const name of ['withDeleted', 'unscoped'] as const) {
    const flag = given[name];
    if (flag !== undefined && typeof flag !== 'boolean') {
      throw invalidOption(metadata, name, 'true or false', flag);
    }
  }
  scopesNamed(metadata, given);
}

/**
 * The scopes that were asked for by name.
 *
 * @throws DustError `invalid_options` for a name that no scope of the class has
 */
export function scopesNamed(
  metadata: EntityMetadata,
  { scope }: Pick<Given, 'scope'>,
): readonly EntityScope[] {
  if (scope === undefined) return [];
  const names: readonly unknown[] = isList(scope) ? scope : [scope];
  return names.map((name) => {
    if (typeof name !== 'string') {
      throw invalidOption(metadata, 'scope', 'the name of a scope, or a list of names', scope);
    }
    const named = metadata.scopes?.named.get(name);
    if (named === undefined) throw unknownScope(metadata, name);
    return named;
  });
}

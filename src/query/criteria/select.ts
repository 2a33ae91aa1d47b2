import type { EntityMetadata } from '../../metadata/types.js';
import { emptySelect, invalidOption, notTrue, unknownSelectProperty } from '../values/errors.js';
import { propertyNames } from '../values/property.js';

/** Names of properties that are handed out, the slug's among them; `undefined` for all of them. */
export type Selection = ReadonlySet<string> | undefined;

/**
 * Compiles a `select`. Without one, everything is selected but what is declared with `select: false`.
 *
 * @throws DustError `invalid_options` for an unknown name, and for a select without any
 */
export function compileSelect(metadata: EntityMetadata, select: unknown): Selection {
  if (select === undefined) return defaultSelection(metadata);
  const known = propertyNames(metadata);
  const names = namesIn(metadata, select);
  const unknown = names.find((name) => typeof name !== 'string' || !known.includes(name));
  if (unknown !== undefined) throw unknownSelectProperty(metadata, unknown);
  if (names.length === 0) throw emptySelect(metadata);
  return new Set([metadata.slugProperty, ...(names as string[])]);
}

/** What reads without a `select` hand out. */
export function defaultSelection(metadata: EntityMetadata): Selection {
  const shown = metadata.fields.filter(({ select }) => select);
  if (shown.length === metadata.fields.length) return undefined;
  return new Set([metadata.slugProperty, ...shown.map(({ propertyName }) => propertyName)]);
}

/** The properties of the class that a selection leaves out; `undefined` when it leaves out none. */
export function leftOutBy(metadata: EntityMetadata, selection: Selection): Selection {
  if (selection === undefined) return undefined;
  const names = metadata.fields.map(({ propertyName }) => propertyName);
  const leftOut = names.filter((name) => !selection.has(name));
  return leftOut.length === 0 ? undefined : new Set(leftOut);
}

function namesIn(metadata: EntityMetadata, select: unknown): readonly unknown[] {
  if (Array.isArray(select)) return select;
  if (typeof select !== 'object' || select === null) {
    throw invalidOption(
      metadata,
      'select',
      "a list such as ['title'], or an object such as { title: true }",
      select,
    );
  }
  return Object.entries(select).map(([name, value]) => {
    if (value !== true) throw notTrue(metadata, name, value);
    return name;
  });
}

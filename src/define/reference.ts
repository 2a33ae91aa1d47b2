import type { EntityClass, PopulatedName, ReferenceOptions, ReferenceTarget } from '../metadata/index.js';
import type { PropertyDefinition, PropertyPresence } from './property-definition.js';
import { definition } from './property-definition.js';
import type { NoOthers, OrNull, PresenceBy } from './value-types.js';

/** A property that holds the slug of another record, and the one that `populate` fills with it. */
export interface ReferenceDefinition<
  Value = unknown,
  Presence extends PropertyPresence = PropertyPresence,
  As = unknown,
  Filled = unknown,
> extends PropertyDefinition<Value, Presence> {
  /** For the compiler alone: there is no such property. */
  readonly '~reference'?: {
    /** The name of the property that is filled, where the options say it. */
    readonly as: As;
    /** What it is filled with. */
    readonly filled: Filled;
  };
}

/** The name of the property that a definition fills besides its own; never for one that is no reference. */
export type PopulatedBy<Definition, Name> = Definition extends {
  readonly '~types'?: unknown;
  readonly '~reference'?: infer Reference;
}
  ? '~reference' extends keyof Definition
    ? AsIn<NonNullable<Reference>, Name>
    : never
  : never;

type AsIn<Reference, Name> = Reference extends { readonly as: infer As }
  ? As extends string
    ? As
    : PopulatedName<Name>
  : never;

/** What a definition fills that property with. */
export type FilledBy<Definition> =
  Definition extends ReferenceDefinition<unknown, PropertyPresence, unknown, infer Filled> ? Filled : never;

type AsOption<Options> = Options extends { readonly as: infer As } ? As : undefined;
type SlugsBy<Options> = Options extends { readonly array: true } ? string[] : string;
type TargetsBy<Target, Options> = Options extends { readonly array: true } ? Target[] : Target | null;

/**
 * The slug of another record, or a list of slugs, as `@Ref()`: `customerId: ref(() => Customer)`, `tagIds: ref(() => [Tag])`. The class has
 * the property that `populate` fills, too: `customer`, `tags`, or what `as` says.
 *
 * Of two definitions that refer to each other the compiler cannot infer the types: one of them is a class with decorators, or holds a
 * plain `field('string')`.
 */
export function ref<Target extends object, const Options extends ReferenceOptions = object>(
  target: () => readonly EntityClass<Target>[],
  options?: Options & NoOthers<Options, ReferenceOptions>,
): ReferenceDefinition<OrNull<string[], Options>, PresenceBy<Options>, AsOption<Options>, Target[]>;
export function ref<Target extends object, const Options extends ReferenceOptions = object>(
  target: () => EntityClass<Target>,
  options?: Options & NoOthers<Options, ReferenceOptions>,
): ReferenceDefinition<
  OrNull<SlugsBy<Options>, Options>,
  PresenceBy<Options>,
  AsOption<Options>,
  TargetsBy<Target, Options>
>;
export function ref(
  target: ReferenceTarget,
  options: ReferenceOptions = {},
): ReferenceDefinition<never, never, never, never> {
  return definition({ decorator: 'Ref', role: 'plain', options: {}, reference: { target, options } });
}

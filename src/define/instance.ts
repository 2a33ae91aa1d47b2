import type { PropertyDefinition, PropertyDefinitions } from './property-definition.js';
import type { FilledBy, PopulatedBy } from './reference.js';

/** The instances of a class that is defined by these properties. */
export type DefinedInstance<Properties extends PropertyDefinitions> = {
  [Name in keyof Both<Properties>]: Both<Properties>[Name];
};

type Both<Properties extends PropertyDefinitions> = {
  -readonly [Name in keyof Properties as IsAlways<Properties[Name], Name>]: ValueIn<Properties[Name]>;
} & {
  -readonly [Name in keyof Properties as IsOptional<Properties[Name], Name>]?:
    ValueIn<Properties[Name]> | undefined;
} & {
  -readonly [Name in keyof Properties as PopulatedBy<Properties[Name], Name>]?:
    FilledBy<Properties[Name]> | undefined;
};

type IsAlways<Definition, Name> = Definition extends PropertyDefinition<unknown, 'always'> ? Name : never;
type IsOptional<Definition, Name> = Definition extends PropertyDefinition<unknown, 'always'> ? never : Name;
type ValueIn<Definition> = Definition extends PropertyDefinition<infer Value> ? Value : never;

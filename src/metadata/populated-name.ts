/** The name of the property that is filled, by that of the one that holds the slug: `customerId` fills `customer`, `tagIds` fills `tags`. */
export type PopulatedName<Name> = Name extends `${infer Base}Ids`
  ? `${Base}s`
  : Name extends `${infer Base}Id`
    ? Base
    : never;

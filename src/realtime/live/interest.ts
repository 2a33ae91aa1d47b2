import type { IndexedValue } from '../../protocol/values/record-access.js';
import type { Conjunction, Property, Query, Restriction } from '../../query/index.js';
import { conjunctionOf, decimalKey, indexedOrNull, pointsOf } from '../../query/index.js';

/** What a record must have for a query to concern it: one of some slugs, or one of some values in a property. */
export type Pin =
  | { readonly slugs: readonly string[] }
  | { readonly property: Property; readonly leafPath: string; readonly keys: readonly string[] };

/** A property that may have more values than this pins nothing. */
const MAX_VALUES = 1000;

/** The pins of a query, one for each of its alternatives; undefined when any record may concern it. */
export function pinsOf<T extends object>({ alternatives }: Query<T>): readonly Pin[] | undefined {
  const pins: Pin[] = [];
  for (const conditions of alternatives ?? [[]]) {
    const pin = pinOf(conjunctionOf(conditions));
    if (pin === undefined) return undefined;
    pins.push(pin);
  }
  return pins;
}

/** Whether pins can be kept to before it is known which records they have: whatever becomes of a record, its slug stays. */
export function areKnown(pins: readonly Pin[]): boolean {
  return pins.every((pin) => 'slugs' in pin);
}

function pinOf({ slug, byLeaf }: Conjunction): Pin | undefined {
  const slugs = slug && pointsOf(slug);
  if (slugs !== undefined) return { slugs: slugs.map(String) };
  let fewest:
    | {
        readonly restriction: Restriction;
        readonly leafPath: string;
        readonly values: readonly IndexedValue[];
      }
    | undefined;
  for (const [leafPath, restriction] of byLeaf) {
    // Nearly every record has such a value.
    if (restriction.isCommon) continue;
    const values = pointsOf(restriction.values);
    if (values === undefined || values.length > MAX_VALUES) continue;
    if (fewest === undefined || values.length < fewest.values.length) {
      fewest = { restriction, leafPath, values };
    }
  }
  if (fewest === undefined) return undefined;
  const { property } = fewest.restriction;
  return { property, leafPath: fewest.leafPath, keys: fewest.values.map((value) => keyOf(property, value)) };
}

/** What records with this entity's value in the property are kept under; undefined for a value that no pin can have. */
export function keyIn(property: Property, entity: object): string | undefined {
  const value = indexedOrNull(property, property.comparable(property.read(entity)));
  return value === undefined ? undefined : keyOf(property, value);
}

/** Equal values have the same key, however they are written. */
function keyOf({ kind }: Property, value: IndexedValue): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  const decimal = kind === 'decimal' ? decimalKey(String(value)) : undefined;
  if (decimal !== undefined) return decimal;
  return `${typeof value} ${String(value)}`;
}

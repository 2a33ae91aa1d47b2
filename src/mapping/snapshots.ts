import type { FieldMetadata } from '../metadata/types.js';
import type { JsonValue } from '../protocol/values/value.js';
import type { StoredRecord } from './types.js';

/** What a store holds of an instance: the record it was read from, or the values by the field's index. */
export type Stored =
  | { readonly record: StoredRecord; readonly values?: never }
  | { readonly values: readonly (JsonValue | undefined)[]; readonly record?: never };

export interface Snapshot {
  /** The record it is of. */
  readonly slug: unknown;
  readonly stored: Stored;
  readonly revision: number;
  /** The properties that were left out of the instance, and are in its record all the same. */
  readonly leftOut?: ReadonlySet<string> | undefined;
  /** Whether the record is older than the class. */
  readonly isOld?: boolean | undefined;
  /** The defaults that stand for what the record lacks, as they would be stored. */
  readonly applied?: ReadonlyMap<FieldMetadata, JsonValue> | undefined;
  /** Who remembers: an instance loaded by one mapper is new to another. */
  readonly owner: object;
}

/** A constructor that returns what it is given, so that a class which extends it adds its private fields to that. */
class Adopted extends Object {
  constructor(instance: object) {
    super();
    return instance;
  }
}

/**
 * Remembers a snapshot on the instance itself, in a private field that nothing else can see, copy or list: what a
 * WeakMap does, at a tenth of its cost for every instance read.
 */
class Remembered extends Adopted {
  #snapshot: Snapshot | undefined;

  static get(instance: object): Snapshot | undefined {
    return #snapshot in instance ? instance.#snapshot : undefined;
  }

  static set(instance: object, snapshot: Snapshot | undefined): void {
    const remembered = #snapshot in instance ? instance : new Remembered(instance);
    remembered.#snapshot = snapshot;
  }
}

/** The snapshot that `owner` took of an instance; `undefined` when it took none. */
export function snapshotOf(instance: object, owner: object): Snapshot | undefined {
  const snapshot = Remembered.get(instance);
  return snapshot?.owner === owner ? snapshot : undefined;
}

/** Takes the place of whatever was remembered of the instance. */
export function remember(instance: object, snapshot: Snapshot): void {
  Remembered.set(instance, snapshot);
}

/** Notes that these properties were left out of an instance that was loaded. */
export function leaveOut(instance: object, properties: ReadonlySet<string>): void {
  const snapshot = Remembered.get(instance);
  if (snapshot !== undefined) Remembered.set(instance, { ...snapshot, leftOut: properties });
}

/** Forgets what `owner` remembered of an instance. */
export function forget(instance: object, owner: object): void {
  if (snapshotOf(instance, owner) !== undefined) Remembered.set(instance, undefined);
}

import type { JsonObject, JsonValue } from '../protocol/value.js';
import type { CounterProperty, DataProperty, DeepPartial, EntityTarget, SetMember, SetProperty } from '../repository/index.js';

/** A record of an entity class. */
interface RecordTarget<T extends object> {
  readonly entity: EntityTarget<T>;
  readonly slug: string;
}

/** A path, rendered (PROTOCOL §1) or as a list of segments. */
export type PathInput = string | readonly string[];

/** An operation on a record, in terms of its class. Values are encoded and, as another program's, not validated. */
export type EmittedRecordOperation<T extends object> =
  /** Replaces the whole record, or writes the named fields and leaves the others alone. */
  | (RecordTarget<T> & { readonly op: 'set' | 'merge'; readonly value: DeepPartial<T> })
  /** Deletes the record, or one field of it. */
  | (RecordTarget<T> & { readonly op: 'delete'; readonly property?: DataProperty<T> })
  | (RecordTarget<T> & { readonly op: 'increment'; readonly property: CounterProperty<T>; readonly value: number })
  | {
      [K in SetProperty<T>]: RecordTarget<T> & {
        readonly op: 'add' | 'remove';
        readonly property: K;
        readonly value: SetMember<T, K>;
      };
    }[SetProperty<T>];

/** An operation as the store knows it (PROTOCOL §2). */
export type EmittedRawOperation =
  | { readonly op: 'set' | 'add' | 'remove'; readonly path: PathInput; readonly value: JsonValue }
  | { readonly op: 'merge'; readonly path: PathInput; readonly value: JsonObject }
  | { readonly op: 'delete'; readonly path: PathInput }
  | { readonly op: 'increment'; readonly path: PathInput; readonly value: number };

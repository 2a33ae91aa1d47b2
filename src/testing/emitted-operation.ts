import type { JsonObject, JsonValue } from '../protocol/values/value.js';
import type {
  CounterProperty,
  DataProperty,
  DeepPartial,
  EntityTarget,
  KeyInput,
  SetMember,
  SetProperty,
} from '../repository/index.js';

interface OnRecord<T extends object> {
  readonly entity: EntityTarget<T>;
  readonly slug: string;
}

interface SetMemberOperation<T extends object, K extends SetProperty<T>> extends OnRecord<T> {
  readonly op: 'add' | 'remove';
  readonly property: K;
  readonly value: SetMember<T, K>;
}

/**
 * An operation on a record, in terms of its class, as another program with the same classes makes it: values are
 * encoded and time stamps filled in, but nothing is validated and nothing need exist.
 *
 * - `set` replaces the whole record; `merge` writes the defined properties and leaves the others alone;
 * - `delete` deletes the record, or one property of it;
 * - `increment` changes a counter; `add` and `remove` change a set.
 */
export type EmittedRecordOperation<T extends object> =
  | (OnRecord<T> & { readonly op: 'set' | 'merge'; readonly value: DeepPartial<T> })
  | (OnRecord<T> & { readonly op: 'delete'; readonly property?: DataProperty<T> })
  | (OnRecord<T> & {
      readonly op: 'increment';
      readonly property: CounterProperty<T>;
      readonly value: number;
    })
  | { [K in SetProperty<T>]: SetMemberOperation<T, K> }[SetProperty<T>];

/** An operation in the store's own terms (PROTOCOL §2), at a rendered path or a list of segments. */
export type EmittedRawOperation =
  | { readonly op: 'set' | 'add' | 'remove'; readonly path: KeyInput; readonly value: JsonValue }
  | { readonly op: 'merge'; readonly path: KeyInput; readonly value: JsonObject }
  | { readonly op: 'increment'; readonly path: KeyInput; readonly value: number }
  | { readonly op: 'delete'; readonly path: KeyInput };

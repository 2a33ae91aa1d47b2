import type { EntityMetadata } from '../metadata/types.js';
import { comparePaths } from '../protocol/paths/order.js';
import { escapeSegment } from '../protocol/paths/path.js';
import type { JsonValue, Leaf } from '../protocol/values/value.js';
import { assemble } from '../protocol/values/value.js';
import type { CompiledField } from './compiled-field.js';
import type { StoredRecord } from './types.js';

/** A record's leaves sorted into the fields they belong to. */
export interface FieldValues {
  /** The stored value of each field, by the field's index; `undefined` where the record has none. */
  readonly values: (JsonValue | undefined)[];
  /** Names that no field claims; `undefined` when there are none. */
  readonly unrecognised: string[] | undefined;
}

/** A field's place in a record. */
export interface Slot {
  readonly compiled: CompiledField;
  /** The field's index among those stored. */
  readonly index: number;
  readonly segment: string;
  /** The place in store order. */
  readonly position: number;
  /** Whether a value may be spread over several leaves. */
  readonly flattened: boolean;
}

/** Finds the fields of one entity in its stored records. */
export class RecordLayout {
  readonly #prefixLength: number;
  readonly #inStoreOrder: readonly Slot[];
  readonly #bySegment: ReadonlyMap<string, Slot>;
  readonly #size: number;

  constructor({ prefixPath }: EntityMetadata, fields: readonly CompiledField[]) {
    this.#prefixLength = prefixPath.length + 1;
    this.#size = fields.length;
    this.#inStoreOrder = fields
      .map((compiled, index) => ({ compiled, index, ...placeOf(compiled) }))
      .sort((a, b) => comparePaths(a.segment, b.segment))
      .map((slot, position) => ({ ...slot, position }));
    this.#bySegment = new Map(this.#inStoreOrder.map((slot) => [slot.segment, slot]));
  }

  /** Where the part of a path that lies below the record begins. */
  start(slug: string): number {
    return this.#prefixLength + escapeSegment(slug).length + 1;
  }

  /** The field whose own leaf this is. Leaves come in store order, so that the one `expected` is mostly the right one. */
  slotAt(path: string, start: number, expected: number): Slot | undefined {
    const slot = this.#inStoreOrder[expected];
    return slot !== undefined && path.length === start + slot.segment.length && path.endsWith(slot.segment)
      ? slot
      : this.#bySegment.get(path.slice(start));
  }

  /** The record's values by field. */
  read({ slug, leaves }: StoredRecord): FieldValues {
    const start = this.start(slug);
    const values = new Array<JsonValue | undefined>(this.#size).fill(undefined);
    const rest: Leaf[] = [];
    let expected = 0;
    for (const leaf of leaves) {
      const slot = this.slotAt(leaf.path, start, expected);
      if (slot === undefined) {
        rest.push(leaf);
      } else {
        values[slot.index] = leaf.value;
        expected = slot.position + 1;
      }
    }
    return { values, unrecognised: rest.length === 0 ? undefined : this.#readRest(rest, start, values) };
  }

  #readRest(leaves: readonly Leaf[], start: number, values: (JsonValue | undefined)[]): string[] | undefined {
    const unrecognised = new Set<string>();
    const parts = new Map<Slot, Leaf[]>();
    for (const leaf of leaves) {
      const below = leaf.path.slice(start);
      const [segment = ''] = below.split('/', 1);
      const slot = this.#bySegment.get(segment);
      if (slot === undefined) unrecognised.add(segment);
      else if (!slot.flattened) unrecognised.add(below);
      else add(parts, slot, leaf);
    }
    for (const [slot, own] of parts) {
      const fieldPath = own[0]?.path.slice(0, start + slot.segment.length) ?? '';
      values[slot.index] = assemble(fieldPath, own);
    }
    return unrecognised.size === 0 ? undefined : [...unrecognised];
  }
}

function placeOf({
  field: { wireSegment, type, array },
}: CompiledField): Pick<Slot, 'segment' | 'flattened'> {
  return { segment: wireSegment, flattened: !array && (type === 'json' || type === 'nested') };
}

function add<Key, Item>(lists: Map<Key, Item[]>, key: Key, item: Item): void {
  const present = lists.get(key);
  if (present === undefined) lists.set(key, [item]);
  else present.push(item);
}

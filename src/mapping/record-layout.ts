import type { EntityMetadata, FieldMetadata } from '../metadata/types.js';
import { comparePaths } from '../protocol/order.js';
import { escapeSegment } from '../protocol/path.js';
import type { JsonValue, Leaf } from '../protocol/value.js';
import { assemble } from '../protocol/value.js';
import type { StoredRecord } from './types.js';

/** A record's leaves sorted into the fields they belong to. */
export interface FieldValues {
  /** The stored value of each field, by the field's index; `undefined` where the record has none. */
  readonly values: (JsonValue | undefined)[];
  /** Names that no field claims; `undefined` when there are none. */
  readonly unrecognised: string[] | undefined;
}

interface Slot {
  readonly index: number;
  readonly segment: string;
  /** The position in store order. */
  readonly position: number;
  /** Whether a value may be spread over several leaves. */
  readonly flattened: boolean;
}

/** Finds the fields of one entity in its stored records. Fields are known by their index among those stored. */
export class RecordLayout {
  readonly #prefixLength: number;
  readonly #inStoreOrder: readonly Slot[];
  readonly #bySegment: ReadonlyMap<string, Slot>;
  readonly #size: number;

  constructor({ prefixPath }: EntityMetadata, fields: readonly FieldMetadata[]) {
    this.#prefixLength = prefixPath.length + 1;
    this.#size = fields.length;
    this.#inStoreOrder = fields
      .map(({ wireSegment, type, array }, index) => ({
        index,
        segment: wireSegment,
        flattened: !array && (type === 'json' || type === 'nested'),
      }))
      .sort((a, b) => comparePaths(a.segment, b.segment))
      .map((slot, position) => ({ ...slot, position }));
    this.#bySegment = new Map(this.#inStoreOrder.map((slot) => [slot.segment, slot]));
  }

  /** The record's values by field. Leaves usually come in store order, so the next field is mostly the right one. */
  read({ slug, leaves }: StoredRecord): FieldValues {
    const base = this.#prefixLength + escapeSegment(slug).length + 1;
    const values = new Array<JsonValue | undefined>(this.#size).fill(undefined);
    const rest: Leaf[] = [];
    let position = 0;
    for (const leaf of leaves) {
      const { path } = leaf;
      let slot = this.#inStoreOrder[position];
      if (slot === undefined || path.length !== base + slot.segment.length || !path.endsWith(slot.segment)) {
        slot = this.#bySegment.get(path.slice(base));
      }
      if (slot === undefined) {
        rest.push(leaf);
      } else {
        values[slot.index] = leaf.value;
        position = slot.position + 1;
      }
    }
    return { values, unrecognised: rest.length === 0 ? undefined : this.#readRest(rest, base, values) };
  }

  #readRest(leaves: readonly Leaf[], base: number, values: (JsonValue | undefined)[]): string[] | undefined {
    const unrecognised = new Set<string>();
    const parts = new Map<Slot, Leaf[]>();
    for (const leaf of leaves) {
      const below = leaf.path.slice(base);
      const [segment = ''] = below.split('/', 1);
      const slot = this.#bySegment.get(segment);
      if (slot === undefined) unrecognised.add(segment);
      else if (!slot.flattened) unrecognised.add(below);
      else add(parts, slot, leaf);
    }
    for (const [slot, own] of parts) {
      const fieldPath = own[0]?.path.slice(0, base + slot.segment.length) ?? '';
      values[slot.index] = assemble(fieldPath, own);
    }
    return unrecognised.size === 0 ? undefined : [...unrecognised];
  }
}

function add<Key, Item>(lists: Map<Key, Item[]>, key: Key, item: Item): void {
  const present = lists.get(key);
  if (present === undefined) lists.set(key, [item]);
  else present.push(item);
}

import type { Path } from '../../protocol/paths/path.js';
import type { IndexDefinition, IndexedType } from '../../protocol/values/record-access.js';
import type { StoredIndex } from './definitions.js';
import type { ByteText } from './keys/byte-text.js';
import { indexKey } from './keys/entry-keys.js';
import { isPresentKey, storedKey } from './keys/value-keys.js';
import type { PartPlace, RecordView } from './part-values.js';
import { partValue, placeOfPart } from './part-values.js';

/** What the entry of a record begins with: all in front of its slug. */
export interface EntryValues {
  readonly key: ByteText;
  /** Whether each value is there and can be read. */
  readonly arePresent: boolean;
}

interface CompiledPart {
  readonly type: IndexedType;
  readonly place: PartPlace;
  readonly absentKey: ByteText;
}

/** An index, made ready to make entries. */
export class CompiledIndex {
  readonly stored: StoredIndex;
  /** What every entry begins with. */
  readonly key: ByteText;
  readonly #parts: readonly CompiledPart[];

  constructor(stored: StoredIndex) {
    this.stored = stored;
    this.key = indexKey(stored.number);
    this.#parts = stored.definition.parts.map(({ path, type, absent }) => ({
      type,
      place: placeOfPart(path),
      absentKey: storedKey(type, absent),
    }));
  }

  get definition(): IndexDefinition {
    return this.stored.definition;
  }

  get isUnique(): boolean {
    return this.stored.definition.unique;
  }

  /** Of the record at `path`, as `view` shows it. */
  valuesOf(path: Path, view: RecordView): EntryValues {
    let { key } = this;
    let arePresent = true;
    for (const { type, place, absentKey } of this.#parts) {
      const stored = partValue(path, place, view);
      const value = stored === undefined ? absentKey : storedKey(type, stored);
      if (!isPresentKey(value)) arePresent = false;
      key += value;
    }
    return { key, arePresent };
  }

  /** Whether a leaf of the record at `path` can have a say in its entry. */
  concerns(path: Path, leaf: Path): boolean {
    return this.#parts.some(
      ({ place: { suffix, holders } }) =>
        isAt(leaf, path, suffix) || holders.some((holder) => leaf.startsWith(holder.suffix, path.length)),
    );
  }
}

function isAt(leaf: Path, record: Path, suffix: string): boolean {
  return leaf.length === record.length + suffix.length && leaf.endsWith(suffix);
}

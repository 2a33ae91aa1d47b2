import type { IndexRange, IndexedValue } from '../../../protocol/values/record-access.js';
import type { KeyRange } from '../../storage.js';
import type { CompiledIndex } from '../compiled-index.js';
import type { ByteText } from '../keys/byte-text.js';
import { behindIndexKey } from '../keys/entry-keys.js';
import { BEHIND_VALUE_END, BEHIND_PRESENT, PRESENT, valueKey } from '../keys/value-keys.js';

/** Where the entries of a range lie; undefined when there can be none. */
export function indexSpan(index: CompiledIndex, range: IndexRange): KeyRange | undefined {
  const { parts } = index.definition;
  const start = valuesKey(index, range.equal);
  if (start === undefined) return undefined;
  const type = parts[range.equal.length]?.type;
  if (type === undefined || !hasBounds(range)) {
    return {
      from: start,
      to: range.equal.length === 0 ? behindIndexKey(index.stored.number) : behind(start),
    };
  }
  let from: ByteText = PRESENT;
  let to: ByteText = BEHIND_PRESENT;
  if (range.from !== undefined) {
    const low = valueKey(type, range.from.value);
    if (low === undefined) return undefined;
    from = range.from.inclusive ? low : behind(low);
  }
  if (range.to !== undefined) {
    const high = valueKey(type, range.to.value);
    if (high === undefined) return undefined;
    to = range.to.inclusive ? behind(high) : high;
  }
  return { from: start + from, to: start + to };
}

/** What entries with these values in the first parts begin with; undefined when there can be none. */
export function valuesKey(index: CompiledIndex, values: readonly IndexedValue[]): ByteText | undefined {
  let { key } = index;
  for (const [i, value] of values.entries()) {
    const type = index.definition.parts[i]?.type;
    const part = type && valueKey(type, value);
    if (part === undefined) return undefined;
    key += part;
  }
  return key;
}

/** What all that begins with a key, which ends with a value's end, lies before. */
export function behind(key: ByteText): ByteText {
  return key.slice(0, -BEHIND_VALUE_END.length) + BEHIND_VALUE_END;
}

function hasBounds({ from, to, present }: IndexRange): boolean {
  return from !== undefined || to !== undefined || present === true;
}

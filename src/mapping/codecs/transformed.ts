import { types } from 'node:util';
import type { ValueTransformer } from '../../metadata/types.js';
import type { JsonValue } from '../../protocol/values/value.js';
import type { Codec } from './codec.js';
import { CodecFault } from './codec.js';
import { unawaited } from '../unawaited.js';

/**
 * `codec` behind transformers: their `to` runs before it, in order, and their `from` after it, in reverse. They see null,
 * which the codec does not.
 */
export function transformed(codec: Codec, transformers: readonly ValueTransformer[]): Codec {
  const towardsStore = transformers;
  const fromStore = transformers.toReversed();
  return {
    encode(value) {
      const stored = towardsStore.reduce(
        (current, transformer) => attempt(() => transformer.to(current)),
        value,
      );
      return stored === null || stored === undefined ? null : codec.encode(stored);
    },
    decode: (stored) =>
      fromStore.reduce(
        (current, transformer) => attempt(() => transformer.from(current)),
        stored === null ? null : codec.decode(stored),
      ),
  };
}

/** A codec that has JSON's null on both sides, whatever else its values are. */
export function nullPassing({ encode, decode }: Codec): Codec {
  return {
    encode: (value): JsonValue => (value === null ? null : encode(value)),
    decode: (stored) => (stored === null ? null : decode(stored)),
  };
}

function attempt(transform: () => unknown): unknown {
  try {
    return unawaited(transform());
  } catch (error) {
    const reason = types.isNativeError(error) ? error.message : 'no reason given';
    throw new CodecFault('a value its transformer takes', `one for which it threw (${reason})`, {
      cause: error,
    });
  }
}

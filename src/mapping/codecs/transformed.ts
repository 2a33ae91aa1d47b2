import { types } from 'node:util';
import type { ValueTransformer } from '../../metadata/types.js';
import type { Codec } from './codec.js';
import { CodecFault } from './codec.js';

/** `codec` behind transformers: their `to` runs before it, in order, and their `from` after it, in reverse. */
export function transformed(codec: Codec, transformers: readonly ValueTransformer[]): Codec {
  const towardsStore = transformers;
  const fromStore = transformers.toReversed();
  return {
    encode(value) {
      const stored = towardsStore.reduce(
        (current, transformer) => attempt(() => transformer.to(current)),
        value,
      );
      return stored === null ? null : codec.encode(stored);
    },
    decode: (stored) =>
      fromStore.reduce(
        (current, transformer) => attempt(() => transformer.from(current)),
        codec.decode(stored),
      ),
  };
}

function attempt(transform: () => unknown): unknown {
  try {
    return transform();
  } catch (error) {
    const reason = types.isNativeError(error) ? error.message : 'no reason given';
    throw new CodecFault('a value its transformer takes', `one for which it threw (${reason})`, '', error);
  }
}

import { types } from 'node:util';
import { cloneJson } from '../../protocol/values/json.js';
import { isObject } from '../../protocol/values/value.js';
import type { EntityClass } from '../../metadata/types.js';
import type { ClassTransformer } from '../peers/peer-types.js';
import { classTransformerNotLoaded } from '../errors.js';
import { concrete } from '../instantiate.js';
import type { Codec } from './codec.js';
import { CodecFault } from './codec.js';
import { describe } from './describe.js';
import { jsonCodec } from './json.js';

/** Instances of a class that class-transformer maps (`@Type`, `@Expose`, `@Transform`). Its Dates become ISO 8601 strings. */
export function transformedClassCodec(nested: EntityClass, transformer: ClassTransformer | undefined): Codec {
  const loaded = (): ClassTransformer => {
    if (transformer === undefined) throw classTransformerNotLoaded(nested.name);
    return transformer;
  };
  return {
    encode(value) {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        throw new CodecFault(`an instance of ${nested.name}`, describe(value));
      }
      const { instanceToPlain } = loaded();
      const plain: unknown = attempt(nested, 'write', () => instanceToPlain(value));
      return jsonCodec.encode(datesAsText(plain));
    },
    decode(stored) {
      if (!isObject(stored)) throw new CodecFault(`an object for ${nested.name}`, describe(stored));
      const { plainToInstance } = loaded();
      return attempt(nested, 'read', () => plainToInstance(concrete(nested), cloneJson(stored)));
    },
  };
}

/** A cycle makes class-transformer run out of stack; a custom `@Transform` may throw anything. */
function attempt<T>(nested: EntityClass, deed: 'read' | 'write', transform: () => T): T {
  try {
    return transform();
  } catch (error) {
    if (error instanceof RangeError) {
      throw new CodecFault('a value without cycles', 'a cycle, or one too deep', { cause: error });
    }
    const reason = types.isNativeError(error) ? error.message : 'no reason given';
    throw new CodecFault(
      `an instance of ${nested.name}`,
      `one that class-transformer could not ${deed} (${reason})`,
      { cause: error },
    );
  }
}

function datesAsText(value: unknown): unknown {
  if (types.isDate(value)) return Number.isNaN(value.getTime()) ? value : value.toISOString();
  if (Array.isArray(value)) return (value as readonly unknown[]).map(datesAsText);
  if (typeof value !== 'object' || value === null || !isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, datesAsText(item)]));
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

import type { JsonValue } from '../../protocol/value.js';

/** Turns values of one type into JSON and back. Neither side shares anything mutable with the other. */
export interface Codec {
  /** @throws CodecFault for a value that is not of the type */
  readonly encode: (value: unknown) => JsonValue;
  /** @throws CodecFault for JSON that does not say a value of the type */
  readonly decode: (stored: JsonValue) => unknown;
}

/** A value that a codec refuses. The mapper knows whose value it is, and makes the error or the report of it. */
export class CodecFault extends Error {
  constructor(
    readonly expected: string,
    readonly found: string,
    /** Where inside the value, such as `.tags[2]`; empty for the value itself. */
    readonly at = '',
    cause?: unknown,
  ) {
    super(`expected ${expected}, found ${found}`, cause === undefined ? undefined : { cause });
    this.name = 'CodecFault';
  }

  /** The same fault seen from the value that holds this one at `key`. */
  within(key: string): CodecFault {
    return new CodecFault(this.expected, this.found, `${key}${this.at}`, this.cause);
  }
}

/** `error` seen from the value that holds it at `key`, when a codec threw it. */
export function faultWithin(key: string, error: unknown): unknown {
  return error instanceof CodecFault ? error.within(key) : error;
}

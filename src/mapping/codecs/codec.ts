import type { JsonValue } from '../../protocol/values/value.js';

/** Turns values of one type into JSON and back. Neither side shares anything mutable with the other. */
export interface Codec {
  /** @throws CodecFault for a value that is not of the type */
  readonly encode: (value: unknown) => JsonValue;
  /** @throws CodecFault for JSON that does not say a value of the type */
  readonly decode: (stored: JsonValue) => unknown;
}

/** What a fault breaks: the value has another type, or there must be one and is none. */
export type BrokenRule = 'isStorable' | 'isRequired' | 'isNotNull';

/** Where a fault is, seen from the value that was given: names of properties and positions in lists, the outermost first. */
export type FaultPath = readonly (string | number)[];

export interface FaultOptions {
  /** Where inside the value, as text such as `.tags[2]`, of what has no properties of its own to name. */
  readonly at?: string;
  readonly cause?: unknown;
  readonly rule?: BrokenRule;
  readonly path?: FaultPath;
  /** Other faults of the same value. */
  readonly others?: readonly CodecFault[];
}

/** A value that a codec refuses. The mapper knows whose value it is, and makes the error or the report of it. */
export class CodecFault extends Error {
  readonly rule: BrokenRule;
  readonly path: FaultPath;
  readonly #inside: string;
  readonly #others: readonly CodecFault[];

  constructor(
    readonly expected: string,
    readonly found: string,
    { at = '', cause, rule = 'isStorable', path = [], others = [] }: FaultOptions = {},
  ) {
    super(`expected ${expected}, found ${found}`, cause === undefined ? undefined : { cause });
    this.name = 'CodecFault';
    this.rule = rule;
    this.path = path;
    this.#inside = at;
    this.#others = others;
  }

  /** Where inside the value, such as `.tags[2]`; empty for the value itself. */
  get at(): string {
    return `${pathText(this.path)}${this.#inside}`;
  }

  /** Where inside of what {@link path} leads to; empty where it leads all the way. */
  get inside(): string {
    return this.#inside;
  }

  /** This fault and the others of the same value. */
  get all(): readonly CodecFault[] {
    return [this, ...this.#others];
  }

  /** The same faults seen from the value that holds this one at `key`. */
  within(key: string | number): CodecFault {
    const { expected, found, cause, rule } = this;
    return new CodecFault(expected, found, {
      at: this.#inside,
      cause,
      rule,
      path: [key, ...this.path],
      others: this.#others.map((other) => other.within(key)),
    });
  }
}

/** A path as it is written behind a name: `.city`, `[2].sku`. */
export function pathText(path: FaultPath): string {
  return path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('');
}

/** `error` seen from the value that holds it at `key`, when a codec threw it. */
export function faultWithin(key: string | number, error: unknown): unknown {
  return error instanceof CodecFault ? error.within(key) : error;
}

/** `faults` and those that `error` tells of the part at `key`; anything else that was thrown goes on. */
export function withFaults(
  faults: readonly CodecFault[] | undefined,
  key: string | number,
  error: unknown,
): readonly CodecFault[] {
  if (!(error instanceof CodecFault)) throw error;
  return [...(faults ?? []), ...error.within(key).all];
}

/** @throws CodecFault that tells all of them, when there are any */
export function assertFaultless(faults: readonly CodecFault[] | undefined): void {
  const [first, ...others] = faults ?? [];
  if (first === undefined) return;
  const { expected, found, inside, cause, rule, path } = first;
  throw new CodecFault(expected, found, { at: inside, cause, rule, path, others });
}

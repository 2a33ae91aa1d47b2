import { invalidFlag } from './errors.js';

/** Reads a flag's value as a whole number of at least `min`. */
export function parseCount(flag: string, min = 1): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < min) {
      throw invalidFlag(flag, `a whole number from ${min} up`, text);
    }
    return value;
  };
}

/** Reads a flag that may be given several times as the list of its values. */
export function collect(value: string, given: readonly string[] = []): readonly string[] {
  return [...given, value];
}

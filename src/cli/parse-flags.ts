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

/** The highest TCP port. */
const MAX_PORT = 65_535;

/** Reads a flag's value as a TCP port, or 0. */
export function parsePort(flag: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value > MAX_PORT) {
      throw invalidFlag(flag, `a whole number from 0 to ${MAX_PORT}`, text);
    }
    return value;
  };
}

/** Reads a flag that may be given several times as the list of its values. */
export function collect(value: string, given: readonly string[] = []): readonly string[] {
  return [...given, value];
}

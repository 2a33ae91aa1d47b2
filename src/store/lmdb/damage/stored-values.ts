import { isUtf8 } from 'node:buffer';

/** Bytes as text, undefined when they are none. */
export function textOf(bytes: Buffer): string | undefined {
  return isUtf8(bytes) ? bytes.toString('utf8') : undefined;
}

/** What JSON text stands for, undefined when the bytes are no such text. */
export function jsonOf(bytes: Buffer): unknown {
  const text = textOf(bytes);
  return text === undefined ? undefined : jsonIn(text);
}

/** What JSON text stands for, undefined when it is none. */
export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The number that the digits of a text stand for, undefined when it is something else. */
export function countIn(text: string): number | undefined {
  const count = Number(text);
  return isCount(count) && String(count) === text ? count : undefined;
}

/** Whether a number counts something: operations, or the seq of one. */
export function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

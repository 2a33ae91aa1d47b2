import { inspect } from 'node:util';

/** A broken promise, as an oracle states it. */
export class Fault extends Error {}

/** @throws Fault saying `what` unless it holds */
export function expectThat(holds: boolean, what: string): void {
  if (!holds) throw new Fault(what);
}

/** A value in one line, cut off when it is long. */
export function shown(value: unknown): string {
  const text = inspect(value, { breakLength: Infinity, depth: 6, maxStringLength: 300 });
  return text.length > 600 ? `${text.slice(0, 600)}…` : text;
}

import { isPromiseLike } from '../../mapping/index.js';

/** Calls one after the other, the next when the one before has come to an end. Undefined when none of them took time. */
export function inOrder(calls: readonly (() => unknown)[], from = 0): Promise<void> | undefined {
  for (let i = from; i < calls.length; i++) {
    const returned = calls[i]?.();
    if (isPromiseLike(returned)) return Promise.resolve(returned).then(() => inOrder(calls, i + 1));
  }
  return undefined;
}

import { comparePaths } from '../../../protocol/paths/order.js';

const FIRST_SURROGATE = 0xd800;

/**
 * As `comparePaths`, faster for what is short: only where the first difference lies at or above the surrogates, store order is another
 * one than that of strings (PROTOCOL §1).
 */
export function compareNames(a: string, b: string): number {
  if (a === b) return 0;
  const end = Math.min(a.length, b.length);
  for (let i = 0; i < end; i++) {
    const [left, right] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (left === right) continue;
    return left >= FIRST_SURROGATE && right >= FIRST_SURROGATE ? comparePaths(a, b) : left - right;
  }
  return a.length - b.length;
}

import type { LogBounds } from './replicated-log.js';

/** The last position that was trimmed away; 0 when none was. */
export function trimmedThrough({ first, last }: LogBounds): number {
  return first === 0 ? last : first - 1;
}

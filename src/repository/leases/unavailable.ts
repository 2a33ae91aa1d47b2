import type { DustErrorKind } from '../../errors.js';
import { isDustError } from '../../errors.js';

const KINDS: ReadonlySet<DustErrorKind> = new Set<DustErrorKind>([
  'network',
  'timeout',
  'rate_limited',
  'indeterminate',
  'storage',
]);

/** From which status a server speaks of itself and not of the request. */
const SERVER_ERROR = 500;

/** Whether an error tells that the store cannot be worked with for now, rather than that a request was wrong. */
export function isUnavailable(error: unknown): boolean {
  if (!isDustError(error)) return false;
  const { kind, status } = error;
  return KINDS.has(kind) || (kind === 'http' && status !== undefined && status >= SERVER_ERROR);
}

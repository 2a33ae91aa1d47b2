import type { Delivery } from '../options.js';
import type { PendingWrite } from './pending-write.js';

/**
 * Whether a write may be sent again whose reply was lost and whose event has not been seen, once the session of its
 * connection has ended and the mirror holds everything from before that. If not, nobody knows its outcome (PROTOCOL
 * §5.5, §7).
 */
export function mayBeSentAgain(write: PendingWrite, delivery: Delivery): boolean {
  const { isRepeatable, isConditional, op } = write.submission;
  if (isRepeatable) return true;
  // Fenced and not seen: it was not committed, and never will be.
  if (write.token !== undefined && !write.mayBeSkipped) return true;
  // A condition, and a lease, could be refused for what they did themselves.
  return delivery === 'at-least-once' && !isConditional && op !== 'lease';
}

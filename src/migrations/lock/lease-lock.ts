import { isDustError } from '../../errors.js';
import { acquireLease, isUnavailable, LeaseRenewal } from '../../repository/index.js';
import type { HeldLock, LockRequest } from './held-lock.js';
import { LOCK } from './held-lock.js';

/** Takes the lock as a lease; undefined while another process has it. */
export async function takeLease({
  transport,
  clock,
  ttl,
  holder,
}: LockRequest): Promise<HeldLock | undefined> {
  try {
    const lease = await acquireLease(transport, LOCK, { ttl, holder });
    // While the store cannot be reached nobody else takes the lease either; what the fence finds then decides.
    const renewal = new LeaseRenewal(lease, clock, ttl, { isPassing: isUnavailable });
    return {
      fence: lease.fence,
      lost: renewal.ended,
      release: async () => {
        renewal.stop();
        await lease.release().catch(() => undefined);
      },
    };
  } catch (error) {
    if (isDustError(error, 'held') || isDustError(error, 'occupied')) return undefined;
    throw error;
  }
}

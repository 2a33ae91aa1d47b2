import { assertNotAborted, untilAborted } from '../../abort-listener.js';
import { monotonicOf } from '../../clock.js';
import { isDustError } from '../../errors.js';
import type { Leaf } from '../../protocol/values/value.js';
import { isObject } from '../../protocol/values/value.js';
import { elapsed } from '../../repository/index.js';
import type { Transport } from '../../transport/transport.js';
import { recordOccupied, runAborted } from '../errors.js';
import type { HeldLock, LockRequest } from './held-lock.js';
import { LOCK } from './held-lock.js';
import { takeLease } from './lease-lock.js';
import { lockIn, takeBySwap } from './swapped-lock.js';

/** How {@link acquireLock} waits. */
export interface Waiting {
  readonly signal: AbortSignal;
  /** Hears, once, that another process has it, and for how many milliseconds at least if that gives no sign of life. */
  readonly onWait: ((holder: string | null, timeLeft: number) => void) | undefined;
}

/** Milliseconds between two looks at most. */
const LONGEST_WAIT = 1000;

/** How much longer than its time a holder must be silent where nobody but its silence tells: clocks run at different speeds. */
const PATIENCE = 1.5;

/** Milliseconds that a lease may last of which only the leaf is to be seen. */
const LEASE_TTL = 30_000;

/**
 * Waits for the right to run migrations: a lease where the transport has leases, else a leaf that is written by compare-and-swap. Both lie at
 * one path, so that each respects the other.
 *
 * @throws DustError `aborted`; `occupied` when something else lies there; what every read and write may meet
 */
export async function acquireLock(request: LockRequest, { signal, onWait }: Waiting): Promise<HeldLock> {
  const { transport, clock, ttl } = request;
  const watcher = new SilenceWatcher(request);
  for (let looks = 0; ; looks += 1) {
    assertNotAborted(signal);
    const lock = await take(request, signal);
    if (lock !== undefined) return lock;
    const leaf = await leafOf(transport);
    if (looks === 0) onWait?.(holderIn(leaf), timeLeft(leaf, clock.now()));
    const taken = await watcher.takeOver(leaf);
    if (taken !== undefined) return taken;
    await elapsed(Math.min(LONGEST_WAIT, ttl / 10), clock, signal);
  }
}

/** Whether somebody holds the lock now, as far as its leaf tells. @throws DustError what every read may meet */
export async function isLockHeld(transport: Transport, now: number): Promise<boolean> {
  const leaf = await leafOf(transport);
  const expiresAt = leaf && leaseEnd(leaf);
  return leaf !== undefined && (expiresAt === undefined || expiresAt > now);
}

async function take(request: LockRequest, signal: AbortSignal): Promise<HeldLock | undefined> {
  const taking = request.transport.capabilities.leases ? takeLease(request) : takeBySwap(request);
  return untilAborted(taking, signal, () => {
    taking.then((late) => late?.release()).catch(() => undefined);
    return runAborted(signal.reason);
  });
}

/** Takes the place of a holder who gave no sign of life for longer than its time, where no lease runs out by itself. */
class SilenceWatcher {
  readonly #request: LockRequest;
  #seen: { readonly revision: number; readonly since: number } | undefined;

  constructor(request: LockRequest) {
    this.#request = request;
  }

  async takeOver(leaf: Leaf | undefined): Promise<HeldLock | undefined> {
    const { transport, clock } = this.#request;
    const now = monotonicOf(clock);
    if (leaf?.revision !== this.#seen?.revision) this.#seen = leaf && { revision: leaf.revision, since: now };
    if (leaf === undefined || this.#seen === undefined) return undefined;
    const own = lockIn(leaf.value)?.ttl;
    if (own === undefined && leaseEnd(leaf) === undefined) throw recordOccupied(LOCK);
    if (now - this.#seen.since < PATIENCE * (own ?? LEASE_TTL)) return undefined;
    if (!transport.capabilities.leases) return takeBySwap(this.#request, leaf.revision);
    // A lease runs out by itself; what another client wrote without leases stays.
    if (own !== undefined) {
      await transport.delete(LOCK, { ifMatch: leaf.revision }).catch((error: unknown) => {
        if (!isDustError(error, 'conflict')) throw error;
      });
    }
    return undefined;
  }
}

async function leafOf(transport: Transport): Promise<Leaf | undefined> {
  return (await transport.getMany([LOCK], { forWrite: true })).get(LOCK);
}

function holderIn(leaf: Leaf | undefined): string | null {
  const holder = isObject(leaf?.value) ? leaf.value.holder : lockIn(leaf?.value)?.holder;
  return typeof holder === 'string' ? holder : null;
}

/** How long a holder without a sign of life is waited for. */
function timeLeft(leaf: Leaf | undefined, now: number): number {
  if (leaf === undefined) return 0;
  const end = leaseEnd(leaf);
  return end === undefined ? PATIENCE * (lockIn(leaf.value)?.ttl ?? LEASE_TTL) : Math.max(0, end - now);
}

function leaseEnd({ value }: Leaf): number | undefined {
  const end = isObject(value) && value._type === 'lease' ? value.expires_at : undefined;
  return typeof end === 'number' ? end : undefined;
}

import { onAbort } from '../../abort-listener.js';
import type { Clock } from '../../clock.js';
import type { Lease } from './lease.js';

/** What {@link LeaseRenewal} goes by. */
export interface RenewalOptions {
  readonly signal?: AbortSignal | undefined;
  /** Whether a renewal that failed is no reason to end the work: the next one is tried. Default: it always is. */
  readonly isPassing?: ((error: unknown) => boolean) | undefined;
}

/**
 * Keeps a lease alive while its holder works, by renewing it at every third of its ttl (PROTOCOL §6). `ended` aborts
 * when a renewal fails, as the lease may then be somebody else's, and when the caller gives up. The caller's signal may
 * outlive thousands of leases: nothing of them stays with it, as it would with `AbortSignal.any`.
 */
export class LeaseRenewal {
  readonly #lease: Lease;
  readonly #clock: Clock;
  readonly #interval: number;
  readonly #isPassing: (error: unknown) => boolean;
  readonly #ended = new AbortController();
  readonly #stopListening: () => void;
  #cancel: (() => void) | undefined;
  #stopped = false;

  constructor(lease: Lease, clock: Clock, ttl: number, { signal, isPassing = () => false }: RenewalOptions) {
    this.#lease = lease;
    this.#isPassing = isPassing;
    this.#clock = clock;
    this.#interval = ttl / 3;
    const giveUp = (): void => {
      this.#ended.abort(signal?.reason);
    };
    if (signal?.aborted === true) giveUp();
    this.#stopListening = onAbort(signal, giveUp);
    this.#schedule();
  }

  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
    this.#stopListening();
  }

  #schedule(): void {
    this.#cancel = this.#clock.schedule(() => void this.#renew(), this.#interval);
  }

  async #renew(): Promise<void> {
    try {
      await this.#lease.renew();
      if (!this.#stopped) this.#schedule();
    } catch (error) {
      if (this.#stopped) return;
      if (this.#isPassing(error)) this.#schedule();
      else this.#ended.abort(error);
    }
  }
}

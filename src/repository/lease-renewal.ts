import type { Clock } from '../clock.js';
import type { Lease } from './lease.js';

/**
 * Keeps a lease alive while its holder works, by renewing it at every third of its ttl (PROTOCOL §6). `lost` aborts
 * when a renewal fails; the lease may then be somebody else's.
 */
export class LeaseRenewal {
  readonly #lease: Lease;
  readonly #clock: Clock;
  readonly #interval: number;
  readonly #lost = new AbortController();
  #cancel: (() => void) | undefined;
  #stopped = false;

  constructor(lease: Lease, clock: Clock, ttl: number) {
    this.#lease = lease;
    this.#clock = clock;
    this.#interval = ttl / 3;
    this.#schedule();
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
  }

  #schedule(): void {
    this.#cancel = this.#clock.schedule(() => void this.#renew(), this.#interval);
  }

  async #renew(): Promise<void> {
    try {
      await this.#lease.renew();
      if (!this.#stopped) this.#schedule();
    } catch (error) {
      if (!this.#stopped) this.#lost.abort(error);
    }
  }
}

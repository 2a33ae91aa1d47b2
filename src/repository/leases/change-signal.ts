import type { Subscription } from 'rxjs';
import { filter, merge } from 'rxjs';
import { onAbort } from '../../abort-listener.js';
import type { Clock } from '../../clock.js';
import type { Path } from '../../protocol/paths/path.js';
import { literalPattern } from '../../protocol/paths/pattern.js';
import type { Transport } from '../../transport/transport.js';

/** What {@link ChangeSignal} listens to. */
export interface ChangeSignalOptions {
  readonly paths: readonly Path[];
  /** Milliseconds after which to look again although nothing was heard. */
  readonly patience: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * Tells a waiting single flight when to look again: at a change of one of the paths where the transport has
 * realtime, and in any case after `patience`, because a holder that crashed releases nothing.
 */
export class ChangeSignal {
  readonly #clock: Clock;
  readonly #patience: number;
  readonly #signal: AbortSignal | undefined;
  readonly #subscription: Subscription | undefined;
  #wake: (() => void) | undefined;

  constructor(transport: Transport, clock: Clock, options: ChangeSignalOptions) {
    this.#clock = clock;
    this.#patience = options.patience;
    this.#signal = options.signal;
    if (!transport.capabilities.realtime) return;
    const changes = merge(...options.paths.map((path) => transport.watch(literalPattern(path))));
    const wake = (): void => this.#wake?.();
    this.#subscription = changes
      .pipe(filter(({ operations }) => operations.some(({ op }) => op !== 'lease' && op !== 'renew')))
      .subscribe({ next: wake, error: wake, complete: wake });
  }

  /** Resolves at the next change from this call on, after the patience, or when the wait is called off. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        cancel();
        stopListening();
        resolve();
      };
      const cancel = this.#clock.schedule(wake, this.#patience);
      const stopListening = onAbort(this.#signal, wake);
      this.#wake = wake;
    });
  }

  close(): void {
    this.#subscription?.unsubscribe();
    this.#wake?.();
  }
}

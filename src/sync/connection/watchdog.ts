import type { Clock } from '../../clock.js';
import { monotonicOf } from '../../clock.js';
import type { Calls } from './calls.js';
import type { Connection } from './connection.js';

/** What a {@link Watchdog} is made of. */
export interface WatchdogOptions {
  readonly clock: Clock;
  /** Milliseconds a connection may be silent before the server is asked. */
  readonly idleTimeout: number;
  /** The seq the mirror stands at. */
  readonly storeSeq: () => number;
  /** The server has operations up to `current`; the mirror stood at `asked` when the question was put. */
  readonly onAnswer: (current: number, asked: number) => void;
}

/** Asks a silent server where the store stands: on a quiet store nothing else shows a hole (PROTOCOL §5.4). */
export class Watchdog {
  readonly #options: WatchdogOptions;
  #cancel: (() => void) | undefined;
  #isAsking = false;

  constructor(options: WatchdogOptions) {
    this.#options = options;
  }

  /** Watches this connection from now on. */
  start(connection: Connection, calls: Calls): void {
    this.stop();
    this.#arm(connection, calls, this.#options.idleTimeout);
  }

  stop(): void {
    this.#cancel?.();
    this.#isAsking = false;
  }

  /** Asks now. */
  async ask(calls: Calls): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    const asked = this.#options.storeSeq();
    const current = await calls.currentSeq();
    this.#isAsking = false;
    if (current !== undefined) this.#options.onAnswer(current, asked);
  }

  #arm(connection: Connection, calls: Calls, ms: number): void {
    const { clock, idleTimeout } = this.#options;
    this.#cancel = clock.schedule(() => {
      const left = connection.lastTraffic + idleTimeout - monotonicOf(clock);
      if (left <= 0) void this.ask(calls);
      this.#arm(connection, calls, left > 0 ? left : idleTimeout);
    }, ms);
  }
}

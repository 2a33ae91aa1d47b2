import type { Observable, Subscription } from 'rxjs';
import {
  BehaviorSubject,
  Subject,
  combineLatest,
  distinctUntilChanged,
  filter,
  firstValueFrom,
  map,
  takeWhile,
} from 'rxjs';
import type { Clock } from '../../clock.js';
import { monotonicOf } from '../../clock.js';
import type { Feature } from '../../protocol/wire/features.js';
import { notConnected, transportClosed } from '../errors.js';
import type { Transport, TransportStatus } from '../transport.js';
import { Coverage } from './coverage.js';
import type { ChannelEngine, EngineLease } from './engine.js';
import type { ChannelOptions } from './options.js';
import type { ReadChoice } from './read-choice.js';

const CATCH_UP_TIMEOUT = 10_000;
const CLOSE_TIMEOUT = 5000;

type Phase = 'connecting' | 'open' | 'closed';

/** What a connection is made of. */
export interface ChannelConnectionOptions {
  /** The way beside the channel. The connection opens and closes it. */
  readonly http: Transport;
  readonly acquire: () => Promise<EngineLease>;
  readonly choice: ReadChoice;
  readonly clock: Clock;
  readonly limits?: Pick<ChannelOptions, 'catchUpTimeout' | 'closeTimeout'> | undefined;
  /** When the connection closes and no write is under way any more, or none is waited for. */
  readonly onDrained: () => void;
}

/** The way from not connected to usable to closed, once; and how it stands meanwhile. */
export class ChannelConnection {
  readonly #options: ChannelConnectionOptions;
  readonly #phases = new BehaviorSubject<Phase>('connecting');
  readonly #storeSeqs = new BehaviorSubject(0);
  #writes = 0;
  #onLastWrite: (() => void) | undefined;
  #lease: EngineLease | undefined;
  #features: ReadonlySet<Feature> | undefined;
  #coverage = new Coverage([]);
  #following: Subscription | undefined;
  #opening: Promise<void> | undefined;
  #closing: Promise<void> | undefined;
  readonly #stops = new Subject<undefined>();

  constructor(options: ChannelConnectionOptions) {
    this.#options = options;
  }

  /** @throws DustError `not_initialized` or `closed` */
  get lease(): EngineLease {
    if (this.#closing !== undefined) throw transportClosed('channel');
    if (this.#lease === undefined || this.#phases.value !== 'open') throw notConnected('channel');
    return this.#lease;
  }

  /** Who the engine writes as; undefined before there is one. */
  get deviceId(): string | undefined {
    return this.#lease?.deviceId;
  }

  /** What the server can do beyond version 0.1; undefined before it was joined. */
  get features(): ReadonlySet<Feature> | undefined {
    return this.#features;
  }

  /** What the engine's mirror keeps. */
  get coverage(): Coverage {
    return this.#coverage;
  }

  /** Emits once when the connection is closed. */
  get closed$(): Observable<unknown> {
    return this.#phases.pipe(filter((phase) => phase === 'closed'));
  }

  /** The status just now, then each change of it; completes with `closed`. */
  get status$(): Observable<TransportStatus> {
    return combineLatest([this.#phases, this.#options.choice.states$, this.#storeSeqs]).pipe(
      map(([phase, { isLive, readsFrom }, storeSeq]): TransportStatus => {
        const state = phase === 'open' ? (isLive ? 'live' : 'degraded') : phase;
        return { state, readsFrom, storeSeq };
      }),
      distinctUntilChanged(
        (a, b) => a.state === b.state && a.readsFrom === b.readsFrom && a.storeSeq === b.storeSeq,
      ),
      takeWhile(({ state }) => state !== 'closed', true),
    );
  }

  /** Calls share the outcome, unless it was a failure: that can be retried. */
  connect(): Promise<void> {
    if (this.#closing !== undefined) return Promise.reject(transportClosed('channel'));
    this.#opening ??= this.#open().catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  /** Lets `work` end before the connection closes, for a while. */
  async asWrite<T>(work: Promise<T>): Promise<T> {
    this.#writes++;
    try {
      return await work;
    } finally {
      this.#writes--;
      if (this.#writes === 0) this.#onLastWrite?.();
    }
  }

  /**
   * Waits for the writes under way where there are any, and for the connection to come back that they need: for
   * `closeTimeout` at the most. What is not settled by then rejects, with `closed` or `indeterminate`.
   */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #open(): Promise<void> {
    const { http, acquire } = this.#options;
    await http.connect();
    const lease = this.#follow(await acquire());
    this.#lease = lease;
    try {
      if (this.#closing === undefined) await this.#caughtUp(lease.engine);
    } catch (error) {
      // An engine that was refused is of no use to the next attempt.
      this.#following?.unsubscribe();
      this.#lease = undefined;
      await lease.release();
      throw error;
    }
    if (this.#closing !== undefined) throw transportClosed('channel');
    this.#phases.next('open');
  }

  #follow(lease: EngineLease): EngineLease {
    const { choice } = this.#options;
    this.#coverage = new Coverage(lease.prefixes);
    this.#following = lease.engine.status$.subscribe((status) => {
      this.#features = status.features;
      choice.follow(status);
      this.#storeSeqs.next(status.storeSeq);
    });
    return lease;
  }

  /** @throws what the server refuses the engine with */
  async #caughtUp(engine: ChannelEngine): Promise<void> {
    let giveUp: (() => void) | undefined;
    const patience = new Promise<void>((resolve) => {
      const { clock, limits } = this.#options;
      giveUp = clock.schedule(resolve, limits?.catchUpTimeout ?? CATCH_UP_TIMEOUT, { keepAlive: true });
    });
    try {
      await Promise.race([
        engine.start(),
        patience,
        firstValueFrom(this.#stops, { defaultValue: undefined }),
      ]);
    } finally {
      giveUp?.();
    }
  }

  /** Resolves when no write is under way. */
  #lastWrite(): Promise<void> {
    return new Promise((resolve) => {
      this.#onLastWrite = resolve;
      if (this.#writes === 0) resolve();
    });
  }

  async #close(): Promise<void> {
    const { http, choice, clock, limits, onDrained } = this.#options;
    const patience = limits?.closeTimeout ?? CLOSE_TIMEOUT;
    if (this.#phases.value === 'connecting') {
      this.#stops.next(undefined);
      await http.close();
      await this.#opening?.catch(() => undefined);
    }
    const end = monotonicOf(clock) + patience;
    let giveUp: (() => void) | undefined;
    const grace = new Promise<void>((resolve) => {
      giveUp = clock.schedule(resolve, patience, { keepAlive: true });
    });
    await Promise.race([this.#lastWrite(), grace]);
    giveUp?.();
    onDrained();
    // How the engine ends is no news of this transport's.
    this.#following?.unsubscribe();
    try {
      await Promise.all([this.#lease?.release(Math.max(0, end - monotonicOf(clock))), http.close()]);
    } finally {
      this.#phases.next('closed');
      choice.close();
    }
  }
}

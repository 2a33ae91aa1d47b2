import type { OptionNames } from '../options/index.js';
import type { Clock } from '../clock.js';
import { DustError, isDustError } from '../errors.js';
import type { Path } from '../protocol/path.js';
import type { JsonValue } from '../protocol/value.js';
import type { Transport } from '../transport/transport.js';
import { ChangeSignal } from './change-signal.js';
import { acquireLease, checkDuration, checkHolder } from './lease.js';
import type { Lease } from './lease.js';
import { LeaseRenewal } from './lease-renewal.js';
import { checkNames } from './write-options.js';
import { jsonResult, publishSharedResult, readSharedResult } from './shared-result.js';

const OPTIONS: OptionNames<SingleFlightOptions> = { ttl: true, staleAfter: true, holder: true, signal: true };

const DEFAULT_TTL = 30_000;

/** How a computation is shared. */
export interface SingleFlightOptions {
  /**
   * Milliseconds the right to compute lasts without a sign of life. It is renewed every third of it, so a
   * computation may take longer; when its process dies, another takes over after this time. Default 30,000.
   */
  readonly ttl?: number;
  /** Milliseconds after which a published result is computed anew. Default: never. */
  readonly staleAfter?: number;
  /** Who computes, for operators to read in the lease. */
  readonly holder?: string;
  /** Stops waiting: the call rejects with `aborted`. A computation of one's own hears of it through its signal. */
  readonly signal?: AbortSignal;
}

/** @throws DustError `invalid_options` */
export function checkSingleFlightOptions(options: SingleFlightOptions): void {
  checkNames('singleFlight', options, OPTIONS);
  checkDuration('singleFlight', 'ttl', options.ttl);
  checkDuration('singleFlight', 'staleAfter', options.staleAfter);
  checkHolder('singleFlight', options.holder);
}

/** Computes the result to be shared. `signal` aborts when the right to compute was lost or the caller gave up. */
export type Computation<T> = (signal: AbortSignal) => T | Promise<T>;

type Outcome = { readonly value: JsonValue } | undefined;

/** One call of `singleFlight` (PROTOCOL §6 "Single flight"): computes at least once, shares what was computed. */
export class SingleFlight {
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #key: Path;
  readonly #lockKey: Path;
  readonly #options: SingleFlightOptions;
  readonly #ttl: number;
  readonly #compute: Computation<unknown>;

  constructor(
    transport: Transport,
    clock: Clock,
    key: Path,
    compute: Computation<unknown>,
    options: SingleFlightOptions,
  ) {
    this.#transport = transport;
    this.#clock = clock;
    this.#key = key;
    this.#lockKey = `_dust:sf/${key}`;
    this.#compute = compute;
    this.#options = options;
    this.#ttl = options.ttl ?? DEFAULT_TTL;
  }

  async run(): Promise<JsonValue> {
    const outcome = (await this.#fresh()) ?? (await this.#lead()) ?? (await this.#wait());
    return outcome.value;
  }

  async #wait(): Promise<{ readonly value: JsonValue }> {
    const changes = new ChangeSignal(this.#transport, this.#clock, {
      paths: [this.#key, this.#lockKey],
      patience: this.#transport.capabilities.realtime ? this.#ttl : this.#ttl / 3,
      signal: this.#options.signal,
    });
    try {
      for (;;) {
        this.#throwIfAborted();
        const changed = changes.next();
        const outcome = (await this.#fresh()) ?? (await this.#lead());
        if (outcome !== undefined) return outcome;
        await changed;
      }
    } finally {
      changes.close();
    }
  }

  async #fresh(): Promise<Outcome> {
    this.#throwIfAborted();
    const result = await readSharedResult(this.#transport, this.#key);
    const { staleAfter } = this.#options;
    if (result === null) return undefined;
    return staleAfter === undefined || this.#clock.now() - result.at < staleAfter ? result : undefined;
  }

  /** Computes if the right to do so is free; `undefined` when somebody else has it. */
  async #lead(): Promise<Outcome> {
    const lease = await this.#acquire();
    if (lease === undefined) return undefined;
    const renewal = new LeaseRenewal(lease, this.#clock, this.#ttl, this.#options.signal);
    try {
      return (await this.#fresh()) ?? (await this.#computeUnder(lease, renewal));
    } finally {
      renewal.stop();
      // A lease that cannot be given back runs out by itself; what was computed matters more.
      await lease.release().catch(() => false);
    }
  }

  async #acquire(): Promise<Lease | undefined> {
    const { holder } = this.#options;
    try {
      return await acquireLease(this.#transport, this.#lockKey, {
        ttl: this.#ttl,
        ...(holder === undefined ? {} : { holder }),
      });
    } catch (error) {
      if (isDustError(error, 'held')) return undefined;
      throw error;
    }
  }

  async #computeUnder(lease: Lease, renewal: LeaseRenewal): Promise<Outcome> {
    const value = jsonResult(this.#key, await this.#compute(renewal.ended));
    try {
      await publishSharedResult(this.#transport, this.#key, { value, at: this.#clock.now() }, lease.fence);
      return { value };
    } catch (error) {
      // Whoever took the lease over may have published meanwhile; callers then agree on that result.
      if (isDustError(error, 'fenced')) return (await this.#fresh()) ?? { value };
      throw error;
    }
  }

  #throwIfAborted(): void {
    const { signal } = this.#options;
    if (signal?.aborted === true) {
      throw new DustError(
        'aborted',
        `Waiting for the single-flight key ${JSON.stringify(this.#key)} was called off.`,
        {
          path: this.#key,
          cause: signal.reason,
        },
      );
    }
  }
}

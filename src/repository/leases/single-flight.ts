import { untilAborted } from '../../abort-listener.js';
import type { Clock } from '../../clock.js';
import type { DustError } from '../../errors.js';
import { isDustError } from '../../errors.js';
import type { Path } from '../../protocol/paths/path.js';
import type { JsonValue } from '../../protocol/values/value.js';
import type { Transport } from '../../transport/transport.js';
import { ChangeSignal } from './change-signal.js';
import { flightCalledOff } from './key-errors.js';
import type { Lease } from './lease.js';
import { acquireLease } from './lease.js';
import { LeaseRenewal } from './lease-renewal.js';
import { jsonResult, publishSharedResult, readSharedResult } from './shared-result.js';
import type { SingleFlightOptions } from './single-flight-options.js';
import { isUnavailable } from './unavailable.js';

const DEFAULT_TTL = 30_000;

/** Computes the result to be shared. `signal` aborts when the right to compute was lost or the caller gave up. */
export type Computation<T> = (signal: AbortSignal) => T | Promise<T>;

interface Outcome {
  readonly value: JsonValue;
}

/** One call of `singleFlight` (PROTOCOL §6 "Single flight"): computes at least once, shares what was computed. */
export class SingleFlight {
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #key: Path;
  readonly #lockKey: Path;
  readonly #options: SingleFlightOptions;
  readonly #signal: AbortSignal | undefined;
  readonly #ttl: number;
  readonly #runsAlone: boolean;
  readonly #compute: Computation<unknown>;
  /** What this call computed itself. */
  #computed: Outcome | undefined;
  /** What a function of the caller's threw last. */
  #failure: { readonly error: unknown } | undefined;

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
    this.#signal = options.signal ?? options.abort;
    const { ttl = DEFAULT_TTL, onUnavailable } = options;
    this.#ttl = ttl;
    this.#runsAlone = onUnavailable === 'run';
  }

  async run(): Promise<JsonValue> {
    try {
      const outcome = (await this.#fresh()) ?? (await this.#lead()) ?? (await this.#wait());
      return outcome.value;
    } catch (error) {
      if (!this.#goesAlone(error)) throw error;
      return this.#alone();
    }
  }

  async #wait(): Promise<Outcome> {
    const changes = new ChangeSignal(this.#transport, this.#clock, {
      paths: [this.#key, this.#lockKey],
      patience: this.#transport.capabilities.realtime ? this.#ttl : this.#ttl / 3,
      signal: this.#signal,
    });
    try {
      for (;;) {
        const changed = changes.next();
        const outcome = (await this.#fresh()) ?? (await this.#lead());
        if (outcome !== undefined) return outcome;
        await changed;
      }
    } finally {
      changes.close();
    }
  }

  async #fresh(): Promise<Outcome | undefined> {
    this.#throwIfAborted();
    const { staleAfter } = this.#options;
    // Who does without the store is to learn at once that it is away.
    const request = { signal: this.#signal, forWrite: !this.#runsAlone };
    const withTime = staleAfter !== undefined;
    const result = await readSharedResult(this.#transport, this.#key, { withTime, ...request });
    if (result === null) return undefined;
    const { value, at = -Infinity } = result;
    if (staleAfter !== undefined && this.#clock.now() - at >= staleAfter) return undefined;
    return (await this.#ask(() => this.#options.fresh?.(value) ?? true)) ? { value } : undefined;
  }

  /** Computes if the right to do so is free; `undefined` when somebody else has it. */
  async #lead(): Promise<Outcome | undefined> {
    const lease = await this.#acquire();
    if (lease === undefined) return undefined;
    const isPassing = (error: unknown): boolean => this.#runsAlone && isUnavailable(error);
    const renewal = new LeaseRenewal(lease, this.#clock, this.#ttl, { signal: this.#signal, isPassing });
    let isReachable = true;
    try {
      return (await this.#fresh()) ?? (await this.#computeUnder(lease, renewal));
    } catch (error) {
      isReachable = !this.#goesAlone(error);
      throw error;
    } finally {
      renewal.stop();
      // A lease that cannot be given back runs out by itself; what was computed matters more.
      const released = lease.release().catch(() => undefined);
      if (isReachable) await released;
    }
  }

  async #acquire(): Promise<Lease | undefined> {
    const acquiring = acquireLease(this.#transport, this.#lockKey, {
      ttl: this.#ttl,
      holder: this.#options.holder,
    });
    const giveUp = (): Error => {
      acquiring.then((late) => late.release()).catch(() => undefined);
      return this.#calledOff();
    };
    try {
      return await untilAborted(acquiring, this.#signal, giveUp);
    } catch (error) {
      if (isDustError(error, 'held')) return undefined;
      throw error;
    }
  }

  async #computeUnder(lease: Lease, renewal: LeaseRenewal): Promise<Outcome> {
    const value = jsonResult(this.#key, await this.#ask(() => this.#compute(renewal.ended)));
    this.#computed = { value };
    const result = { value, at: this.#clock.now(), withTime: this.#options.staleAfter !== undefined };
    try {
      await publishSharedResult(this.#transport, this.#key, result, lease.fence);
      return { value };
    } catch (error) {
      // Whoever took the lease over may have published meanwhile; callers then agree on that result.
      if (isDustError(error, 'fenced')) return (await this.#fresh()) ?? { value };
      throw error;
    }
  }

  /** Calls a function of the caller's, whose errors are the caller's, whatever they look like. */
  async #ask<T>(call: () => T | Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      this.#failure = { error };
      throw error;
    }
  }

  #goesAlone(error: unknown): boolean {
    return this.#runsAlone && isUnavailable(error) && this.#failure?.error !== error;
  }

  async #alone(): Promise<JsonValue> {
    this.#throwIfAborted();
    if (this.#computed !== undefined) return this.#computed.value;
    return jsonResult(this.#key, await this.#compute(this.#signal ?? new AbortController().signal));
  }

  #throwIfAborted(): void {
    if (this.#signal?.aborted === true) throw this.#calledOff();
  }

  #calledOff(): DustError {
    return flightCalledOff(this.#key, this.#signal?.reason);
  }
}

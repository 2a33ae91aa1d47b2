import type { OptionNames } from '../../options/index.js';
import type { Path } from '../../protocol/paths/path.js';
import { invalidOption } from '../requests/option-errors.js';
import { checkNames } from '../requests/write-options.js';
import type { Fence, LeaseOptions, LeaseReceipt, Transport } from '../../transport/transport.js';

const OPTIONS: OptionNames<LeaseRequest> = { ttl: true, holder: true, signal: true };

/** How a lease is taken. */
export interface LeaseRequest {
  /** Milliseconds until the lease runs out unless it is renewed. Default 30,000 (PROTOCOL §6), at most 86,400,000. */
  readonly ttl?: number;
  /** Who holds it, for operators to read. Default: nobody in particular. */
  readonly holder?: string;
  /** Calls the request off. */
  readonly signal?: AbortSignal;
}

/**
 * A lease that was granted: an exclusive right to `key` until `expiresAt`. Put its `fence` on writes that only
 * the holder may make; `await using` releases it at the end of the block.
 */
export class Lease {
  /** What is leased. */
  readonly key: Path;
  /** Identifies this grant of the lease; stays the same when it is renewed. */
  readonly token: number;
  /** Who holds it, as they put it; null when nobody said. */
  readonly holder: string | null;
  readonly #transport: Transport;
  readonly #ttl: number | undefined;
  #expiresAt: number;

  /** @internal */
  constructor(transport: Transport, key: Path, receipt: LeaseReceipt, ttl: number | undefined) {
    this.key = key;
    this.token = receipt.token;
    this.holder = receipt.holder;
    this.#transport = transport;
    this.#ttl = ttl;
    this.#expiresAt = receipt.expiresAt;
  }

  /** When the lease runs out, in milliseconds since the Unix epoch. */
  get expiresAt(): number {
    return this.#expiresAt;
  }

  /** The precondition that makes a write apply only while this lease is live (PROTOCOL §2). */
  get fence(): Fence {
    return { key: this.key, token: this.token };
  }

  /**
   * Extends the lease by `ttl` milliseconds from now; the ttl it was taken with when left out.
   *
   * @throws DustError `not_held` when it ran out or was taken over; what every request may meet ({@link Transport})
   */
  async renew(ttl: number | undefined = this.#ttl): Promise<void> {
    const { expiresAt } = await this.#transport.renew(this.key, this.token, { ttl });
    this.#expiresAt = expiresAt;
  }

  /**
   * Gives the lease back. Resolves to whether it was still held; releasing again does no harm.
   *
   * @throws DustError what every request may meet ({@link Transport}); the lease then runs out at `expiresAt`
   */
  release(): Promise<boolean> {
    return this.#transport.release(this.key, this.token);
  }

  /** The same as {@link Lease.release}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.release();
  }
}

/** @throws DustError `invalid_options` */
export function checkLeaseRequest(request: LeaseRequest): void {
  checkNames('lease', request, OPTIONS);
  checkDuration('lease', 'ttl', request.ttl);
  checkHolder('lease', request.holder);
}

/** @throws DustError `invalid_options` unless `holder` is left out or a string */
export function checkHolder(method: string, holder: unknown): void {
  if (holder !== undefined && typeof holder !== 'string') {
    throw invalidOption(method, 'holder', 'a string', holder);
  }
}

/** @throws DustError `invalid_options` unless `value` is left out or a positive number of milliseconds */
export function checkDuration(method: string, option: string, value: unknown): void {
  if (value === undefined || (typeof value === 'number' && Number.isFinite(value) && value > 0)) return;
  throw invalidOption(method, option, 'a positive number of milliseconds', value);
}

/**
 * Takes a lease.
 *
 * @throws DustError `held` while someone else's lease is live, `occupied` when the key holds something else
 */
export async function acquireLease(transport: Transport, key: Path, request: LeaseOptions): Promise<Lease> {
  const receipt = await transport.lease(key, request);
  return new Lease(transport, key, receipt, request.ttl);
}

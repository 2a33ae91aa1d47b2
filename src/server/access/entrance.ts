import { isIPv6 } from 'node:net';
import type { Clock } from '../../clock.js';
import { monotonicOf } from '../../clock.js';
import { tooManyWrongTokens, unauthorized } from '../errors.js';
import type { Limits } from './limits.js';
import { WINDOW } from './limits.js';
import { isOpen } from './rate-limiter.js';
import type { Access, Tokens } from './tokens.js';

/** Addresses that are kept in mind: whoever has more of them pushes the oldest out, and no memory beyond. */
const MAX_ADDRESSES = 10_000;

/** What is known of an address. */
interface Caller {
  /** When its count starts again, as durations are measured. */
  endsAt: number;
  /** Wrong tokens since it last did. */
  wrong: number;
  /** Whose tokens it has had right. */
  readonly known: Set<Access>;
}

/**
 * Lets in whoever has a token. An address that tried too many wrong ones is let in only by those that it has had right
 * before, until its minute is over: guessing gets slow, and nobody who shares the address is thrown out.
 */
export class Entrance {
  readonly #tokens: Tokens;
  readonly #limits: Limits;
  readonly #clock: Clock;
  /** How many were refused so far because of wrong tokens. */
  refusals = 0;
  /** Those whose minute began first come first. */
  readonly #callers = new Map<string, Caller>();

  constructor(tokens: Tokens, limits: Limits, clock: Clock) {
    this.#tokens = tokens;
    this.#limits = limits;
    this.#clock = clock;
  }

  /**
   * Whom a secret belongs to that came from an address.
   *
   * @throws DustError `unauthorized` without one and for one that nobody has; `rate_limited` when the address has to wait
   */
  admit(secret: string | undefined, address: string | undefined): Access {
    if (secret === undefined) throw unauthorized();
    const access = this.#tokens.find(secret);
    const limit = this.#limits.of('wrongTokens');
    if (limit !== undefined) this.#count(access, limit, networkOf(address ?? ''));
    if (access === undefined) throw unauthorized();
    return access;
  }

  #count(access: Access | undefined, limit: number, network: string): void {
    const moment = monotonicOf(this.#clock);
    const caller = this.#callerOf(network, moment);
    if (access !== undefined && caller.known.has(access)) return;
    if (caller.wrong >= limit) {
      this.refusals += 1;
      throw tooManyWrongTokens(Math.ceil((caller.endsAt - moment) / 1000));
    }
    if (access === undefined) caller.wrong += 1;
    else caller.known.add(access);
  }

  #callerOf(network: string, moment: number): Caller {
    const caller = this.#callers.get(network) ?? { endsAt: 0, wrong: 0, known: new Set<Access>() };
    if (isOpen(caller.endsAt, moment)) return caller;
    caller.endsAt = moment + WINDOW;
    caller.wrong = 0;
    this.#callers.delete(network);
    this.#callers.set(network, caller);
    const [oldest] = this.#callers.keys();
    if (this.#callers.size > MAX_ADDRESSES && oldest !== undefined) this.#callers.delete(oldest);
    return caller;
  }
}

/** Whom an address stands for: of IPv6 the first half, of which a single host has all of the second. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:([\d.]+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('::');
  const [left, right] = [groupsOf(head), groupsOf(tail ?? '')];
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  return [...left, ...Array.from({ length: zeros }, () => '0'), ...right].slice(0, 4).join(':');
}

function groupsOf(text: string): string[] {
  return text === '' ? [] : text.split(':');
}

import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.js';
import { monotonicOf } from '../../clock.js';
import { isDustError } from '../../errors.js';
import type { JsonValue } from '../../protocol/values/value.js';
import { isOutcomeUnknown } from '../../protocol/requests/unknown-outcome.js';
import { isUnavailable } from '../../repository/index.js';
import type { Transport } from '../../transport/transport.js';
import type { HeldLock, LockRequest } from './held-lock.js';
import { LOCK } from './held-lock.js';

/** What the lock's leaf says where it is no lease. */
interface LockText {
  readonly holder: string;
  readonly ttl: number;
  /** Tells one holder from every other. */
  readonly run: string;
  /** Grows with each sign of life. */
  readonly beat: number;
}

/** What a leaf at the lock's path says; undefined for anything else. */
export function lockIn(value: JsonValue | undefined): LockText | undefined {
  if (typeof value !== 'string') return undefined;
  try {
    const { holder, ttl, run, beat } = JSON.parse(value) as Partial<LockText>;
    if (typeof holder !== 'string' || typeof ttl !== 'number' || typeof run !== 'string') return undefined;
    return { holder, ttl, run, beat: typeof beat === 'number' ? beat : 0 };
  } catch {
    return undefined;
  }
}

/**
 * Takes the lock by compare-and-swap, for transports without leases: undefined while another process has it.
 *
 * @param revision of the leaf of a holder who gave no sign of life, whose place is taken
 */
export async function takeBySwap(
  { transport, clock, ttl, holder }: LockRequest,
  revision?: number,
): Promise<HeldLock | undefined> {
  const text = { holder, ttl, run: randomUUID(), beat: 0 };
  const taken = await swap(transport, text, revision);
  return taken === undefined ? undefined : new SwappedLock(transport, clock, text, taken);
}

/** A lock that says every third of its time that its holder lives. Who finds it unchanged for all of its time may take it. */
class SwappedLock implements HeldLock {
  readonly fence = undefined;
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #lost = new AbortController();
  #text: LockText;
  #revision: number;
  #cancel: (() => void) | undefined;
  #beating: Promise<void> = Promise.resolve();
  #stopped = false;
  #told: number;

  constructor(transport: Transport, clock: Clock, text: LockText, revision: number) {
    this.#transport = transport;
    this.#clock = clock;
    this.#text = text;
    this.#revision = revision;
    this.#told = monotonicOf(clock);
    this.#schedule();
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  async release(): Promise<void> {
    this.#stopped = true;
    this.#cancel?.();
    await this.#beating;
    if (this.#lost.signal.aborted) return;
    await this.#transport.delete(LOCK, { ifMatch: this.#revision }).catch(() => undefined);
  }

  #schedule(): void {
    this.#cancel = this.#clock.schedule(() => {
      this.#beating = this.#beat();
    }, this.#text.ttl / 3);
  }

  async #beat(): Promise<void> {
    const next = { ...this.#text, beat: this.#text.beat + 1 };
    try {
      const revision = await swap(this.#transport, next, this.#revision);
      if (revision === undefined) throw new Error('another process has taken the lock');
      this.#text = next;
      this.#revision = revision;
      this.#told = monotonicOf(this.#clock);
    } catch (error) {
      const isSilent = monotonicOf(this.#clock) - this.#told >= this.#text.ttl;
      if (!isUnavailable(error) || isSilent) {
        this.#lost.abort(error);
        return;
      }
    }
    if (!this.#stopped) this.#schedule();
  }
}

/** Writes the lock's leaf in the place of the one with that revision, or of none. Its own revision; undefined when another one is there. */
async function swap(
  transport: Transport,
  text: LockText,
  revision: number | undefined,
): Promise<number | undefined> {
  const value = JSON.stringify(text);
  const condition = revision === undefined ? { ifAbsent: true } : { ifMatch: revision };
  try {
    return (await transport.set(LOCK, value, condition)).storeSeq;
  } catch (error) {
    const isRefused = isDustError(error, 'exists') || isDustError(error, 'conflict');
    if (!isRefused && !isOutcomeUnknown(error)) throw error;
    // An answer that was lost, or a request that was made again.
    const leaf = (await transport.getMany([LOCK], { forWrite: true })).get(LOCK);
    if (leaf?.value === value) return leaf.revision;
    if (isRefused) return undefined;
    throw error;
  }
}

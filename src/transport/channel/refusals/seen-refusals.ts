import type { Clock } from '../../../clock.js';
import { isDustError } from '../../../errors.js';
import type { DustError, DustErrorKind } from '../../../errors.js';
import type { Transport } from '../../transport.js';
import type { ChannelEngine } from '../engine.js';
import type { MirrorArrival } from '../mirror-arrival.js';
import { SharedAsk } from './shared-ask.js';

/** What a store says no with because of what it holds. */
const BY_STATE: ReadonlySet<DustErrorKind> = new Set<DustErrorKind>([
  'conflict',
  'exists',
  'fenced',
  'held',
  'occupied',
  'not_held',
]);

/** The same, of those that are about the value of a leaf: every other detail is about the request alone. */
const OF_LEAF = /_leaf$|_leaves$|out_of_range$/;

/** How long a refusal waits for the server to say how far the store is, in milliseconds. */
const PATIENCE = 5_000;

/** What {@link SeenRefusals} are made of. */
export interface SeenRefusalsOptions {
  /** The way to the same store beside the channel. */
  readonly http: Pick<Transport, 'capabilities' | 'barrier' | 'status'>;
  readonly arrival: Pick<MirrorArrival, 'wait'>;
  readonly clock: Clock;
}

/**
 * Sees to it that whoever is refused a write can read why: the server refuses by what it holds, and the mirror may not have come as far. What is
 * read after the refusal, and what later writes go by, is then no older than that.
 */
export class SeenRefusals {
  readonly #options: SeenRefusalsOptions;
  readonly #standing: SharedAsk<number>;

  constructor(options: SeenRefusalsOptions) {
    this.#options = options;
    this.#standing = new SharedAsk(() => this.#ask());
  }

  /** What `write` comes to. When it is refused by the state of the store, reads show that state before this rejects. @throws what `write` throws */
  async over<T>(engine: ChannelEngine, write: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    try {
      return await write;
    } catch (error) {
      if (isByState(error)) await this.#show(engine, error, signal);
      throw error;
    }
  }

  /** Never rejects: the refusal is what there is to say. */
  async #show(
    engine: ChannelEngine,
    { status, currentRevision }: DustError,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    let callOff: (() => void) | undefined;
    const elapsed = new Promise<undefined>((resolve) => {
      callOff = this.#options.clock.schedule(
        () => {
          resolve(undefined);
        },
        PATIENCE,
        { keepAlive: true },
      );
    });
    try {
      // A revision is the seq of the operation that stands in the way; over the channel it is the mirror's, and servers say none.
      const told = status === undefined ? undefined : currentRevision;
      const seq = told ?? (await Promise.race([this.#standing.ask(), elapsed]));
      if (seq !== undefined) await this.#options.arrival.wait(engine, seq, signal);
    } catch {
      // Not to be found out now: an outage, or called off meanwhile.
    } finally {
      callOff?.();
    }
  }

  async #ask(): Promise<number> {
    const { http } = this.#options;
    if (http.capabilities.barrier === true && http.barrier !== undefined) return http.barrier();
    return (await http.status()).storeSeq;
  }
}

function isByState(error: unknown): error is DustError {
  if (!isDustError(error)) return false;
  return BY_STATE.has(error.kind) || (error.kind === 'invalid_params' && OF_LEAF.test(error.detail ?? ''));
}

import type { WireWrite } from '../../../../src/protocol/wire/frames.js';
import type { PushReply } from '../../../../src/sync/connection/link.js';
import type { Random } from './random.js';
import type { Scheduler } from './scheduler.js';

/** What a server does under load, and with what it cannot bear (PROTOCOL §8). */
export interface Load {
  /** How likely its writer takes longer than a channel waits for it. */
  readonly lateWriters: number;
  /** Writes of each client in a window; undefined for no limit. */
  readonly perWindow?: number;
}

/** What becomes of a write before the writer is asked for it. */
export type Fate = 'crash' | 'late' | 'limited' | undefined;

/** What the channel crashes on: a second file, in the place of which this stands. */
export const POISON = 'poison/file';

/** What a channel answers that its writer keeps waiting. */
export const BUSY: PushReply = {
  status: 'error',
  response: { reason: '{:writer_unavailable, {:timeout, {GenServer, :call, [#PID<0.9.0>, :write, 5000]}}}' },
};

/** The length of the window, whatever is left of it. */
export const LIMITED: PushReply = {
  status: 'error',
  response: { reason: 'rate_limited', retry_after_ms: 60_000 },
};

const WINDOW = 60_000;
/** A client that hears of so many crashes over one write sends it for ever. */
const MAX_CRASHES = 2;
/** No text of the simulation has a quote in it. */
const STRINGS = /"[^"]*"/g;
/** A whole number beyond 64 bits, as JSON writes it: no fraction, no exponent. */
const UNPACKABLE = /(?<![.\d])\d{20,}(?![.\deE])/;

/** The part of a simulated server that wears it out. Its draws move nobody else's. */
export class ServerLoad {
  readonly faults: string[] = [];
  readonly #load: Load;
  readonly #random: Random;
  readonly #scheduler: Scheduler;
  /** The writer has one queue: what was asked for before comes before. */
  #queue: Promise<void> = Promise.resolve();
  readonly #windows = new Map<string, { window: number; used: number }>();
  readonly #packing = new Map<string, boolean>();
  readonly #unpackable = new Set<string>();
  readonly #heard = new Map<string, number>();
  /** Whether the writer has time again. */
  isEased = false;

  constructor(load: Load, random: Random, scheduler: Scheduler) {
    this.#load = load;
    this.#random = random;
    this.#scheduler = scheduler;
  }

  fateOf({ path }: WireWrite, deviceId: string): Fate {
    if (path === POISON) return 'crash';
    if (this.#isBeyondLimit(deviceId)) return 'limited';
    return !this.isEased && this.#random.chance(this.#load.lateWriters) ? 'late' : undefined;
  }

  /** Has the writer do it in its turn. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#queue.then(work);
    this.#queue = done.then(() => undefined);
    return done;
  }

  /** The writer has no time for a while. */
  stall(): void {
    const delay = this.#random.int(0, 4_000);
    const passed = (): Promise<void> =>
      new Promise((resolve) => {
        this.#scheduler.schedule(resolve, delay);
      });
    this.#queue = this.#queue.then(passed);
  }

  /** A client has sent this text. */
  noteText(text: string, clientOpId: unknown): void {
    if (typeof clientOpId === 'string' && UNPACKABLE.test(text.replace(STRINGS, ''))) {
      this.#unpackable.add(clientOpId);
    }
  }

  /** Whether the channel of this client could pack the operation. */
  canTell(deviceId: string, clientOpId: string | null): boolean {
    if (clientOpId === null || !this.#unpackable.has(clientOpId)) return true;
    const packs = this.#packing.get(deviceId) ?? this.#random.chance(0.5);
    this.#packing.set(deviceId, packs);
    return !packs;
  }

  /** A client has heard that its channel crashed on this write. */
  heardOf(clientOpId: string): void {
    const times = (this.#heard.get(clientOpId) ?? 0) + 1;
    this.#heard.set(clientOpId, times);
    if (times > MAX_CRASHES) this.faults.push(`${clientOpId} crashed the channel ${times} times`);
  }

  #isBeyondLimit(deviceId: string): boolean {
    const { perWindow } = this.#load;
    if (perWindow === undefined) return false;
    const window = Math.floor(this.#scheduler.now() / WINDOW);
    const known = this.#windows.get(deviceId);
    const used = known?.window === window ? known.used + 1 : 1;
    this.#windows.set(deviceId, { window, used });
    return used > perWindow;
  }
}

import { Subject, firstValueFrom, fromEvent, merge } from 'rxjs';
import type { Path } from '../../protocol/paths/path.js';
import type { EngineLease, RunningEngine } from './engine.js';

/** Which engines would do. */
export interface EngineWish {
  /** The same for all engines of one store as one token sees it. */
  readonly store: string;
  /** What must be mirrored; undefined for everything. */
  readonly prefixes: readonly Path[] | undefined;
}

/** Which engine is wanted. */
export interface EngineRequest extends EngineWish {
  /** The same for all that may share an engine: server, store, token, and what else the engine is made with. */
  readonly key: string;
  /** Makes the engine when none of those that run will do. */
  readonly open: () => Promise<RunningEngine>;
}

interface Entry {
  readonly key: string;
  readonly store: string;
  readonly prefixes: readonly Path[] | undefined;
  readonly running: Promise<RunningEngine>;
  users: number;
}

/**
 * The engines of a process. Whoever wants what a running engine mirrors already uses that one; the last user closes it
 * (DESIGN §3 "Two data sources on the same store share one engine").
 */
export class EngineRegistry {
  readonly #entries = new Set<Entry>();
  readonly #opened = new Subject<undefined>();

  /** The number of engines that run. */
  get size(): number {
    return this.#entries.size;
  }

  /** @throws what `open` throws */
  async acquire({ key, store, prefixes, open }: EngineRequest): Promise<EngineLease> {
    const present = this.#find(prefixes, (entry) => entry.key === key);
    if (present !== undefined) return this.#use(present);
    const entry = { key, store, prefixes, running: open(), users: 0 };
    this.#entries.add(entry);
    const lease = this.#use(entry);
    this.#opened.next(undefined);
    return lease;
  }

  /** Waits for an engine that somebody else opens, and opens none itself; undefined once the signal is aborted. */
  async join({ store, prefixes }: EngineWish, signal: AbortSignal): Promise<EngineLease | undefined> {
    while (!signal.aborted) {
      const entry = this.#find(prefixes, (candidate) => candidate.store === store);
      if (entry === undefined) {
        await firstValueFrom(merge(this.#opened, fromEvent(signal, 'abort')));
        continue;
      }
      const lease = await this.#use(entry).catch(() => undefined);
      if (lease !== undefined) return lease;
    }
    return undefined;
  }

  #find(wanted: readonly Path[] | undefined, fits: (entry: Entry) => boolean): Entry | undefined {
    return [...this.#entries].find((entry) => fits(entry) && mirrors(entry.prefixes, wanted));
  }

  /** @throws what opening the engine has thrown */
  async #use(entry: Entry): Promise<EngineLease> {
    entry.users += 1;
    try {
      return this.#lease(entry, await entry.running);
    } catch (error) {
      this.#leave(entry);
      throw error;
    }
  }

  #lease(entry: Entry, running: RunningEngine): EngineLease {
    let released: Promise<void> | undefined;
    const release = async (patience?: number): Promise<void> => {
      if (this.#leave(entry)) await running.close(patience);
    };
    const { engine, deviceId, prefixes } = running;
    return { engine, deviceId, prefixes, release: (patience) => (released ??= release(patience)) };
  }

  /** Whether that was the last user. */
  #leave(entry: Entry): boolean {
    entry.users -= 1;
    if (entry.users > 0) return false;
    this.#entries.delete(entry);
    return true;
  }
}

/** Whether a mirror of `kept` answers for all of `wanted`. */
function mirrors(kept: readonly Path[] | undefined, wanted: readonly Path[] | undefined): boolean {
  if (kept === undefined) return true;
  if (wanted === undefined) return false;
  return wanted.every((path) => kept.some((prefix) => path === prefix || path.startsWith(`${prefix}/`)));
}

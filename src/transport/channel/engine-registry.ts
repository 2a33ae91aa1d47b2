import type { Path } from '../../protocol/path.js';
import type { EngineLease, RunningEngine } from './engine.js';

/** Which engine is wanted. */
export interface EngineRequest {
  /** The same for all that may share an engine: server, store, token, and what else the engine is made with. */
  readonly key: string;
  /** What must be mirrored; undefined for everything. */
  readonly prefixes: readonly Path[] | undefined;
  /** Makes the engine when none of those that run will do. */
  readonly open: () => Promise<RunningEngine>;
}

interface Entry {
  readonly prefixes: readonly Path[] | undefined;
  readonly running: Promise<RunningEngine>;
  users: number;
}

/**
 * The engines of a process. Whoever wants what a running engine mirrors already uses that one; the last user closes it
 * (DESIGN §3 "Two data sources on the same store share one engine").
 */
export class EngineRegistry {
  readonly #entries = new Map<string, Set<Entry>>();

  /** The number of engines that run. */
  get size(): number {
    let size = 0;
    for (const entries of this.#entries.values()) size += entries.size;
    return size;
  }

  /** @throws what `open` throws */
  async acquire({ key, prefixes, open }: EngineRequest): Promise<EngineLease> {
    const entries = this.#entries.get(key) ?? new Set();
    this.#entries.set(key, entries);
    let entry = [...entries].find((candidate) => mirrors(candidate.prefixes, prefixes));
    if (entry === undefined) entries.add((entry = { prefixes, running: open(), users: 0 }));
    entry.users += 1;
    try {
      return this.#lease(key, entry, await entry.running);
    } catch (error) {
      this.#leave(key, entry);
      throw error;
    }
  }

  #lease(key: string, entry: Entry, running: RunningEngine): EngineLease {
    let released: Promise<void> | undefined;
    const release = async (): Promise<void> => {
      if (this.#leave(key, entry)) await running.close();
    };
    const { engine, deviceId, prefixes } = running;
    return { engine, deviceId, prefixes, release: () => (released ??= release()) };
  }

  /** Whether that was the last user. */
  #leave(key: string, entry: Entry): boolean {
    entry.users -= 1;
    if (entry.users > 0) return false;
    const entries = this.#entries.get(key);
    entries?.delete(entry);
    if (entries?.size === 0) this.#entries.delete(key);
    return true;
  }
}

/** Whether a mirror of `kept` answers for all of `wanted`. */
function mirrors(kept: readonly Path[] | undefined, wanted: readonly Path[] | undefined): boolean {
  if (kept === undefined) return true;
  if (wanted === undefined) return false;
  return wanted.every((path) => kept.some((prefix) => path === prefix || path.startsWith(`${prefix}/`)));
}

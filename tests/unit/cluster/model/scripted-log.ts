import { requestAborted, untilAborted } from '../../../../src/abort-listener.js';
import type { Clock } from '../../../../src/clock.js';
import type { LogEntry, LogReadOptions, ReplicatedLog } from '../../../../src/cluster/log/replicated-log.js';
import type { Shelf } from '../../../../src/cluster/log/shelf.js';
import { SNAPSHOTS } from '../../../../src/cluster/snapshots/snapshot-name.js';
import { MemoryLog } from '../../../../src/cluster/logs/memory/memory-log.js';
import { DustError } from '../../../../src/errors.js';
import type { Draw } from '../../query/plan/model/draw.js';
import type { Turns } from './turns.js';

const lost = (): DustError => new DustError('network', 'the script lost it');

/** A connection that its process may be torn from. */
export interface MortalConnection extends ReplicatedLog {
  /** Nothing answers any more, and nothing is appended. */
  kill(): void;
}

/** A log in memory, and between it and the nodes all that a network may do, as it is drawn. */
export class ScriptedLog {
  readonly memory: MemoryLog;
  /** All that it ever had, trimmed away or not. */
  readonly #archive: LogEntry[] = [];
  /** Snapshots that were damaged on the shelf. */
  readonly #damaged = new Set<string>();
  readonly #draw: Draw;
  readonly #turns: Turns;
  /** What lies on the way of somebody who has given up, and may arrive yet. */
  readonly #onTheWay: Uint8Array[] = [];

  constructor(clock: Clock, draw: Draw, turns: Turns) {
    this.memory = new MemoryLog({ clock });
    this.#draw = draw;
    this.#turns = turns;
  }

  /** A frame arrives that somebody sent long ago. */
  deliverLate(): void {
    if (this.#onTheWay.length > 0) this.memory.append(this.#draw.of(this.#onTheWay));
  }

  /** How many entries were trimmed away. */
  get trimmed(): number {
    return this.#archive.length;
  }

  /** Every entry, the oldest first. */
  get entries(): readonly LogEntry[] {
    return [...this.#archive, ...this.memory.read(this.#archive.length + 1, Infinity)];
  }

  /** A snapshot is damaged that lay there for a while: the newest, when the one before it is whole. */
  async damageNewest(): Promise<void> {
    const { shelf } = this.memory;
    const names = (await shelf.list(SNAPSHOTS)).map(({ name }) => name);
    const newest = names.at(-1);
    if (newest === undefined || names.length < 2 || names.some((name) => this.#damaged.has(name))) return;
    const content = await shelf.get(newest);
    this.#damaged.add(newest);
    await shelf.remove(newest);
    await shelf.put(newest, broken(content!, this.#draw));
  }

  connect(): MortalConnection {
    const { memory } = this;
    const inner = memory.connect();
    let isDead = false;
    const never = new Promise<never>(() => undefined);
    const turn = async (signal?: AbortSignal): Promise<void> => {
      await untilAborted(this.#turns.wait(), signal, requestAborted);
      if (isDead) await never;
    };
    return {
      name: 'scripted',
      shelf: this.#shelf(turn),
      append: async (bytes, { signal } = {}) => {
        await turn(signal);
        const fate = this.#fate();
        if (fate === 'lost') throw lost();
        if (fate === 'late') this.#onTheWay.push(new Uint8Array(bytes));
        const position = memory.append(bytes);
        if (fate === 'twice') memory.append(bytes);
        await turn(signal);
        if (fate === 'unanswered') throw lost();
        return position;
      },
      read: async (from: number, { maxBytes, signal }: LogReadOptions) => {
        await turn(signal);
        if (this.#happens(8)) throw lost();
        return memory.read(from, this.#happens(40) ? 1 : maxBytes);
      },
      bounds: async () => {
        await turn();
        if (this.#happens(5)) throw lost();
        return memory.bounds;
      },
      watch: (listener) =>
        inner.watch(() => {
          if (!isDead && !this.#happens(30)) listener();
        }),
      trim: async (through) => {
        await turn();
        if (this.#happens(10)) throw lost();
        for (const entry of memory.read(this.#archive.length + 1, Infinity)) {
          if (entry.position <= through) this.#archive.push(entry);
        }
        memory.trim(through);
        if (this.#happens(10)) throw lost();
      },
      close: () => inner.close(),
      kill: () => {
        isDead = true;
        void inner.close();
      },
    };
  }

  /** Files are put and got at once; what is done with snapshots takes its time, and fails. */
  #shelf(turn: () => Promise<void>): Shelf {
    const { shelf } = this.memory;
    const through = async (name: string): Promise<void> => {
      if (!name.startsWith(SNAPSHOTS)) return;
      if (this.#happens(30)) await turn();
      if (this.#happens(6)) throw lost();
    };
    return {
      put: async (name, content) => {
        const isDamaged = name.startsWith(SNAPSHOTS) && this.#happens(15);
        await shelf.put(name, isDamaged ? broken(content, this.#draw) : content);
        await through(name);
      },
      get: async (name) => {
        await through(name);
        return shelf.get(name);
      },
      list: async (prefix) => {
        await through(prefix);
        return shelf.list(prefix);
      },
      remove: async (name) => {
        await through(name);
        await shelf.remove(name);
      },
    };
  }

  #happens(percent: number): boolean {
    return !this.#turns.isCalm && this.#draw.percent(percent);
  }

  #fate(): 'lost' | 'unanswered' | 'twice' | 'late' | 'taken' {
    if (this.#turns.isCalm) return 'taken';
    const at = this.#draw.int(100);
    if (at < 12) return 'lost';
    if (at < 26) return 'unanswered';
    if (at < 34) return 'twice';
    return at < 50 ? 'late' : 'taken';
  }
}

/** The same bytes, but for one of them. */
async function* broken(content: AsyncIterable<Uint8Array>, draw: Draw): AsyncIterable<Uint8Array> {
  let isBroken = false;
  for await (const piece of content) {
    const bytes = new Uint8Array(piece);
    if (!isBroken && bytes.length > 20) {
      isBroken = true;
      const at = 10 + draw.int(bytes.length - 10);
      bytes[at] = bytes[at]! ^ 0xff;
    }
    yield bytes;
  }
}

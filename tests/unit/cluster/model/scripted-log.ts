import { requestAborted, untilAborted } from '../../../../src/abort-listener.js';
import type { Clock } from '../../../../src/clock.js';
import type { LogReadOptions, ReplicatedLog } from '../../../../src/cluster/log/replicated-log.js';
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
      shelf: memory.shelf,
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
      trim: (through) => inner.trim(through),
      close: () => inner.close(),
      kill: () => {
        isDead = true;
        void inner.close();
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

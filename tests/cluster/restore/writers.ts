import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { randomInts } from '../../faults/random-ints.js';
import type { Asker } from '../faults/load/asker.js';
import { write } from '../faults/load/asker.js';
import type { Findings } from '../faults/load/findings.js';
import { Journal } from '../faults/load/journal.js';
import { pathOf } from './records.js';

const WRITERS = 8;
/** Milliseconds between two writes of one client, at most. */
const LONGEST_BREAK = 20;

/** Clients that change records here and there, each its own ones, and count; and what they were told. */
export class Writers {
  readonly journal = new Journal();
  /** What was acknowledged last, by path. */
  readonly #values = new Map<string, number>();
  #isOver = false;
  readonly #working: Promise<unknown>;

  /** Begins at once. */
  constructor(asker: Asker, records: number, findings: Findings) {
    this.#working = Promise.all(
      Array.from({ length: WRITERS }, (_, i) => this.#write(i, asker, records, findings)),
    );
    this.#working.catch(() => undefined);
  }

  /** Resolves when nothing is under way any more. */
  async end(): Promise<void> {
    this.#isOver = true;
    await this.#working;
  }

  /** How many of the paths written to have another value there. */
  missing(valueAt: (path: string) => unknown): readonly string[] {
    return [...this.#values]
      .filter(([path, value]) => valueAt(path) !== value)
      .map(([path, value]) => `${path} is ${JSON.stringify(valueAt(path))}, and ${value} was acknowledged`);
  }

  get paths(): ReadonlySet<string> {
    return new Set(this.#values.keys());
  }

  async #write(writer: number, asker: Asker, records: number, findings: Findings): Promise<void> {
    const random = randomInts(writer + 1);
    for (let count = 1; !this.#isOver; count++) {
      const isCounter = count % 4 === 0;
      const n = random(Math.ceil((records - writer) / WRITERS)) * WRITERS + writer;
      const path = isCounter ? `counts/${writer}` : `${pathOf(n)}/rank`;
      const value = isCounter ? count / 4 : count;
      const operation = isCounter ? { op: 'increment', path, value: 1 } : { op: 'set', path, value };
      const begin = Date.now();
      const known = await asker.untilKnown(0, write(operation, randomUUID()), () => false);
      if (known?.reply.status === 200) {
        this.#values.set(path, value);
        this.journal.note(begin);
      } else {
        findings.violation(`a write was refused: ${JSON.stringify(known?.reply)}`);
      }
      await pause(random(LONGEST_BREAK));
    }
  }
}

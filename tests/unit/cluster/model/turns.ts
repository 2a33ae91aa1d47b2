import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import type { Draw } from '../../query/plan/model/draw.js';

/** Steps that wait until the script lets one of them go on. */
export class Turns {
  #waiting: (() => void)[] = [];
  /** Nobody waits any more. */
  isCalm = false;

  get waiting(): number {
    return this.#waiting.length;
  }

  async wait(): Promise<void> {
    if (this.isCalm) return;
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Lets one go on, whichever is drawn. */
  release(draw: Draw): void {
    if (this.#waiting.length > 0) this.#waiting.splice(draw.int(this.#waiting.length), 1)[0]?.();
  }

  calm(): void {
    this.isCalm = true;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

/** All that can go on by itself does. */
export async function goOn(turns = 2): Promise<void> {
  for (let i = 0; i < turns; i++) await turnOfTheLoop();
}

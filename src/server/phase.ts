import type { Clock } from '../clock.js';

/** Whether a server is ending. */
export class ServerPhase {
  #isDraining = false;

  /** It still answers, and asks to be sent nothing more: not ready, no new channels, no connection kept. */
  get isDraining(): boolean {
    return this.#isDraining;
  }

  /** Begins the end. Resolves after so many milliseconds, in which those who send requests may notice. */
  async drain(clock: Clock, milliseconds: number): Promise<void> {
    this.#isDraining = true;
    if (milliseconds === 0) return;
    await new Promise<void>((resolve) => {
      clock.schedule(resolve, milliseconds, { keepAlive: true });
    });
  }
}

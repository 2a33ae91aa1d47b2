import type { Frame } from '../../../src/protocol/wire/frames.js';

/** Frames in the order of arrival, to be taken one by one. */
export class FrameQueue {
  readonly #frames: Frame[] = [];
  #waiting: ((frame: Frame) => void) | undefined;

  push(frame: Frame): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting === undefined) this.#frames.push(frame);
    else waiting(frame);
  }

  take(): Frame | undefined {
    return this.#frames.shift();
  }

  next(): Promise<Frame> {
    const frame = this.#frames.shift();
    if (frame !== undefined) return Promise.resolve(frame);
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }
}

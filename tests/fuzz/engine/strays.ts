import { Fault, shown } from './fault.js';

const EVENTS = ['uncaughtException', 'unhandledRejection'] as const;

/** Errors that nobody caught, in this process. */
export class Strays {
  readonly #seen: unknown[] = [];
  readonly #note = (error: unknown): void => {
    this.#seen.push(error);
  };

  constructor() {
    for (const event of EVENTS) process.on(event, this.#note);
  }

  /** @throws Fault when there was one since the last look */
  look(): void {
    const [first] = this.#seen.splice(0);
    if (first !== undefined) throw new Fault(`an error that nobody caught: ${shown(first)}`);
  }

  stop(): void {
    for (const event of EVENTS) process.off(event, this.#note);
  }
}

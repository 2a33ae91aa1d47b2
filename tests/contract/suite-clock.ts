import { TestClock } from '../../src/testing/index.js';

/** The clock of a suite, which a store in another process follows. */
export class SuiteClock extends TestClock {
  readonly #elsewhere: (ms: number) => Promise<void>;

  /** @param elsewhere moves the clock of the store on, where that is not this one */
  constructor(elsewhere: (ms: number) => Promise<void>) {
    super();
    this.#elsewhere = elsewhere;
  }

  override async advance(ms: number): Promise<void> {
    await this.#elsewhere(ms);
    await super.advance(ms);
  }
}

import type { ScheduleOptions } from '../../../src/clock.js';
import { TestClock } from '../../../src/testing/test-clock.js';

/** A clock that notes of each timer whether the process stays alive for it. */
export class NotingClock extends TestClock {
  readonly kept: boolean[] = [];

  override schedule(
    callback: () => void,
    ms: number,
    { keepAlive = false }: ScheduleOptions = {},
  ): () => void {
    this.kept.push(keepAlive);
    return super.schedule(callback, ms);
  }
}

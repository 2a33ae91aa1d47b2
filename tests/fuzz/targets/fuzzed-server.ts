import { isDeepStrictEqual } from 'node:util';
import type { Logger } from '../../../src/logging.js';
import type { DustServerOptions } from '../../../src/server/index.js';
import { openStore } from '../../../src/server/index.js';
import type { Store } from '../../../src/store/index.js';
import { Fault, expectThat, shown } from '../engine/fault.js';
import { CANARY_STORE, FUZZED_STORE } from './frame-samples.js';

export const TOKEN = 'the-token-of-the-fuzzer';

const CANARY = { path: 'birds/canary', value: { sings: true, notes: [1, 2.5, 'é😀'] } } as const;

/** The stores of an attacked server: one that the fuzzer's token opens, and a canary's beside it. */
export class FuzzedStores {
  readonly fuzzed: Store;
  readonly canary: Store;
  readonly #complaints: string[];

  private constructor(fuzzed: Store, canary: Store, complaints: string[]) {
    this.fuzzed = fuzzed;
    this.canary = canary;
    this.#complaints = complaints;
  }

  static async open(path?: string): Promise<FuzzedStores> {
    const complaints: string[] = [];
    const logger = loggerTo(complaints);
    const fuzzed = await openStore({ path, logger });
    const canary = await openStore({ logger });
    await canary.write({ op: 'set', ...CANARY });
    await canary.write({ op: 'set', path: 'a/b', value: 'kept' });
    return new FuzzedStores(fuzzed, canary, complaints);
  }

  /** For a server over them. */
  get options(): DustServerOptions {
    return {
      stores: { [FUZZED_STORE]: this.fuzzed, [CANARY_STORE]: this.canary },
      tokens: [{ token: TOKEN, stores: [FUZZED_STORE] }],
      rateLimits: false,
      logger: loggerTo(this.#complaints),
    };
  }

  /** @throws Fault when the server logged an error: it says so of what was not foreseen */
  assertNothingUnforeseen(): void {
    const [first] = this.#complaints.splice(0);
    if (first !== undefined) throw new Fault(`the server logged: ${first.slice(0, 500)}`);
  }

  /** @throws Fault when the canary's store changed, or the other no longer takes and gives a record */
  async assertUnharmed(): Promise<void> {
    const canary = this.canary.get(CANARY.path);
    const { storeSeq } = this.canary.status();
    expectThat(
      isDeepStrictEqual(canary?.value, CANARY.value) && storeSeq === 2,
      `the canary is ${shown(canary)} after ${storeSeq} operations`,
    );
    await this.fuzzed.write({ op: 'set', path: 'probe', value: storeSeq });
    expectThat(this.fuzzed.get('probe')?.value === storeSeq, 'the store no longer gives back what it took');
    // So that it does not become slower and larger with each batch.
    for (const root of this.fuzzed.listPrefixes({ pattern: '**', limit: 1000 }).items) {
      await this.fuzzed.write({ op: 'delete', path: root });
    }
    await this.fuzzed.compact({ keep: 10 });
  }

  async close(): Promise<void> {
    await this.fuzzed.close();
    await this.canary.close();
  }
}

function loggerTo(complaints: string[]): Logger {
  const ignore = (): void => undefined;
  return { debug: ignore, info: ignore, warn: ignore, error: (message) => complaints.push(message) };
}

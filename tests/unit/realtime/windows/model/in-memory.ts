import { createMemoryStorage, Store } from '../../../../../src/store/index.js';
import { EmbeddedTransport } from '../../../../../src/transport/embedded/index.js';
import type { RunSize } from './run.js';
import { runWindows } from './run.js';

/** As {@link runWindows}, in a store of its own in memory. */
export async function runInMemory(seed: number, size: RunSize): Promise<number> {
  const store = new Store({ storage: createMemoryStorage() });
  const transport = new EmbeddedTransport({ store });
  try {
    await transport.connect();
    return await runWindows(seed, transport, ['rows'], size);
  } finally {
    await transport.close();
    await store.close();
  }
}

import { openLmdbStorage } from '../../../../src/store/lmdb/index.js';
import { openingFault, verifyFolder } from '../../../../src/store/lmdb/damage/index.js';
import { Store } from '../../../../src/store/store.js';
import { randomInts } from '../../../faults/random-ints.js';
import { useDataFolder } from './data-folder.js';
import { sampleSize } from '../../../sample-size.js';

const folder = useDataFolder();
const ROUNDS = sampleSize(20);

/** One write of some kind, drawn at random. */
function write(store: Store, random: (bound: number) => number): Promise<unknown> {
  const path = `notes/${random(400)}`;
  const text = 'x'.repeat(random(10) === 0 ? random(60_000) : random(600));
  switch (random(10)) {
    case 0:
      return store.write({ op: 'delete', path: random(30) === 0 ? 'notes' : path });
    case 1:
      return store.write({ op: 'merge', path, value: { text, gone: null } });
    case 2:
      return store.write({ op: 'increment', path: `${path}/count`, value: 1 });
    case 3:
      return store.writeBatch({
        operations: Array.from({ length: 1 + random(50) }, (_, i) => ({
          op: 'set',
          path: `batch/${random(2000)}`,
          value: `${text.slice(0, 50)}${i}`,
        })),
      });
    case 4:
      return store.putFile({
        path: `files/${random(30)}`,
        content: Buffer.alloc(random(100_000), random(256)),
        filename: 'file',
      });
    case 5:
      return random(10) === 0
        ? store.compact({ keep: random(3) * 20 })
        : store.write({ op: 'set', path, value: 9e20 });
    default:
      return store.write({ op: 'set', path, value: { text, list: [1.5, { x: text.slice(0, 3) }] } });
  }
}

it(`no fault is found in a sound store, after ${ROUNDS} times of random work`, async () => {
  const random = randomInts(20_261_128);
  for (let round = 0; round < ROUNDS; round++) {
    const storage = await openLmdbStorage({ path: folder.path });
    const store = new Store({ storage, log: { keep: 50 + random(300), limit: 500 } });
    for (let turn = random(120); turn >= 0; turn--) {
      await Promise.allSettled(Array.from({ length: 1 + random(8) }, () => write(store, random)));
    }
    await store.close();
    expect(openingFault(folder.path)).toBeUndefined();
    const { lost, notes, leaves } = await verifyFolder(folder.path);
    expect([lost.told, notes.told]).toEqual([[], []]);
    expect(leaves).toBeGreaterThan(0);
  }
}, 60_000);

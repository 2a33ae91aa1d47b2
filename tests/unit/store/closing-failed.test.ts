import { halted } from '../../../src/cluster/errors.js';
import { restoring } from '../../../src/cluster/snapshots/errors.js';
import { DustError } from '../../../src/errors.js';
import type { StoreStorage, WriteOrder } from '../../../src/store/index.js';
import { Store, createMemoryStorage, makeStore } from '../../../src/store/index.js';
import { EmbeddedTransport } from '../../../src/transport/embedded/index.js';
import { refusalOf } from './open-store.js';

function closable(): { storage: StoreStorage; isClosed: () => boolean } {
  const base = createMemoryStorage();
  let isClosed = false;
  const storage: StoreStorage = {
    ...base,
    close: () => {
      isClosed = true;
      return base.close();
    },
  };
  return { storage, isClosed: () => isClosed };
}

const nothing = (): Promise<never> => Promise.reject(new Error('not asked for'));

/** An order of which nothing but its end is asked. */
function orderOf(change: Partial<WriteOrder>): WriteOrder {
  return {
    commit: nothing,
    commitBatch: nothing,
    rollback: nothing,
    compact: nothing,
    keepIndexes: nothing,
    dropIndex: nothing,
    ownIndexes: nothing,
    file: nothing,
    barrier: nothing,
    assertReadable: () => undefined,
    assertCurrent: () => undefined,
    settled: () => Promise.resolve(),
    close: () => Promise.resolve(),
    ...change,
  };
}

it.each([
  ['has halted', halted(new DustError('storage', 'The disk is gone.'))],
  ['is being restored', restoring()],
  ['fails as nobody foresaw', new TypeError('what')],
])('the transport to a store that %s is closed, and its status completes', async (_, failure) => {
  let fails = false;
  const { storage } = closable();
  const order = orderOf({
    assertReadable: () => {
      if (fails) throw failure;
    },
  });
  const store = new Store({ storage, order: () => order });
  const transport = new EmbeddedTransport({ store });
  await transport.connect();
  const states: string[] = [];
  transport.status$.subscribe(({ state }) => states.push(state));
  fails = true;
  await transport.close();
  expect(states).toEqual(['live', 'closed']);
  await store.close();
});

it('a store whose order fails to end closes its storage all the same', async () => {
  const { storage, isClosed } = closable();
  const order = orderOf({ close: () => Promise.reject(new DustError('storage', 'No end.')) });
  const store = new Store({ storage, order: () => order });
  expect(await refusalOf(store.close())).toMatchObject({ message: 'No end.' });
  expect(isClosed()).toBe(true);
});

it('where there can be no store, the storage that was opened for it is closed', async () => {
  const { storage, isClosed } = closable();
  storage.writeCounters({ ...storage.readCounters(), restoring: true });
  expect(await refusalOf(makeStore({ storage }))).toMatchObject({ detail: 'half_restored' });
  expect(isClosed()).toBe(true);
});

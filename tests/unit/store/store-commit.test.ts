import { Pattern } from '../../../src/protocol/paths/pattern.js';
import type { Store, StoreStorage } from '../../../src/store/index.js';
import { createMemoryStorage } from '../../../src/store/index.js';
import { openStore, refusalOf } from './open-store.js';

/** A storage whose commits are made durable, or fail, when the test says so. */
class SlowStorage {
  readonly #settlements: ((fails: boolean) => void)[] = [];
  readonly #memory = createMemoryStorage();
  closed = false;

  readonly storage: StoreStorage = {
    ...this.#memory,
    commit: <T>(work: () => T) => {
      const before = this.#memory.readCounters();
      const result = work();
      return new Promise<T>((resolve, reject) => {
        this.#settlements.push((fails) => {
          if (fails) {
            this.#memory.writeCounters(before);
            reject(new Error('disk full'));
          } else {
            resolve(result);
          }
        });
      });
    },
    close: () => {
      this.closed = true;
      return Promise.resolve();
    },
  };

  settle(index: number, fails = false): void {
    this.#settlements[index]?.(fails);
  }
}

const tick = () => new Promise((resolve) => setImmediate(resolve));

function watchAll(store: Store): number[] {
  const heard: number[] = [];
  store.watch(Pattern.parse('**'), ({ operations }) =>
    heard.push(...operations.map(({ storeSeq }) => storeSeq)),
  );
  return heard;
}

describe('Store: commits', () => {
  it('tells of operations when they are durable, in order', async () => {
    const slow = new SlowStorage();
    const store = openStore({ storage: slow.storage });
    const heard = watchAll(store);
    const writes = [1, 2, 3].map((value) => store.write({ op: 'set', path: 'a', value }));
    slow.settle(1);
    slow.settle(2);
    await tick();
    expect(heard).toEqual([]);
    slow.settle(0);
    await Promise.all(writes);
    expect(heard).toEqual([1, 2, 3]);
  });

  it('tells of a write before its writer hears', async () => {
    const store = openStore();
    const order: string[] = [];
    store.watch(Pattern.parse('**'), () => order.push('listener'));
    await store.write({ op: 'delete', path: 'a' }).then(() => order.push('writer'));
    expect(order).toEqual(['listener', 'writer']);
  });

  it('tells nobody of what the medium refused, and goes on from what stands', async () => {
    const slow = new SlowStorage();
    const store = openStore({ storage: slow.storage });
    const heard = watchAll(store);
    const failing = store.write({ op: 'set', path: 'a', value: 1 });
    slow.settle(0, true);
    await expect(failing).rejects.toThrow('disk full');
    const next = store.write({ op: 'set', path: 'a', value: 2 });
    slow.settle(1);
    expect(await next).toEqual({ storeSeq: 1 });
    expect(heard).toEqual([1]);
  });

  it('hands what a listener throws to whom it may concern', async () => {
    const errors: unknown[] = [];
    const store = openStore({ onListenerError: (error) => errors.push(error) });
    store.watch(Pattern.parse('**'), () => {
      throw new Error('mine');
    });
    const heard = watchAll(store);
    expect(await store.write({ op: 'delete', path: 'a' })).toEqual({ storeSeq: 1 });
    expect(heard).toEqual([1]);
    expect(errors).toEqual([new Error('mine')]);
  });

  it('logs what a listener throws when nobody else wants it', async () => {
    const log = jest.spyOn(console, 'error').mockReturnValue(undefined);
    const store = openStore();
    store.watchRecords('r', () => {
      throw new Error('mine');
    });
    await store.write({ op: 'set', path: 'r/a', value: 1 });
    expect(log).toHaveBeenCalledWith(expect.stringContaining('Error: mine'));
    log.mockRestore();
  });

  it('names its storage', () => {
    expect(openStore().storageName).toBe('memory');
  });

  it('closes when the writes under way are done, and refuses all others', async () => {
    const slow = new SlowStorage();
    const store = openStore({ storage: slow.storage });
    const heard = watchAll(store);
    const write = store.write({ op: 'set', path: 'a', value: 1 });
    const closing = store.close();
    expect(store.close()).toBe(closing);
    await tick();
    expect(slow.closed).toBe(false);
    slow.settle(0);
    await closing;
    expect(slow.closed).toBe(true);
    expect(heard).toEqual([1]);
    await expect(write).resolves.toEqual({ storeSeq: 1 });
    const uses: (() => unknown)[] = [
      () => store.write({ op: 'delete', path: 'a' }),
      () => store.writeBatch({ operations: [] }),
      () => store.putFile({ path: 'a', content: new Uint8Array(), filename: 'f' }),
      () => store.lease({ path: 'a' }),
      () => store.renew({ path: 'a', token: 1 }),
      () => store.release({ path: 'a', token: 1 }),
      () => store.get('a'),
      () => store.getMany(['a']),
      () => store.exists('a'),
      () => store.subtree('a'),
      () => store.list({ pattern: '**' }),
      () => store.listKeys({ pattern: '**' }),
      () => store.listPrefixes({ pattern: '**' }),
      () => store.file('x'),
      () => store.catchUp(0),
      () => store.compact(),
      () => store.status(),
      () => store.watch(Pattern.parse('**'), () => undefined),
      () => store.watchRecords('a', () => undefined),
    ];
    for (const use of uses) expect(await refusalOf(use)).toMatchObject({ kind: 'closed' });
  });

  it('settles with the writes begun so far', async () => {
    const slow = new SlowStorage();
    const store = openStore({ storage: slow.storage });
    const heard = watchAll(store);
    const refused = refusalOf(store.write({ op: 'set', path: 'a', value: 1 }).then(() => store.get('//')));
    let settled: number[] | undefined;
    const settling = store.settled().then(() => (settled = [...heard]));
    await tick();
    expect(settled).toBeUndefined();
    slow.settle(0);
    await settling;
    expect(settled).toEqual([1]);
    await refused;
    await store.settled();
  });
});

import type { WriteOrder } from '../../../src/store/index.js';
import type { ClusterMember } from '../../../src/protocol/requests/cluster-member.js';
import { Store, createMemoryStorage } from '../../../src/store/index.js';
import { refusalOf } from './open-store.js';

/** A store whose order says what is given here; of what it is asked nothing else comes. */
function ordered(order: Partial<WriteOrder>, readers?: number): Store {
  const storage = { ...createMemoryStorage(), ...(readers !== undefined && { readers: () => readers }) };
  const close = (): Promise<void> => Promise.resolve();
  return new Store({
    storage,
    order: () => ({ close, settled: close, assertReadable: () => undefined, ...order }) as WriteOrder,
  });
}

describe('a store whose writes are ordered elsewhere', () => {
  it('says how far it lags and who shares the order, and how many read its storage', async () => {
    const members: ClusterMember[] = [];
    const store = ordered({ lag: 7, members }, 3);
    expect(store.condition()).toEqual({ readers: 3, lag: 7 });
    expect(store.members).toBe(members);
    await store.close();
  });

  it('waits for what its order waits for, with the seq that was seen', async () => {
    const barrier = jest.fn(() => Promise.resolve());
    const store = ordered({ barrier });
    await store.barrier();
    await store.barrier({ minSeq: 0 });
    await store.barrier({ minSeq: 5 });
    expect(barrier.mock.calls).toEqual([[undefined], [0], [5]]);
    await store.close();
  });

  it('says what its order fails with', async () => {
    const failure = new Error('not in time');
    const store = ordered({ barrier: () => Promise.reject(failure) });
    await expect(store.barrier()).rejects.toBe(failure);
    await store.close();
  });

  it.each([
    [{ minSeq: -1 }, { kind: 'invalid_params', detail: 'invalid_seq' }],
    [{ minSeq: 1.5 }, { kind: 'invalid_params', detail: 'invalid_seq' }],
    [{ minSeq: '5' }, { kind: 'invalid_params', detail: 'invalid_seq' }],
    [{ seq: 5 }, { kind: 'invalid_options' }],
  ])('waits for nothing with %j', async (options, refusal) => {
    const barrier = jest.fn(() => Promise.resolve());
    const store = ordered({ barrier });
    expect(await refusalOf(store.barrier(options as object))).toMatchObject(refusal);
    expect(barrier).not.toHaveBeenCalled();
    await store.close();
  });
});

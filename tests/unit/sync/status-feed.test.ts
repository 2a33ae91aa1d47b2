import type { SyncStatus } from '../../../src/sync/index.js';
import { StatusFeed } from '../../../src/sync/status-feed.js';

/** A feed of a status that the test changes, and what its subscriber was told. */
function feedOf() {
  let status: SyncStatus = { state: 'live', storeSeq: 1, isUsable: true, pendingWrites: 0 };
  const feed = new StatusFeed(() => status);
  const told: SyncStatus[] = [];
  const subscribe = () => feed.status$.subscribe((next) => told.push(next));
  const become = (next: Partial<SyncStatus>): void => {
    status = { ...status, ...next };
  };
  return { feed, told, subscribe, become };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('StatusFeed', () => {
  it('tells slight changes of one turn as one, and the last one before the end', async () => {
    const { feed, told, subscribe, become } = feedOf();
    subscribe();
    for (let pendingWrites = 1; pendingWrites <= 3; pendingWrites++) {
      become({ pendingWrites });
      feed.changedSlightly();
    }
    await settled();
    expect(told.map(({ pendingWrites }) => pendingWrites)).toEqual([0, 3]);
    become({ pendingWrites: 0 });
    feed.changedSlightly();
    feed.complete();
    await settled();
    expect(told.map(({ pendingWrites }) => pendingWrites)).toEqual([0, 3, 0]);
  });

  it('tells a slight change with one that is not', async () => {
    const { feed, told, subscribe, become } = feedOf();
    subscribe();
    become({ pendingWrites: 1 });
    feed.changedSlightly();
    become({ state: 'repairing' });
    feed.changed();
    await settled();
    expect(told).toEqual([
      { state: 'live', storeSeq: 1, isUsable: true, pendingWrites: 0 },
      { state: 'repairing', storeSeq: 1, isUsable: true, pendingWrites: 1 },
    ]);
  });

  it('tells where the mirror stands at once, and not again what it told', () => {
    const { feed, told, subscribe, become } = feedOf();
    const subscription = subscribe();
    const reach = (storeSeq: number): void => {
      become({ storeSeq });
      feed.reached(storeSeq);
    };
    reach(2);
    feed.reached(2);
    reach(3);
    expect(told.map(({ storeSeq }) => storeSeq)).toEqual([1, 2, 3]);
    subscription.unsubscribe();
    reach(4);
    subscribe();
    reach(3);
    expect(told.map(({ storeSeq }) => storeSeq)).toEqual([1, 2, 3, 4, 3]);
  });
});

import { setImmediate as nextTurn } from 'node:timers/promises';
import { Inbox } from '../../../../src/sync/phoenix/inbox.js';

const item = (payload: unknown) => ({ event: 'event', payload });

/** How many callbacks wait for the next turn of the event loop. */
const waiting = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Immediate').length;

const ROOMY = { count: 100, bytes: 1_000_000 };

describe('Inbox', () => {
  let delivered: unknown[];
  let inbox: Inbox;

  beforeEach(() => {
    delivered = [];
    inbox = new Inbox(({ payload }) => delivered.push(payload), ROOMY);
  });

  it('keeps what comes until the turn after it was opened, then passes everything on at once', async () => {
    inbox.put(item(1));
    inbox.open();
    inbox.put(item(2));
    expect(delivered).toEqual([]);
    await nextTurn();
    expect(delivered).toEqual([1, 2]);
    inbox.put(item(3));
    expect(delivered).toEqual([1, 2, 3]);
  });

  it('delivers nothing once it is closed, and waits for no turn', async () => {
    const before = waiting();
    inbox.put(item(1));
    inbox.open();
    expect(waiting()).toBe(before + 1);
    inbox.close();
    expect(waiting()).toBe(before);
    inbox.put(item(2));
    await nextTurn();
    expect(delivered).toEqual([]);
  });

  it('takes what there is room for until it is opened, and all of it from then on', async () => {
    inbox = new Inbox(({ payload }) => delivered.push(payload), { count: 2, bytes: 1_000_000 });
    expect([1, 2, 3].map((payload) => inbox.put(item(payload)))).toEqual([true, true, false]);
    inbox.open();
    await nextTurn();
    expect([4, 5, 6].map((payload) => inbox.put(item(payload)))).toEqual([true, true, true]);
    expect(delivered).toEqual([1, 2, 4, 5, 6]);
    inbox.close();
    expect([inbox.put(item(7)), delivered.length]).toEqual([true, 5]);
  });

  it('may be closed by a delivery', async () => {
    inbox = new Inbox(({ payload }) => {
      delivered.push(payload);
      inbox.close();
    }, ROOMY);
    inbox.put(item(1));
    inbox.put(item(2));
    inbox.open();
    await nextTurn();
    inbox.put(item(3));
    expect(delivered).toEqual([1]);
  });
});

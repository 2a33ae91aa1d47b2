import { UnsettledWrites } from '../../../../src/sync/outbox/unsettled-writes.js';
import { WriteQueue } from '../../../../src/sync/outbox/write-queue.js';
import { WritesInFlight } from '../../../../src/sync/outbox/writes-in-flight.js';
import { pending } from './pending.js';

const echo = { storeSeq: 1, response: {} };

describe('the writes that wait', () => {
  it('are sent in the order they were asked for, those that are sent again too', () => {
    const queue = new WriteQueue();
    const writes = [1, 2, 3, 4, 5].map((ordinal) => pending(ordinal));
    for (const at of [3, 4, 1, 0, 2]) queue.add(writes[at]!);
    expect(queue.size).toBe(5);
    const order: number[] = [];
    for (; queue.first !== undefined; queue.shift()) order.push(queue.first.ordinal);
    expect([order, queue.size]).toEqual([[1, 2, 3, 4, 5], 0]);
  });

  it('do so no more when they are withdrawn', () => {
    const queue = new WriteQueue();
    const [first, second] = [pending(1), pending(2)];
    for (const write of [first, second]) queue.add(write);
    queue.remove(first);
    expect([queue.first, queue.size]).toEqual([second, 1]);
  });
});

describe('the writes in flight', () => {
  it('count until they are answered, and so do their bytes', () => {
    const inFlight = new WritesInFlight();
    const [first, second] = [pending(1), pending(2, { value: 'x'.repeat(100) })];
    for (const write of [first, second]) inFlight.add(write);
    expect([inFlight.size, inFlight.bytes]).toEqual([2, first.bytes + second.bytes]);
    inFlight.remove(first);
    expect([inFlight.has(first), inFlight.has(second), inFlight.bytes]).toEqual([false, true, second.bytes]);
    expect([...inFlight.values()]).toEqual([second]);
  });

  it('are taken out all at once, in the order they were asked for', () => {
    const inFlight = new WritesInFlight();
    for (const ordinal of [2, 3, 1]) inFlight.add(pending(ordinal));
    expect(inFlight.takeAll().map(({ ordinal }) => ordinal)).toEqual([1, 2, 3]);
    expect([inFlight.size, inFlight.bytes, inFlight.takeAll()]).toEqual([0, 0, []]);
  });

  it('have a first without an answer, of which no event has told', () => {
    const inFlight = new WritesInFlight();
    expect(inFlight.firstUnanswered).toBeUndefined();
    const second = pending(2);
    for (const write of [pending(1, {}, { echo }), second, pending(3)]) inFlight.add(write);
    expect(inFlight.firstUnanswered).toBe(second);
    second.echo = echo;
    expect(inFlight.firstUnanswered?.ordinal).toBe(3);
  });
});

describe('the writes that are not settled', () => {
  it('count, with their bytes, and are found by their ids', () => {
    const unsettled = new UnsettledWrites();
    const [first, second] = [pending(1), pending(2, { value: 'x'.repeat(100) })];
    for (const write of [first, second]) unsettled.add(write);
    expect([unsettled.size, unsettled.bytes]).toEqual([2, first.bytes + second.bytes]);
    expect([unsettled.withId('id1'), unsettled.withId('id3')]).toEqual([first, undefined]);
    const all = unsettled.all;
    unsettled.remove(first);
    expect([unsettled.size, unsettled.bytes, unsettled.withId('id1')]).toEqual([1, second.bytes, undefined]);
    expect(all).toEqual([first, second]);
  });

  it('with one id are found by it as the last of them, until that is settled', () => {
    const unsettled = new UnsettledWrites();
    const [first, second] = [pending(1, { clientOpId: 'same' }), pending(2, { clientOpId: 'same' })];
    for (const write of [first, second]) unsettled.add(write);
    unsettled.remove(first);
    expect(unsettled.withId('same')).toBe(second);
    unsettled.remove(second);
    expect(unsettled.withId('same')).toBeUndefined();
  });

  it('are waited for until none is left', async () => {
    const unsettled = new UnsettledWrites();
    await unsettled.whenEmpty();
    const write = pending(1);
    unsettled.add(write);
    let isEmpty = false;
    const waited = unsettled.whenEmpty().then(() => (isEmpty = true));
    unsettled.tellIfEmpty();
    await Promise.resolve();
    expect(isEmpty).toBe(false);
    unsettled.remove(write);
    unsettled.tellIfEmpty();
    await waited;
    unsettled.tellIfEmpty();
  });
});

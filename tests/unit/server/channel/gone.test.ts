import { Room } from './clients.js';

/** What ends the watches over a store, in the order they were made. */
function endsOf(room: Room): jest.Mock[] {
  const ends: jest.Mock[] = [];
  const noted = (end: () => void): jest.Mock => {
    ends.push(jest.fn(end));
    return ends.at(-1)!;
  };
  const [watch, onAnew] = [room.store.watch.bind(room.store), room.store.onAnew.bind(room.store)];
  jest.spyOn(room.store, 'watch').mockImplementation((...args) => noted(watch(...args)));
  jest.spyOn(room.store, 'onAnew').mockImplementation((...args) => noted(onAnew(...args)));
  return ends;
}

test.each(['up to date', 'catching up'])(
  'a client that goes while it is %s leaves nobody on the store',
  async (when) => {
    const room = new Room();
    const ends = endsOf(room);
    const client = room.client();
    client.join();
    if (when === 'up to date') await room.caughtUp();
    expect(ends.map(({ mock }) => mock.calls.length)).toEqual([0, 0]);
    client.session.close();
    expect(ends.every(({ mock }) => mock.calls.length > 0)).toBe(true);
    await room.caughtUp();
  },
);

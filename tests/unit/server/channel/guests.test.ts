import { Guests } from '../../../../src/server/channel/guests.js';
import { start, stopAll } from '../running.js';
import { connect, disconnectAll } from './sockets.js';

afterEach(async () => {
  disconnectAll();
  await stopAll();
});

const guest = (deviceId: string) => ({ deviceId, since: 0, stores: () => [] });

test('guests are those who came and have not gone, in the order they came', () => {
  const guests = new Guests();
  const [first, second] = ['a', 'b'].map((deviceId) => guests.come(guest(deviceId)));
  expect(guests.present.map(({ deviceId }) => deviceId)).toEqual(['a', 'b']);
  first!();
  expect(guests.present.map(({ deviceId }) => deviceId)).toEqual(['b']);
  first!();
  second!();
  expect(guests.present).toEqual([]);
});

test('a client whose socket is closed is no guest any more', async () => {
  const come = jest.spyOn(Guests.prototype, 'come');
  const { url, server } = await start();
  const client = await connect(url);
  const guests = come.mock.contexts[0] as Guests;
  expect(guests.present).toHaveLength(1);
  client.socket.terminate();
  while (guests.present.length > 0) await new Promise(setImmediate);
  await server.close();
  come.mockRestore();
});

import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { Room } from './clients.js';

/** More than may wait for their answers at one time. */
const MESSAGES = 10_500;

test('messages that have been answered count no longer, however many there were', async () => {
  const room = new Room();
  const client = await room.joined();
  for (let i = 1; i <= MESSAGES; i++) {
    client.push('ack_seq', { seq: 0 });
    if (i % 500 === 0) await turnOfTheLoop();
  }
  expect(client.ended).toBe(false);
  expect(client.all('phx_reply')).toHaveLength(MESSAGES + 1);
  expect(await client.ask('status')).toMatchObject({ status: 'ok' });
});

import { setImmediate as turn } from 'node:timers/promises';
import type { Client } from './clients.js';
import { Room, TOPIC } from './clients.js';

/** A copy of a shared store at seq 2, whose reads of what was acknowledged elsewhere end when they are told to. */
async function scene() {
  const room = new Room();
  await room.fill(2);
  const barriers: { reach: () => void; fail: (error: Error) => void }[] = [];
  Object.defineProperty(room.store, 'isShared', { value: true });
  room.store.barrier = () =>
    new Promise((reach, fail) => {
      barriers.push({ reach, fail });
    });
  return { room, client: room.client(), barriers };
}

/** Which joins were answered, and how. */
const answers = (client: Client, refs: readonly string[]) => refs.map((ref) => client.replyTo(ref)?.status);

it('a client that has seen more joins when the copy has read what was acknowledged, and is refused where it cannot', async () => {
  const { client, barriers } = await scene();
  const first = client.join(5);
  await turn();
  expect(answers(client, [first])).toEqual([undefined]);
  barriers[0]!.reach();
  await turn();
  expect(answers(client, [first])).toEqual(['ok']);
  const second = client.join(5);
  barriers[1]!.fail(new Error('gone'));
  await turn();
  expect(client.replyTo(second)).toEqual({ status: 'error', response: { reason: 'join crashed' } });
});

it('a later join takes the place of one that waits, whether it waits itself or not', async () => {
  const { client, barriers } = await scene();
  const [first, second] = [client.join(5), client.join(6)];
  for (const { reach } of barriers) reach();
  await turn();
  expect(answers(client, [first, second])).toEqual([undefined, 'ok']);
  const third = client.join(7);
  const fourth = client.join(2);
  expect(answers(client, [fourth])).toEqual(['ok']);
  barriers[2]!.reach();
  await turn();
  expect(answers(client, [third, fourth])).toEqual([undefined, 'ok']);
});

it('a join that waits is called off by leaving, and by the end of the connection', async () => {
  const { room, client, barriers } = await scene();
  const left = client.join(5);
  const leaving = client.push('phx_leave');
  expect(client.replyTo(leaving)).toEqual({ status: 'ok', response: {} });
  const other = room.client('other');
  const closed = other.join(5);
  other.session.close();
  for (const { reach } of barriers) reach();
  await turn();
  expect([...answers(client, [left]), ...answers(other, [closed])]).toEqual([undefined, undefined]);
  await room.set('k/new', 1);
  expect(client.seqs).toEqual([]);
  expect(client.push('phx_leave', {}, TOPIC)).toBeDefined();
});

import { Socket } from 'node:net';
import { Connections } from '../../../../../src/transport/http/client/connections.js';

/** The kept connections of a client, of either scheme one that is idle and one that is in use. */
function scene() {
  const connections = new Connections({ connections: 2, idle: 1000 });
  const [idle, used] = [[new Socket(), new Socket()] as const, [new Socket(), new Socket()] as const];
  for (const [i, agent] of [connections.http, connections.https].entries()) {
    Object.assign(agent.freeSockets, { 'server:1': [idle[i]] });
    Object.assign(agent.sockets, { 'server:1': [used[i]] });
  }
  return {
    connections,
    destroyed: () => ({
      idle: idle.map(({ destroyed }) => destroyed),
      used: used.map(({ destroyed }) => destroyed),
    }),
  };
}

it('of a client that is closed end, used or not', () => {
  const { connections, destroyed } = scene();
  connections.close();
  expect(destroyed()).toEqual({ idle: [true, true], used: [true, true] });
});

it('that nobody uses end when one of them was found dead, and no others', () => {
  const { connections, destroyed } = scene();
  connections.dropIdle();
  expect(destroyed()).toEqual({ idle: [true, true], used: [false, false] });
  connections.close();
});

import { openLink, resources, settledTo } from '../../unit/sync/phoenix/link-scene.js';
import type { Probe } from '../../unit/sync/phoenix/link-scene.js';
import type { Script } from '../../unit/sync/phoenix/scripted-server.js';
import { JOINED, ScriptedServer, joinsAll } from '../../unit/sync/phoenix/scripted-server.js';
import { TcpProxy } from '../tcp-proxy.js';

const TOPIC = 'store:acme/reading';
const HEARTBEAT = 50;

let server: ScriptedServer;
let proxy: TcpProxy;
let before: string[];

/** Joins everybody, answers writes, and keeps nothing. */
const writable: Script = (client, frame) => {
  joinsAll(client, frame);
  if (frame[3] === 'write') client.reply(frame, 'ok', { store_seq: 8 });
};

beforeEach(async () => {
  before = resources();
  server = await ScriptedServer.open(writable);
  proxy = await TcpProxy.open(server.port);
});

afterEach(async () => {
  await proxy.close();
  await server.close();
  await settledTo(before);
});

function throughProxy(heartbeatInterval = HEARTBEAT): Probe {
  return openLink(`ws://127.0.0.1:${proxy.port}/ws/sync/websocket`, { heartbeatInterval });
}

async function joined(heartbeatInterval?: number): Promise<Probe> {
  const probe = throughProxy(heartbeatInterval);
  expect(await probe.link.join(0)).toEqual(JOINED);
  return probe;
}

describe('a link over a network that', () => {
  it('works passes everything on', async () => {
    const { link, arrived } = await joined(30_000);
    expect(await link.push('write', { op: 'set', path: 'x', value: 'y'.repeat(3_000_000) })).toMatchObject({
      status: 'ok',
    });
    server.clients[0]!.send([null, null, TOPIC, 'event', 'z'.repeat(3_000_000)]);
    await arrived(1);
    expect(proxy.bytes.up).toBeGreaterThan(3_000_000);
    expect(proxy.bytes.down).toBeGreaterThan(3_000_000);
    link.close();
    await proxy.until(({ open }) => open === 0);
    expect(proxy.accepted).toBe(1);
  });

  it('cuts it is lost at once, and does not come back by itself', async () => {
    const { ended, ends } = await joined();
    proxy.cut();
    expect(await ended).toMatchObject({ kind: 'lost' });
    await proxy.until(({ open }) => open === 0);
    await new Promise((resolve) => setTimeout(resolve, 3 * HEARTBEAT));
    expect(ends).toHaveLength(1);
    expect(proxy.accepted).toBe(1);
  });

  it('resets new connections is lost before the join', async () => {
    proxy.refuse();
    const { link, ended } = throughProxy();
    await expect(link.join(0)).rejects.toMatchObject({ kind: 'network' });
    expect(await ended).toMatchObject({ kind: 'lost' });
    proxy.refuse(false);
    (await joined()).link.close();
  });

  it.each([[['up', 'down']], [['up']], [['down']]] as const)(
    'stalls (%p) is lost within two heartbeats',
    async (directions) => {
      const { link, ended, ends } = await joined();
      proxy.stall(...directions);
      const start = performance.now();
      void link.push('write', { op: 'set', path: 'x', value: 1 });
      expect(await ended).toEqual({ kind: 'lost', reason: 'the server did not answer a heartbeat' });
      expect(performance.now() - start).toBeLessThan(2 * HEARTBEAT + 100);
      proxy.resume();
      await proxy.until(({ open }) => open === 0);
      expect(ends).toHaveLength(1);
    },
  );

  it('stalls for less than a heartbeat goes on where it was', async () => {
    const { link, ends } = await joined();
    proxy.stall();
    const reply = link.push('write', { op: 'set', path: 'x', value: 1 });
    await new Promise((resolve) => setTimeout(resolve, HEARTBEAT / 2));
    proxy.resume();
    expect(await reply).toMatchObject({ status: 'ok' });
    expect(ends).toEqual([]);
    link.close();
  });

  it('stalls lets it be closed within a second or so', async () => {
    const { link, ends } = await joined();
    proxy.stall();
    const start = performance.now();
    link.close();
    await settledTo(before.concat('TCPSERVERWRAP', 'TCPSERVERWRAP', 'client', 'server', 'accepted'));
    expect(performance.now() - start).toBeLessThan(2500);
    expect(ends).toEqual([]);
  });
});

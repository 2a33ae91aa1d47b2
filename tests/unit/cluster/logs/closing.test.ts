import { once } from 'node:events';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import type { ReplicatedLog } from '../../../../src/cluster/log/replicated-log.js';
import { openPostgresLog } from '../../../../src/cluster/logs/postgres/index.js';
import { refusalOf } from '../../store/open-store.js';

/** A time that no test waits for. */
const FOREVER = 3_600_000;

/** Machines that accept connections, and never say a word. */
const silent: { readonly server: Server; readonly sockets: Set<Socket> }[] = [];
let log: ReplicatedLog;

async function silentHost(): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => sockets.add(socket.on('error', () => undefined)));
  silent.push({ server, sockets });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const connected = (i: number): Promise<unknown> =>
  silent[i]!.sockets.size > 0 ? Promise.resolve() : once(silent[i]!.server, 'connection');

beforeEach(async () => {
  const hosts = [await silentHost(), await silentHost()];
  log = await openPostgresLog({
    url: `postgres://postgres@${hosts.join(',')}/postgres`,
    store: 'acme/app',
    timeout: FOREVER,
  });
});

afterEach(async () => {
  await log.close();
  for (const { server, sockets } of silent.splice(0)) {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  }
});

describe('while no server answers', () => {
  it('a log is closed at once, and what was asked of it fails', async () => {
    const appending = refusalOf(log.append(new Uint8Array(1)));
    const reading = refusalOf(log.bounds());
    await Promise.all([connected(0), connected(1)]);
    await log.close();
    expect(await appending).toMatchObject({ kind: 'closed' });
    expect(await reading).toMatchObject({ kind: 'closed' });
  });

  it('all are tried at the same time', async () => {
    const appending = refusalOf(log.append(new Uint8Array(1)));
    await Promise.all([connected(0), connected(1)]);
    await log.close();
    expect(await appending).toMatchObject({ kind: 'closed' });
  });

  it('requests are called off at once', async () => {
    const calledOff = new AbortController();
    const { signal } = calledOff;
    const asked = [
      log.append(new Uint8Array(1), { signal }),
      log.read(1, { maxBytes: 1, signal }),
      log.bounds({ signal }),
    ].map(refusalOf);
    await connected(0);
    calledOff.abort();
    for (const each of asked) expect(await each).toMatchObject({ kind: 'aborted' });
  });
});

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { connect } from 'node:net';
import { DustError } from '../../../src/errors.js';
import { DialingAgent } from '../../../src/transport/dialing-agent.js';
import type { Dial } from '../../../src/transport/dialing-agent.js';
import { createHttpClient } from '../../../src/transport/http/index.js';
import { wasNotCarriedOut } from '../../../src/transport/not-carried-out.js';

const server = createServer((_request, response) => {
  response.setHeader('content-type', 'application/json');
  response.end('{"keys":[]}');
});
const sockets: Socket[] = [];

beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
});

afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  server.close();
  await once(server, 'close');
});

/** Connects to the server, whatever the url says. */
const toServer: Dial = async () => {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  sockets.push(socket);
  await once(socket, 'connect');
  return socket;
};

const rejectionOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

const client = (dial: Dial, timeout = {}) =>
  createHttpClient({ url: 'http://nowhere', store: 'a/b', token: 'dust_tok_0', timeout }, dial);
const read = { method: 'GET', target: '/api/stores/a/b/entries', effect: 'read' } as const;

describe('a client that opens its connections itself', () => {
  it('reaches what its url does not name, and keeps the connection', async () => {
    let dialed = 0;
    const http = client(() => {
      dialed++;
      return toServer();
    });
    for (let n = 0; n < 3; n++) expect((await http.send(read)).body).toEqual({ keys: [] });
    expect(dialed).toBe(1);
    expect(sockets.at(-1)?.destroyed).toBe(false);
    http.close();
    expect(sockets.at(-1)?.destroyed).toBe(true);
  });

  it('asks no proxy', async () => {
    process.env.HTTP_PROXY = 'http://127.0.0.1:1';
    try {
      const http = client(toServer);
      expect((await http.send(read)).status).toBe(200);
      http.close();
    } finally {
      delete process.env.HTTP_PROXY;
    }
  });

  it('says why there is no connection, and that nothing was sent', async () => {
    const away = new DustError('network', 'nobody is there', { detail: 'owner_away' });
    const http = client(() => Promise.reject(away));
    const error = await rejectionOf(http.send({ ...read, method: 'POST', effect: 'once' }));
    expect(error).toBe(away);
    expect(wasNotCarriedOut(error)).toBe(true);
    http.close();
  });

  it('waits for a connection as long as for any', async () => {
    const http = client(() => new Promise(() => undefined), { connect: 20 });
    const error = await rejectionOf(http.send(read));
    expect(error).toMatchObject({ kind: 'timeout', detail: 'connect' });
    http.close();
  });

  it('leaves no connection behind that comes too late', async () => {
    let arrive!: (socket: Socket) => void;
    const agent = new DialingAgent(
      () =>
        new Promise((resolve) => {
          arrive = resolve;
        }),
    );
    const failed = new Promise<Error | null>((resolve) => {
      agent.createConnection({}, resolve);
    });
    agent.destroy();
    const socket = await toServer();
    arrive(socket);
    expect(await failed).toMatchObject({ message: 'the client was closed meanwhile' });
    expect(socket.destroyed).toBe(true);
  });
});

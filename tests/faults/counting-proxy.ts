import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';

/** A request that went through, and how it was answered. */
export interface ProxiedRequest {
  readonly method: string;
  readonly target: string;
  readonly status: number;
}

/** Stands between clients and a server, and keeps a list of the requests that went through; sockets go through unseen. */
export class CountingProxy {
  /** Answered requests, in the order of their answers. */
  readonly requests: ProxiedRequest[] = [];
  /** Where clients send their requests. */
  readonly url: string;
  readonly #server: Server;
  readonly #agent: Agent;
  readonly #upstream: URL;
  readonly #refuse: (method: string, target: string) => boolean;
  readonly #sockets = new Set<Duplex>();
  #underWay = 0;

  private constructor(server: Server, upstream: string, refuse: (method: string, target: string) => boolean) {
    this.#server = server;
    this.#agent = new Agent({ keepAlive: true });
    this.#upstream = new URL(upstream);
    this.#refuse = refuse;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('request', (incoming: IncomingMessage, outgoing: ServerResponse) => {
      this.#pass(incoming, outgoing);
    });
    server.on('upgrade', (incoming: IncomingMessage, client: Duplex) => {
      this.#passSocket(incoming, client);
    });
  }

  /** A proxy in front of `upstream`. What `refuse` is true for is answered with 403 and goes no further. */
  static async open(
    upstream: string,
    refuse: (method: string, target: string) => boolean = () => false,
  ): Promise<CountingProxy> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new CountingProxy(server, upstream, refuse);
  }

  /** Requests that have come in and are not answered. */
  get underWay(): number {
    return this.#underWay;
  }

  /** How many requests have been answered with this status. */
  answeredWith(status: number): number {
    return this.requests.filter((proxied) => proxied.status === status).length;
  }

  /** How many requests have been answered with success, by what a server's limits count them as. */
  get accepted(): { readonly reads: number; readonly writes: number } {
    const accepted = this.requests.filter(({ status }) => status < 400);
    const reads = accepted.filter(({ method }) => method === 'GET' || method === 'HEAD').length;
    return { reads, writes: accepted.length - reads };
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => {
      this.#server.close(resolve);
      this.#server.closeAllConnections();
    });
    this.#agent.destroy();
  }

  #pass(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { method = '', url: target = '' } = incoming;
    this.#underWay += 1;
    outgoing.on('close', () => {
      this.#underWay -= 1;
      this.requests.push({ method, target, status: outgoing.statusCode });
    });
    if (this.#refuse(method, target)) {
      incoming.resume();
      outgoing.writeHead(403).end();
      return;
    }
    const { hostname, port } = this.#upstream;
    const { headers } = incoming;
    const passed = request(
      { hostname, port, method, path: target, headers, agent: this.#agent },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    passed.on('error', () => outgoing.destroy());
    incoming.pipe(passed);
  }

  /** A client that asks for a socket says nothing before it has one. */
  #passSocket({ method, url, rawHeaders }: IncomingMessage, client: Duplex): void {
    const upstream = connect(Number(this.#upstream.port), this.#upstream.hostname);
    const lines = rawHeaders.map((text, i) => (i % 2 === 0 ? `${text}: ` : `${text}\r\n`));
    upstream.write(`${method} ${url} HTTP/1.1\r\n${lines.join('')}\r\n`);
    client.pipe(upstream).pipe(client);
    const both = [client, upstream];
    for (const socket of both) {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        for (const each of both) this.#sockets.delete(each.destroy());
      });
    }
  }
}

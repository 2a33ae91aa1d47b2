import type { AddressInfo, Server, Socket } from 'node:net';
import { connect, createServer } from 'node:net';

/** Where a node listens. */
export interface NodeAddress {
  readonly host: string;
  readonly port: number;
}

/** Stands before the nodes, for one client: its connections go to one of them, and to the next when that one does not take them. */
export class Balancer {
  readonly #nodes: readonly NodeAddress[];
  readonly #avoided: ReadonlySet<number>;
  readonly #patience: number;
  readonly #server: Server;
  /** Of connections to nodes: resolves when it is closed. */
  readonly #closing = new Set<Promise<unknown>>();
  /** Both sides of each connection. */
  readonly #pairs = new Map<Socket, { readonly node: number; readonly upstream: Socket }>();
  #node: number;

  private constructor(server: Server, { nodes, first, avoided, patience }: BalancerOptions) {
    this.#server = server;
    this.#nodes = nodes;
    this.#node = first;
    this.#avoided = avoided;
    this.#patience = patience;
    server.on('connection', (client) => {
      this.#accept(client);
    });
  }

  static async open(options: BalancerOptions): Promise<Balancer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Balancer(server, options);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Cuts all connections; the next ones go to another node. */
  move(): void {
    this.#node = (this.#node + 1) % this.#nodes.length;
    this.#cut(() => true);
  }

  /** Cuts those that go to a node. */
  leave(node: number): void {
    this.#cut((each) => each === node);
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#cut(() => true);
    await closed;
    await Promise.all(this.#closing);
  }

  #cut(goes: (node: number) => boolean): void {
    for (const [client, { node, upstream }] of [...this.#pairs]) {
      if (!goes(node)) continue;
      client.destroy();
      upstream.destroy();
    }
  }

  #accept(client: Socket): void {
    if (this.#avoided.has(this.#node)) this.#node = (this.#node + 1) % this.#nodes.length;
    const node = this.#node;
    const upstream = connect({ ...this.#nodes[node]!, noDelay: true });
    this.#pairs.set(client, { node, upstream });
    const closed = new Promise((resolve) => upstream.once('close', resolve));
    this.#closing.add(closed);
    void closed.then(() => this.#closing.delete(closed));
    upstream.setTimeout(this.#patience, () => upstream.destroy());
    upstream.on('connect', () => upstream.setTimeout(0));
    const end = (): void => {
      this.#pairs.delete(client);
      // Where it did not get, or was thrown out, the next one need not try.
      if (this.#node === node) this.#node = (node + 1) % this.#nodes.length;
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) socket.on('error', end);
    upstream.on('close', end);
    client.on('close', () => {
      this.#pairs.delete(client);
      upstream.destroy();
    });
    client.setNoDelay(true);
    client.pipe(upstream).pipe(client);
  }
}

/** What a {@link Balancer} stands before. */
export interface BalancerOptions {
  readonly nodes: readonly NodeAddress[];
  /** Where the first connection goes. */
  readonly first: number;
  /** Nodes that are given no connection. */
  readonly avoided: ReadonlySet<number>;
  /** Milliseconds that a node may take to accept one. */
  readonly patience: number;
}

import type { AddressInfo, Server, Socket } from 'node:net';
import { connect, createServer } from 'node:net';

/** Which way bytes go: `up` from client to server, `down` back. */
export type Direction = 'up' | 'down';

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
}

/** Stands between clients and a server at the level of TCP, and breaks connections in the ways networks do. */
export class TcpProxy {
  /** Connections accepted so far. */
  accepted = 0;
  /** Bytes passed on so far, by direction. */
  readonly bytes: Record<Direction, number> = { up: 0, down: 0 };
  readonly #upstreams: readonly number[];
  readonly #pairs = new Set<Pair>();
  readonly #stalled = new Set<Direction>();
  readonly #watchers = new Set<() => void>();
  readonly #server: Server;
  #refuses = false;

  private constructor(server: Server, upstreams: readonly number[]) {
    this.#server = server;
    this.#upstreams = upstreams;
    server.on('connection', (client) => this.#accept(client));
  }

  /** A proxy on a free port of this machine, in front of other ones: each connection goes to the next of them. */
  static async open(...upstreams: readonly [number, ...number[]]): Promise<TcpProxy> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new TcpProxy(server, upstreams);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Connections that stand. */
  get open(): number {
    return this.#pairs.size;
  }

  /** Resets every connection (RST) on both sides. */
  cut(): void {
    for (const { client, server } of this.#pairs) {
      reset(client);
      reset(server);
    }
  }

  /** Stops passing bytes on; connections stay open, and an end of one side is not told to the other (half-open). */
  stall(...directions: readonly Direction[]): void {
    for (const direction of directions.length === 0 ? (['up', 'down'] as const) : directions) {
      this.#stalled.add(direction);
    }
    this.#apply();
  }

  /** Passes on again, what has been kept back first. */
  resume(): void {
    this.#stalled.clear();
    this.#apply();
  }

  /** From now on new connections are reset at once, or accepted again. */
  refuse(refuses = true): void {
    this.#refuses = refuses;
  }

  /** Resolves once `condition` holds; looked at whenever something happened. */
  until(condition: (proxy: this) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!condition(this)) return;
        this.#watchers.delete(look);
        resolve();
      };
      this.#watchers.add(look);
      look();
    });
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.cut();
    await closed;
    await this.until(({ open }) => open === 0);
  }

  #accept(client: Socket): void {
    const upstream = this.#upstreams[this.accepted % this.#upstreams.length];
    this.accepted += 1;
    if (this.#refuses || upstream === undefined) {
      client.on('error', () => undefined);
      client.resetAndDestroy();
      this.#changed();
      return;
    }
    const server = connect(upstream, '127.0.0.1');
    const pair: Pair = { client, server };
    this.#pairs.add(pair);
    this.#pass(pair, 'up', client, server);
    this.#pass(pair, 'down', server, client);
    this.#apply();
    this.#changed();
  }

  #pass(pair: Pair, direction: Direction, from: Socket, to: Socket): void {
    from.setNoDelay(true);
    from.on('data', (chunk) => {
      this.bytes[direction] += chunk.length;
      // Whoever reads slowly slows down whoever writes; whoever is gone does not.
      if (!to.destroyed && !to.write(chunk)) {
        from.pause();
        to.once('drain', () => this.#apply());
      }
      this.#changed();
    });
    from.on('end', () => to.end());
    from.on('error', () => undefined);
    from.on('close', (hadError) => {
      if (hadError) reset(to);
      else to.end();
      this.#forget(pair);
    });
  }

  #forget(pair: Pair): void {
    if (pair.client.closed && pair.server.closed) this.#pairs.delete(pair);
    this.#apply();
    this.#changed();
  }

  #apply(): void {
    for (const { client, server } of this.#pairs) {
      if (this.#stalled.has('up')) client.pause();
      else client.resume();
      if (this.#stalled.has('down')) server.pause();
      else server.resume();
    }
  }

  #changed(): void {
    for (const look of [...this.#watchers]) look();
  }
}

/** One that is being shut down cannot be reset, and would never tell that it is closed. */
function reset(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}

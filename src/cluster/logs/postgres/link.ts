import { Socket } from 'node:net';
import type { Client, ClientConfig } from 'pg';
import type { LoginPlace } from './refusals.js';

/** What is needed of the package `pg`. */
export interface PostgresDriver {
  readonly Client: typeof Client;
}

/** One connection to one server, from its first attempt on. Ended by its socket: the driver does not end what is not answered. */
export class Link {
  readonly server: string;
  /** Where it goes, for people to read: without the password. */
  readonly place: LoginPlace;
  readonly client: Client;
  readonly #socket = new Socket();

  /** Connects nothing yet. @param onEnd hears that the connection is lost, more than once perhaps */
  constructor(
    { Client }: PostgresDriver,
    server: string,
    { onEnd, ...config }: ClientConfig & { readonly onEnd: (link: Link) => void },
  ) {
    this.server = server;
    this.client = new Client({ ...config, connectionString: server, stream: () => this.#socket });
    const { host, port, user = '' } = this.client;
    this.place = { address: `${host}:${port}`, user };
    const end = (): void => {
      onEnd(this);
    };
    // Without a listener, the end of an idle connection would end the process.
    this.client.on('error', end);
    this.client.on('end', end);
  }

  /** Ends it at once: what is under way fails. */
  cut(): void {
    this.#socket.destroy();
  }

  /** Tells the server, if it can be told, and waits for no answer. */
  end(): void {
    if (!this.#socket.destroyed) void this.client.end().catch(() => undefined);
    this.#socket.destroySoon();
  }
}

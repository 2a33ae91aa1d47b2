import type { AgentOptions, ClientRequestArgs } from 'node:http';
import { Agent } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/**
 * Opens a connection to a server that is reached in a way of its own, and not by the host of its url. Resolves when it stands.
 *
 * @throws DustError `network` when there is nobody to connect to: nothing was sent then
 */
export type Dial = () => Promise<Socket>;

/** How a server is reached that is in no place of its own. */
export interface ServerWay<Client> {
  readonly dial: Dial;
  /** What sends the requests, over the client that sends each of them once. */
  readonly over: (client: Client) => Client;
}

/** The connections of a client that opens them itself. */
export class DialingAgent extends Agent {
  readonly #dial: Dial;
  #isDestroyed = false;

  constructor(dial: Dial, options?: AgentOptions) {
    super(options);
    this.#dial = dial;
  }

  override createConnection(
    _options: ClientRequestArgs,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    // Node's own type has no word for a failure, of which there is no stream.
    const done = callback as ((error: Error | null, stream?: Duplex) => void) | undefined;
    this.#dial().then(
      (socket) => {
        if (!this.#isDestroyed) {
          done?.(null, socket);
          return;
        }
        socket.destroy();
        done?.(new Error('the client was closed meanwhile'));
      },
      (error: unknown) => done?.(error instanceof Error ? error : new Error(String(error))),
    );
  }

  /** Those that are still being opened end, too. */
  override destroy(): void {
    this.#isDestroyed = true;
    super.destroy();
  }
}

import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';

/** What a server answered. */
export interface Answer {
  readonly status: number;
  /** The body as it came; parse it where it is looked at. */
  readonly text: string;
}

/** The least that speaks HTTP to a store, so that the server is measured and not its client. Connections are kept alive. */
export class JsonClient {
  readonly #agent: Agent;
  readonly #base: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #url: URL;

  constructor(url: string, store: string, token: string, connections: number) {
    this.#url = new URL(url);
    this.#base = `/api/stores/${store}`;
    this.#headers = { Authorization: `Bearer ${token}` };
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** Sends one request to a path below the store. Rejects when there is no answer. */
  send(method: string, target: string, body?: unknown): Promise<Answer> {
    const sent = body === undefined ? undefined : JSON.stringify(body);
    const headers =
      sent === undefined
        ? this.#headers
        : {
            ...this.#headers,
            'Content-Type': 'application/json',
            'Content-Length': String(Buffer.byteLength(sent)),
          };
    return new Promise((resolve, reject) => {
      request(
        {
          host: this.#url.hostname,
          port: this.#url.port,
          path: this.#base + target,
          method,
          headers,
          agent: this.#agent,
        },
        (response) => {
          text(response).then((body) => {
            resolve({ status: response.statusCode ?? 0, text: body });
          }, reject);
        },
      )
        .on('error', reject)
        .end(sent);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

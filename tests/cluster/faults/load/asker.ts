import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

/** A request below the path of the store. */
export interface Ask {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: unknown;
  /** The client's id of a write: asked again under it, on any node, the write counts once. */
  readonly id?: string;
}

/** What a node said. */
export interface Reply {
  readonly status: number;
  readonly body: any;
}

/** Asks one node. @throws when it does not answer in time */
export type Send = (node: number, ask: Ask, signal: AbortSignal) => Promise<Reply>;

/** How nodes are reached over HTTP. Close it. */
export class HttpSender {
  readonly #urls: readonly string[];
  readonly #store: string;
  readonly #token: string;
  readonly #agent = new Agent({ keepAlive: true });

  constructor(urls: readonly string[], { store, token }: { readonly store: string; readonly token: string }) {
    this.#urls = urls;
    this.#store = store;
    this.#token = token;
  }

  readonly send: Send = async (node, { method, path, body, id }, signal) => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const asked = request(`${this.#urls[node]}/api/stores/${this.#store}${path}`, {
      agent: this.#agent,
      method,
      signal,
      headers: {
        authorization: `Bearer ${this.#token}`,
        ...(id === undefined ? {} : { 'x-request-id': id }),
        ...(text === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
      },
    });
    asked.end(text);
    const [answer] = (await once(asked, 'response', { signal })) as [IncomingMessage];
    const pieces: Buffer[] = [];
    for await (const piece of answer) pieces.push(piece as Buffer);
    const said = Buffer.concat(pieces).toString();
    const isJson = answer.headers['content-type']?.startsWith('application/json') === true;
    return { status: answer.statusCode ?? 0, body: isJson ? JSON.parse(said) : said };
  };

  close(): void {
    this.#agent.destroy();
  }
}

/** What came of a request that was asked until its outcome was known. */
export interface Known {
  readonly reply: Reply;
  readonly node: number;
  /** Whether an earlier try may have been carried out, too, or may yet be. */
  readonly wasUnsure: boolean;
}

/** Milliseconds before the next node is asked, when all have failed. */
const BREATH = 25;

/** A client that asks another node when one does not answer. */
export class Asker {
  readonly #send: Send;
  readonly #nodes: number;
  readonly #patience: number;
  /** Nodes that nobody of the load asks for now. */
  readonly #avoided: ReadonlySet<number>;

  /** @param patience milliseconds that a node may take to answer */
  constructor(send: Send, nodes: number, patience: number, avoided: ReadonlySet<number>) {
    this.#send = send;
    this.#nodes = nodes;
    this.#patience = patience;
    this.#avoided = avoided;
  }

  /** One try at one node; undefined when the outcome is not known. */
  async once(node: number, ask: Ask): Promise<Reply | undefined> {
    if (this.#avoided.has(node)) return undefined;
    try {
      const reply = await this.#send(node, ask, AbortSignal.timeout(this.#patience));
      return reply.status >= 500 || reply.status === 429 ? undefined : reply;
    } catch {
      return undefined;
    }
  }

  /** Asks one node after the other, beginning with `first`, until one knows the outcome; undefined when none does before `isOver`. */
  async untilKnown(first: number, ask: Ask, isOver: () => boolean): Promise<Known | undefined> {
    for (let tries = 0; tries === 0 || !isOver(); tries++) {
      const node = (first + tries) % this.#nodes;
      const reply = await this.once(node, ask);
      if (reply !== undefined) return { reply, node, wasUnsure: tries > 0 };
      await pause(BREATH);
    }
    return undefined;
  }
}

/** A batch of one operation, which is how HTTP writes more than values. */
export function write(operation: object, id: string): Ask {
  return { method: 'POST', path: '/entries/batch_write', body: { ops: [operation] }, id };
}

/** What lies at a path. */
export function read(path: string): Ask {
  return { method: 'GET', path: `/entries/${path}` };
}

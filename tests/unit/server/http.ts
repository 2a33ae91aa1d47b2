import { request as send } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body read as JSON; undefined when it is none. */
  readonly json: any;
}

export interface Request {
  readonly method?: string;
  /** The request target, sent as it stands: no `..` is folded away. */
  readonly path: string;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON with its content type. */
  readonly body?: unknown;
  /** Sent as it is, without a content type of its own. */
  readonly raw?: string | Uint8Array;
  /** The body's length is not told beforehand. */
  readonly chunked?: boolean;
}

/** One request on a connection of its own, without any of the courtesies of `fetch`. */
export function http(url: string, request: Request): Promise<Answer> {
  const {
    method = 'GET',
    path,
    token,
    body,
    raw = body === undefined ? undefined : JSON.stringify(body),
  } = request;
  const { hostname, port } = new URL(url);
  const headers: Record<string, string> = {
    connection: 'close',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(raw === undefined || request.chunked === true
      ? {}
      : { 'content-length': String(Buffer.byteLength(raw)) }),
    ...request.headers,
  };
  return new Promise((resolve, reject) => {
    const outgoing = send({ hostname, port, method, path, headers, agent: false }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text, json: parsed(text) });
      });
    });
    outgoing.on('error', reject);
    if (raw !== undefined) outgoing.write(raw);
    outgoing.end();
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

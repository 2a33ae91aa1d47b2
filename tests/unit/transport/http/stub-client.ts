import type { DustErrorDetails, DustErrorKind } from '../../../../src/index.js';
import { DustError, HttpTransport } from '../../../../src/index.js';
import type {
  HttpClient,
  HttpRequest,
  HttpResponse,
} from '../../../../src/transport/http/client/http-client.js';
import type { HttpTransportOptions } from '../../../../src/transport/http/options.js';

/** An answer with a body of JSON. */
export const ok = (body: unknown): HttpResponse => ({ status: 200, headers: new Map(), body });
/** The answer for an entry that is not there. */
export const missing: HttpResponse = { status: 404, headers: new Map(), body: undefined };
export const page = (items: readonly unknown[], next_cursor: string | null = null) =>
  ok({ items, next_cursor });
export const leaf = (path: string, value: unknown, revision = 1, type = 'string') => ({
  path,
  value,
  type,
  revision,
});
export const receipt = (store_seq: number) => ok({ revision: store_seq, store_seq });

/** Fails as the client does for an answer or a broken connection. */
export function fail(kind: DustErrorKind, details: DustErrorDetails = {}): never {
  throw new DustError(kind, `${kind}, said the stub.`, details);
}

type Answer = (request: HttpRequest) => HttpResponse | Promise<HttpResponse>;

/** A client that notes what it is asked to send and answers as a test says. */
export class StubClient implements HttpClient {
  readonly requests: HttpRequest[] = [];
  closed = false;
  answer: Answer = () => page([]);

  async send(request: HttpRequest): Promise<HttpResponse> {
    this.requests.push(request);
    return this.answer(request);
  }

  close(): void {
    this.closed = true;
  }

  /** What was asked for: method and target below the store, without its percent-encoding. */
  get calls(): string[] {
    return this.requests.map(
      ({ method, target }) => `${method} ${decodeURIComponent(target).replace('/api/stores/acme/demo', '')}`,
    );
  }

  /** Answers the next requests one after the other; an error is thrown. */
  script(...answers: readonly (HttpResponse | Error)[]): void {
    const left = [...answers];
    this.answer = () => {
      const next = left.shift();
      if (next === undefined) throw new Error('The script is over.');
      if (next instanceof Error) throw next;
      return next;
    };
  }
}

/** A connected transport on a stub; the probe is forgotten. */
export async function connected(
  options: Partial<HttpTransportOptions> = {},
): Promise<{ transport: HttpTransport; client: StubClient }> {
  const client = new StubClient();
  const transport = new HttpTransport(
    { url: 'http://localhost', store: 'acme/demo', token: 'dust_tok_stub', ...options },
    client,
  );
  await transport.connect();
  client.requests.length = 0;
  return { transport, client };
}

/** A promise, and what settles it. */
export function deferred<T>() {
  let resolve!: (value: T) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<T>((onValue, onError) => {
    resolve = onValue;
    reject = onError;
  });
  return { promise, resolve, reject };
}

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { HttpTransport } from '../../src/index.js';
import { createHttpClient } from '../../src/transport/http/create-http-client.js';
import type { HttpClient, HttpRequest } from '../../src/transport/http/client/http-client.js';
import type { Bypass } from './recorded-calls.js';
import { recordedCall } from './recorded-calls.js';
import type { RecordedRequest, RecordedResponse, RecordedStep } from './recording.js';
import { isBrief, matchesRecorded, recordedSteps } from './recording.js';
import type { ReceivedRequest, StandIn } from './stand-in.js';
import { startStandIn } from './stand-in.js';

const RECORDINGS = readdirSync(join(__dirname, 'recordings'))
  .filter((name) => name.startsWith('http-'))
  .map((name) => name.replace('.json', ''));

const STORE = 'acme/demo';
const NOTHING: RecordedResponse = {
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: { items: [], next_cursor: null },
};

let standIn: StandIn;
const disposals: (() => unknown)[] = [];

beforeAll(async () => {
  standIn = await startStandIn();
});

afterEach(async () => {
  for (const dispose of disposals.splice(0)) await dispose();
});

afterAll(() => standIn.close());

const tokenOf = ({ token = 'full' }: RecordedRequest): string => `dust_tok_${token}`;

const targetOf = ({ path }: RecordedRequest): string => path.replace('$STORE', STORE);

const storeOf = (request: RecordedRequest): string =>
  /^\/api\/stores\/([^/]+\/[^/]+)\//.exec(targetOf(request))?.[1] ?? STORE;

const optionsOf = (request: RecordedRequest) => ({
  url: standIn.url,
  store: storeOf(request),
  token: tokenOf(request),
});

async function transportFor(request: RecordedRequest): Promise<HttpTransport> {
  const transport = new HttpTransport(optionsOf(request));
  disposals.push(() => transport.close());
  standIn.answerWith(NOTHING);
  await transport.connect();
  return transport;
}

function clientFor(request: RecordedRequest): HttpClient {
  const client = createHttpClient(optionsOf(request));
  disposals.push(() => {
    client.close();
  });
  return client;
}

/** The request itself, for what no method of the transport makes. */
function rawRequest(request: RecordedRequest): HttpRequest {
  const { method, headers, body, raw } = request;
  return {
    method: method as HttpRequest['method'],
    target: targetOf(request),
    effect: method === 'GET' || method === 'HEAD' ? 'read' : 'idempotent',
    headers,
    ...(raw === undefined ? { body: body as never } : { body: raw, contentType: 'application/json' }),
  };
}

/** The two batches that were cut for size: 1000 and 1001 operations alike. */
function whole({ request, response }: RecordedStep): {
  request: RecordedRequest;
  response: RecordedResponse;
} {
  if (!isBrief(request)) return { request, response };
  const count = response.status === 200 ? 1000 : 1001;
  const ops = Array.from({ length: count }, (_, i) => ({ op: 'set', path: `b/k${i}`, value: i }));
  const restored = { method: 'POST', path: '/api/stores/$STORE/entries/batch_write', body: { ops } };
  const text = JSON.stringify(restored);
  expect(text.startsWith(request.head)).toBe(true);
  // It was counted under the store's real name, which is one character longer than the placeholder.
  expect(text.length + 1).toBe(request.chars);
  if (!isBrief(response.body)) return { request: restored, response };
  const receipts = ops.map(({ path }, i) => ({ path, revision: 15 + i, store_seq: 15 + i }));
  const body = { ops: receipts, store_seq: 1014 };
  expect(matchesRecorded(body, response.body)).toBe(true);
  return { request: restored, response: { ...response, body } };
}

/** What PROTOCOL §3 says of an answer outside 2xx. */
function expectedError({ status, body }: RecordedResponse): Record<string, unknown> {
  const { error, ...facts } = (body ?? {}) as Record<string, any>;
  const subject = {
    status,
    ...(facts.op_index === undefined ? {} : { opIndex: facts.op_index, path: facts.path }),
  };
  switch (status) {
    case 400:
      return { ...subject, kind: 'invalid_params', detail: error ?? 'bad_request' };
    case 401:
      return { ...subject, kind: 'unauthorized' };
    case 403:
      return { ...subject, kind: 'forbidden' };
    case 404:
      return { ...subject, kind: error === 'not_found' ? 'store_not_found' : 'not_implemented' };
    case 412:
      return { ...subject, kind: error, currentRevision: facts.current_revision };
    case 426:
      return { ...subject, kind: 'not_supported' };
    default:
      throw new Error(`No row of PROTOCOL §3 for ${status}.`);
  }
}

/** The transport always asks for a page size, and the recorded clients mostly did not. */
function withoutDefaultLimit(target: string, recorded: string): string {
  return recorded.includes('limit=')
    ? target
    : target.replace(/([?&])limit=1000&?/, '$1').replace(/[?&]$/, '');
}

function queryOf(target: string): [string, string][] {
  return [...new URLSearchParams(target.split('?')[1])].sort();
}

function expectSent(received: ReceivedRequest, request: RecordedRequest): void {
  const target = withoutDefaultLimit(received.target, request.path);
  expect(received.method).toBe(request.method);
  expect(target.split('?')[0]).toBe(targetOf(request).split('?')[0]);
  expect(queryOf(target)).toEqual(queryOf(request.path));
  expect(received.headers).toMatchObject({
    accept: 'application/json',
    authorization: `Bearer ${tokenOf(request)}`,
    ...request.headers,
  });
  if (request.body === undefined) {
    expect(received.body).toBe('');
  } else {
    expect(received.headers['content-type']).toBe('application/json');
    expect(JSON.parse(received.body)).toEqual(request.body);
  }
  const isRead = ['GET', 'HEAD'].includes(request.method) || request.path.endsWith('/entries/batch');
  expect('x-request-id' in received.headers).toBe(!isRead);
  expect('if-match' in received.headers).toBe('if-match' in (request.headers ?? {}));
}

const title = ({ request }: RecordedStep, index: number): string =>
  isBrief(request)
    ? `${index}: a batch cut for size`
    : `${index}: ${request.method} ${request.path} ${JSON.stringify(request.body ?? request.raw ?? '')}`.slice(
        0,
        150,
      );

describe.each(RECORDINGS)('%s, answered to the HTTP transport', (name) => {
  const steps = recordedSteps(name).map((step, index) => [title(step, index), step] as const);

  it.each(steps)('%s', async (_, step) => {
    const { request, response } = whole(step);
    const call = recordedCall(request);
    const isError = response.status >= 400;
    const isMissing = response.status === 404 && ['GET', 'HEAD'].includes(request.method);
    let outcome: Promise<unknown>;
    let expected: unknown;
    if (typeof call === 'string') {
      const client = clientFor(request);
      standIn.answerWith(response);
      outcome = client.send(rawRequest(request)).then(({ body }) => body);
      expected = response.body;
    } else {
      const transport = await transportFor(request);
      standIn.answerWith(response);
      outcome = call.run(transport);
      if (isMissing) expected = request.method === 'GET' ? null : false;
      else expected = isError ? undefined : call.outcome(response);
    }
    if (isError && !(isMissing && typeof call !== 'string')) {
      await expect(outcome).rejects.toMatchObject({ name: 'DustError', ...expectedError(response) });
    } else {
      expect(await outcome).toEqual(expected);
    }
    expect(standIn.received).toHaveLength(1);
    if (typeof call !== 'string') expectSent(standIn.received[0]!, request);
  });
});

it('every recorded request is made by the transport, or there is a reason why it never is', () => {
  const reasons = new Map<Bypass | 'made by the transport', number>();
  for (const step of RECORDINGS.flatMap(recordedSteps)) {
    const call = recordedCall(whole(step).request);
    const reason = typeof call === 'string' ? call : 'made by the transport';
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  expect(Object.fromEntries(reasons)).toEqual({
    'made by the transport': 169,
    'it is no request about entries': 7,
    'its body is not what JSON.stringify writes': 7,
    'the transport refuses it before sending': 38,
    'the transport writes it with the path in the URL': 5,
    'the transport writes it with the path in the body': 2,
    'the transport asks for leaves or keys only, and by pattern or range': 10,
    'the transport reads exact leaves by their paths': 3,
  });
});

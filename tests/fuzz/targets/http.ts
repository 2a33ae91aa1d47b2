import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { DustServer } from '../../../src/server/index.js';
import { expectThat, shown } from '../engine/fault.js';
import type { Session, Target } from '../engine/target.js';
import { defineTarget } from '../engine/target.js';
import { asBytes } from '../inputs/form.js';
import { mutatedBytes } from '../inputs/mutated-bytes.js';
import { mutatedJson, strings } from '../inputs/mutated-json.js';
import { nestedText } from '../inputs/nested-text.js';
import { firstStatus, isAnswer } from './http-answers.js';
import { HTTP_BODIES, HTTP_SAMPLES, HTTP_WORDS, request } from './http-samples.js';
import { FuzzedStores, TOKEN } from './fuzzed-server.js';
import { FUZZED_STORE } from './frame-samples.js';
import { rawRequest } from './raw-request.js';

/** What a server may answer. 500 is none of them: it is what was not foreseen. */
const KNOWN: ReadonlySet<number> = new Set([
  ...[101, 200, 201, 204, 304, 400, 401, 403, 404, 405, 408, 411, 412, 413, 414, 415, 417, 426, 429, 431],
]);

const PARAMETERS = [
  'pattern',
  'prefix',
  'limit',
  'order',
  'after',
  'from',
  'to',
  'select',
  'since',
  'op',
  'path',
];

const nested = nestedText(fc.constant('1')).map((body) =>
  Buffer.from(
    `PUT /api/stores/${FUZZED_STORE}/entries/a HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer ${TOKEN}\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  ),
);

const structured = fc
  .record({
    method: fc.constantFrom('GET', 'HEAD', 'PUT', 'POST', 'DELETE'),
    place: fc.constantFrom(
      '/entries',
      '/entries/',
      '/entries/batch',
      '/entries/batch_write',
      '/log',
      '/export',
      '/import',
    ),
    path: fc.oneof(fc.constant(''), strings.map(urlPart)),
    query: fc.dictionary(fc.constantFrom(...PARAMETERS), strings, { maxKeys: 3 }),
    body: fc.option(mutatedJson(HTTP_BODIES), { nil: undefined }),
    headers: fc.subarray([
      'If-Match: 1',
      'If-None-Match: *',
      'Idempotency-Key: k',
      'Accept: text/event-stream',
    ]),
  })
  .map(({ method, place, path, query, body, headers }) => {
    const parameters = Object.entries(query).map(([name, value]) => `${name}=${urlPart(value)}`);
    const url = `$${place}${path}${parameters.length === 0 ? '' : '?'}${parameters.join('&')}`;
    return Buffer.from(
      request(`${method} ${url}`, body === undefined ? undefined : JSON.stringify(body), headers),
    );
  });

function urlPart(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll('%2F', '/');
}

/** Raw bytes on a socket of a `DustServer`, over a store in memory or in a folder. */
export function httpTarget(
  storage: 'memory' | 'lmdb',
  createServer = (
    options: ConstructorParameters<typeof DustServer>[0],
  ): Pick<DustServer, 'listen' | 'close'> => new DustServer(options),
): Target {
  return defineTarget<Uint8Array>({
    name: `http-${storage}`,
    share: storage === 'memory' ? 8 : 2,
    batch: 200,
    inputs: fc.oneof(
      { weight: 20, arbitrary: mutatedBytes({ samples: HTTP_SAMPLES, words: HTTP_WORDS }) },
      { weight: 20, arbitrary: structured },
      { weight: 1, arbitrary: nested },
    ),
    form: asBytes,
    open: async () => {
      const folder = storage === 'lmdb' ? await mkdtemp(join(tmpdir(), 'dust-fuzz-')) : undefined;
      const stores = await FuzzedStores.open(folder);
      const server = createServer(stores.options);
      const { url } = await server.listen({ port: 0 });
      return sessionOf(Number(new URL(url).port), stores, async () => {
        await server.close();
        await stores.close();
        if (folder !== undefined) await rm(folder, { recursive: true, force: true });
      });
    },
  });
}

function sessionOf(port: number, stores: FuzzedStores, close: () => Promise<void>): Session<Uint8Array> {
  const statuses = new Map<string, number>();
  return {
    check: async (bytes) => {
      const { bytes: said, closed } = await rawRequest(port, bytes);
      expectThat(closed, 'the server leaves a connection open that its client has ended');
      expectThat(isAnswer(said), `what is no answer: ${shown(said.toString('latin1').slice(0, 200))}`);
      const status = firstStatus(said);
      statuses.set(String(status ?? 'closed'), (statuses.get(String(status ?? 'closed')) ?? 0) + 1);
      if (status !== undefined) expectThat(KNOWN.has(status), `the status ${status}`);
      stores.assertNothingUnforeseen();
    },
    unharmed: async () => {
      await stores.assertUnharmed();
      const health = `GET /api/stores/${FUZZED_STORE}/log HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer ${TOKEN}\r\n\r\n`;
      const { bytes } = await rawRequest(port, Buffer.from(health));
      expectThat(firstStatus(bytes) === 200, 'the server no longer answers');
    },
    notes: () => [
      [...statuses]
        .sort()
        .map(([status, count]) => `${status} × ${count}`)
        .join(', '),
    ],
    close,
  };
}

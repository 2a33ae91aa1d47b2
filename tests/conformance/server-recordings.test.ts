import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AccessToken, RunningServer } from '../../src/server/index.js';
import { serve } from '../../src/server/index.js';
import type { Answer } from '../unit/server/http.js';
import { http } from '../unit/server/http.js';
import type { RecordedRequest, RecordedResponse } from './recording.js';
import { withoutAdditions } from './additions.js';
import { isBrief, matchesRecorded, recordedSteps } from './recording.js';

const STORE = 'acme/demo';
const TOKENS = {
  full: 'full-token-of-the-recordings',
  readonly: 'readonly-token-of-the-recordings',
  other: 'other-token-of-the-recordings',
  bad: 'a-token-that-nobody-gave-out',
};
const KNOWN: readonly AccessToken[] = [
  { token: TOKENS.full },
  { token: TOKENS.readonly, scopes: ['entries:read', 'files:read'] },
  { token: TOKENS.other, stores: ['acme/other'] },
];

/** Where our server answers better than the recorded one. An exception that is not needed any more fails. */
interface Exception {
  readonly why: string;
  /** The recorded step, counted from 0, and what it must be, so that a new recording cannot shift the list unseen. */
  readonly step: number;
  readonly request: string;
  readonly answer: { readonly status: number; readonly body: unknown };
}

const LITERAL_PATTERN = 'a pattern without a wildcard lists its leaf (README of the recordings)';
const IF_ABSENT = 'if_absent is honoured in batches (README of the recordings)';
const MERGE = 'a batch takes merges: feature batch-merge';
const ONE_MORE = 'the merge before took a seq';

const EXCEPTIONS: Readonly<Record<string, readonly Exception[]>> = {
  'http-list-patterns': [
    {
      why: LITERAL_PATTERN,
      step: 7,
      request: 'GET /api/stores/$STORE/entries?pattern=p/a/title',
      answer: {
        status: 200,
        body: { items: [{ path: 'p/a/title', value: 'A', type: 'string', revision: 1 }], next_cursor: null },
      },
    },
  ],
  'http-batch-write': [
    {
      why: MERGE,
      step: 19,
      request: 'POST /api/stores/$STORE/entries/batch_write',
      answer: {
        status: 200,
        body: { ops: [{ path: 'b/x', revision: 12, store_seq: 12 }], store_seq: 12 },
      },
    },
    {
      why: ONE_MORE,
      step: 26,
      request: 'POST /api/stores/$STORE/entries/batch_write',
      answer: {
        status: 200,
        body: { ops: [{ path: 'b/x', revision: 13, store_seq: 13 }], store_seq: 13 },
      },
    },
    {
      why: IF_ABSENT,
      step: 27,
      request: 'POST /api/stores/$STORE/entries/batch_write',
      answer: {
        status: 412,
        body: { error: 'exists', op_index: 0, path: 'b/x', current_revision: 13 },
      },
    },
    {
      why: 'what if_absent refused was not written; the revision is the recorded one, as one seq was taken before',
      step: 28,
      request: 'GET /api/stores/$STORE/entries/b/x',
      answer: { status: 200, body: { path: 'b/x', value: 1, type: 'integer', revision: 13 } },
    },
  ],
};

const RECORDINGS = readdirSync(join(__dirname, 'recordings'))
  .filter((file) => file.startsWith('http-'))
  .map((file) => file.replace(/\.json$/, ''));

let server: RunningServer | undefined;
let folder: string | undefined;

afterEach(async () => {
  await server?.close();
  if (folder !== undefined) rmSync(folder, { recursive: true });
  server = folder = undefined;
});

test('there are recordings, and exceptions are about them', () => {
  expect(RECORDINGS.length).toBeGreaterThanOrEqual(9);
  expect(RECORDINGS).toEqual(expect.arrayContaining(Object.keys(EXCEPTIONS)));
});

describe.each(['memory', 'LMDB'])('recordings on %s', (storage) => {
  test.each(RECORDINGS)('%s', async (name) => {
    folder = storage === 'LMDB' ? mkdtempSync(join(tmpdir(), 'dust-orm-recordings-')) : undefined;
    server = await serve({ port: 0, stores: [STORE], tokens: KNOWN, data: folder });
    await replay(server.url, name, EXCEPTIONS[name] ?? [], withoutAdditions);
  });
});

describe('recordings, imitated', () => {
  test.each(RECORDINGS)('%s', async (name) => {
    server = await serve({ port: 0, stores: [STORE], tokens: KNOWN, imitate: '0.1' });
    await replay(server.url, name, [], (body) => body);
  });
});

async function replay(
  url: string,
  name: string,
  exceptions: readonly Exception[],
  comparable: (body: unknown) => unknown,
): Promise<void> {
  const steps = recordedSteps(name);
  for (const [index, { request, response }] of steps.entries()) {
    const sent = isBrief(request) ? rebuilt(request.chars) : request;
    const received = await ask(url, sent);
    const answer = { ...received, json: comparable(received.json) };
    const exception = exceptions.find(({ step }) => step === index);
    const differs = difference(answer, response);
    if (exception === undefined) {
      expect({ index, sent, differs }).toEqual({ index, sent, differs: undefined });
    } else {
      expect(`${sent.method} ${sent.path}`).toBe(exception.request);
      expect({ index, needed: differs !== undefined }).toEqual({ index, needed: true });
      expect({ status: answer.status, body: answer.json }).toEqual(exception.answer);
    }
  }
  expect(steps.length).toBeGreaterThan(Math.max(0, ...exceptions.map(({ step }) => step)));
}

function ask(
  url: string,
  { method, path, token = 'full', headers, body, raw }: RecordedRequest,
): Promise<Answer> {
  return http(url, {
    method,
    path: path.replace('$STORE', STORE),
    ...(token === 'none' ? {} : { token: TOKENS[token] }),
    ...(headers === undefined ? {} : { headers }),
    ...(raw === undefined ? { body } : { raw }),
  });
}

/** The recorder counted characters before it wrote `$STORE` for a name of seven. */
const NAME_LONGER_BY = 1;

/** The requests whose bodies were too long to record: 1000 operations, and one more than a batch may hold. */
function rebuilt(chars: number): RecordedRequest {
  const path = '/api/stores/$STORE/entries/batch_write';
  for (const length of [1000, 1001]) {
    const ops = Array.from({ length }, (_, i) => ({ op: 'set', path: `b/k${i}`, value: i }));
    const request = { method: 'POST', path, body: { ops } };
    if (JSON.stringify(request).length + NAME_LONGER_BY === chars) return request;
  }
  throw new Error(`no request of ${chars} characters is known`);
}

/** What an answer lacks of the recorded one, for the eyes of whoever reads a failure. */
function difference(answer: Answer, recorded: RecordedResponse): object | undefined {
  const headers = Object.fromEntries(Object.keys(recorded.headers).map((key) => [key, answer.headers[key]]));
  const same =
    answer.status === recorded.status &&
    matchesRecorded(headers, recorded.headers) &&
    (recorded.text === undefined || answer.text === recorded.text) &&
    (!('body' in recorded) || matchesRecorded(answer.json, recorded.body));
  return same ? undefined : { answer: { ...answer, headers }, recorded };
}

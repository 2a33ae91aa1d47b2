import { notCarriedOut, wasNotCarriedOut } from '../../../../../src/transport/not-carried-out.js';
import { setImmediate as settled } from 'node:timers/promises';
import { DustError } from '../../../../../src/errors.js';
import { silentLogger } from '../../../../../src/logging.js';
import { TestClock } from '../../../../../src/testing/test-clock.js';
import type {
  HttpClient,
  HttpRequest,
  HttpResponse,
} from '../../../../../src/transport/http/client/http-client.js';
import { RetryClient } from '../../../../../src/transport/http/retry/retry-client.js';
import { resolveRetry } from '../../../../../src/transport/http/retry/retry-policy.js';
import { transportClosed } from '../../../../../src/transport/errors.js';

const READ: HttpRequest = { method: 'GET', target: '/r', effect: 'read' };
const WRITE: HttpRequest = { method: 'PUT', target: '/w', effect: 'idempotent', body: 1 };
const BATCH: HttpRequest = { method: 'POST', target: '/entries/batch', effect: 'read', body: {} };

const lost = (details = {}) => new DustError('network', 'It broke.', details);
const busy = (retryAfter?: number) => new DustError('rate_limited', 'Too many.', { retryAfter });

/** A request that has arrived at the stub and waits for its answer. */
interface Arrived {
  readonly request: HttpRequest;
  answer(headers?: Record<string, string | number>, status?: number): Promise<void>;
  fail(error: DustError, headers?: Record<string, string | number>): Promise<void>;
}

class StubClient implements HttpClient {
  /** In the order they came, answered or not. */
  readonly arrived: Arrived[] = [];
  closed = false;

  send(request: HttpRequest): Promise<HttpResponse> {
    return new Promise((resolve, reject) => {
      const tell = (status: number, headers: Record<string, string | number>) => {
        const head = { status, headers: new Map(Object.entries(headers).map(([n, v]) => [n, String(v)])) };
        request.onAnswer?.(head);
        return head;
      };
      this.arrived.push({
        request,
        answer: async (headers = {}, status = 200) => {
          resolve({ ...tell(status, headers), body: 'done' });
          await settled();
        },
        fail: async (error, headers) => {
          if (headers !== undefined) tell(error.kind === 'rate_limited' ? 429 : 500, headers);
          reject(error);
          await settled();
        },
      });
    });
  }

  close(): void {
    this.closed = true;
  }
}

let clock: TestClock;
let inner: StubClient;
let warnings: string[];
beforeEach(() => {
  clock = new TestClock();
  inner = new StubClient();
  warnings = [];
});

function retrying(retry = {}, random = () => 0.5): RetryClient {
  return new RetryClient(inner, {
    policy: resolveRetry(retry),
    clock,
    random,
    origin: 'https://dustlayer.io',
    logger: { ...silentLogger, warn: (message) => warnings.push(message) },
  });
}

/** Starts a request; how it ended is told by `outcome`. */
function start(client: HttpClient, request: HttpRequest) {
  const state: { value?: unknown; error?: any } = {};
  const done = client.send(request).then(
    ({ body }) => (state.value = body),
    (error: unknown) => (state.error = error),
  );
  return { state, done };
}

async function startMany(client: HttpClient, request: HttpRequest, count: number) {
  const started = Array.from({ length: count }, () => start(client, request));
  await settled();
  return started;
}

const LIMITS = (remaining: number, reset = 60) => ({
  'x-ratelimit-remaining': remaining,
  'x-ratelimit-reset': reset,
});

describe('trying again', () => {
  it('waits a random part of a doubling range', async () => {
    const { state } = start(retrying({ attempts: 9, baseDelay: 100, maxDelay: 400 }), READ);
    await settled();
    for (const [index, wait] of [50, 100, 200, 200, 200].entries()) {
      await inner.arrived[index]!.fail(lost());
      await clock.advance(wait - 1);
      expect(inner.arrived).toHaveLength(index + 1);
      await clock.advance(1);
      expect(inner.arrived).toHaveLength(index + 2);
    }
    await inner.arrived.at(-1)!.answer();
    expect(state).toEqual({ value: 'done' });
    expect(clock.pending).toBe(0);
  });

  it.each([
    ['none of its attempts was carried out', true],
    ['one of its attempts may have been carried out', false],
  ])('gives up knowing that %s', async (_, isUntouched) => {
    const { state } = start(retrying({ attempts: 2 }), WRITE);
    await settled();
    const first = lost();
    await inner.arrived[0]!.fail(isUntouched ? notCarriedOut(first) : first);
    await clock.advance(200);
    await inner.arrived[1]!.fail(notCarriedOut(lost()));
    expect(wasNotCarriedOut(state.error)).toBe(isUntouched);
  });

  it('gives up after as many attempts as allowed, and says so', async () => {
    const { state } = start(retrying({ attempts: 2 }), READ);
    await settled();
    const last = lost({ detail: 'connection_lost', status: 502, path: 'a' });
    await inner.arrived[0]!.fail(lost());
    await clock.advance(200);
    await inner.arrived[1]!.fail(last);
    expect(state.error).toMatchObject({
      kind: 'network',
      message: 'It broke. It was tried 2 times.',
      cause: last,
      detail: 'connection_lost',
      retryable: true,
      status: 502,
      path: 'a',
    });
  });

  it('not where the caller has another way and the server answers 500', async () => {
    const client = retrying();
    const { state } = start(client, { ...READ, hasFallback: true });
    await settled();
    const failure = lost({ status: 500 });
    await inner.arrived[0]!.fail(failure);
    expect(state.error).toBe(failure);

    const other = start(client, { ...READ, hasFallback: true });
    await settled();
    await inner.arrived[1]!.fail(lost({ status: 502 }));
    await clock.advance(200);
    await inner.arrived[2]!.answer();
    expect(other.state.value).toBe('done');
  });

  it('five times by default', async () => {
    const { state } = start(retrying({ baseDelay: 0 }), READ);
    for (let attempt = 0; attempt < 5; attempt++) {
      await clock.advance(0);
      await inner.arrived[attempt]!.fail(lost());
    }
    expect(state.error.message).toContain('tried 5 times');
  });

  it.each([
    new DustError('indeterminate', 'Nobody knows.'),
    new DustError('unauthorized', 'Who?'),
    new DustError('http', 'No.', { status: 418 }),
    new DustError('conflict', 'Changed.', { currentRevision: 3 }),
  ])('not for what stays as it is: $kind', async (error) => {
    const { state } = start(retrying(), WRITE);
    await settled();
    await inner.arrived[0]!.fail(error);
    expect(state.error).toBe(error);
    expect(clock.pending).toBe(0);
  });

  it('says how often when another error ends it', async () => {
    const { state } = start(retrying(), READ);
    await settled();
    await inner.arrived[0]!.fail(lost());
    await clock.advance(1000);
    await inner.arrived[1]!.fail(new DustError('unauthorized', 'Who?'));
    expect(state.error).toMatchObject({
      kind: 'unauthorized',
      message: 'Who? It was tried 2 times.',
      retryable: false,
    });
  });

  it('waits at least as long as the server asks for', async () => {
    start(retrying(), READ);
    await settled();
    await inner.arrived[0]!.fail(
      new DustError('http', 'Overloaded.', { status: 503, retryAfter: 7, retryable: true }),
    );
    await clock.advance(6999);
    expect(inner.arrived).toHaveLength(1);
    await clock.advance(1);
    expect(inner.arrived).toHaveLength(2);
  });

  it('fails at once where the server asks for too long', async () => {
    const { state } = start(retrying({ maxRetryAfter: 10 }), READ);
    await settled();
    await inner.arrived[0]!.fail(busy(11));
    expect(state.error).toMatchObject({ kind: 'rate_limited', retryAfter: 11 });
    expect(state.error.message).toContain('10 s that retry.maxRetryAfter allows');
  });

  it('ends a wait when called off', async () => {
    const controller = new AbortController();
    const { state } = start(retrying(), { ...READ, signal: controller.signal });
    await settled();
    await inner.arrived[0]!.fail(busy(60));
    controller.abort();
    await settled();
    expect(state.error).toMatchObject({ kind: 'aborted' });
    expect(clock.pending).toBe(0);
  });

  it('ends every wait when closed', async () => {
    const client = retrying();
    const waiting = start(client, READ);
    await settled();
    await inner.arrived[0]!.fail(busy(60), { 'retry-after': 60 });
    const queued = start(client, READ);
    await settled();
    client.close();
    const later = start(client, READ);
    await settled();
    for (const { state } of [waiting, queued, later]) {
      expect(state.error).toMatchObject({ kind: 'closed', message: transportClosed('http').message });
    }
    expect(inner.closed).toBe(true);
    expect(clock.pending).toBe(0);
  });

  it('passes on who listens to answers', async () => {
    const seen: number[] = [];
    start(retrying(), { ...READ, onAnswer: ({ status }) => seen.push(status) });
    await settled();
    await inner.arrived[0]!.answer({}, 206);
    expect(seen).toEqual([206]);
  });
});

describe('keeping within limits', () => {
  it('lets a handful through until the first answer, then all where there are no limits', async () => {
    await startMany(retrying(), READ, 50);
    expect(inner.arrived).toHaveLength(8);
    await inner.arrived[0]!.answer();
    expect(inner.arrived).toHaveLength(50);
  });

  it('sends what remains and holds the rest until the reset', async () => {
    const started = await startMany(retrying(), WRITE, 120);
    await inner.arrived[0]!.answer(LIMITS(99));
    expect(inner.arrived).toHaveLength(100);
    for (let index = 1; index < 100; index++) await inner.arrived[index]!.answer(LIMITS(99 - index));
    expect(inner.arrived).toHaveLength(100);
    await clock.advance(59_999);
    expect(inner.arrived).toHaveLength(100);
    await clock.advance(1);
    expect(inner.arrived).toHaveLength(108);
    await inner.arrived[100]!.answer(LIMITS(99));
    for (let index = 101; index < 120; index++) await inner.arrived[index]!.answer(LIMITS(199 - index));
    await Promise.all(started.map(({ done }) => done));
    expect(started.every(({ state }) => state.value === 'done')).toBe(true);
    expect(clock.pending).toBe(0);
  });

  it('says once for how long requests wait', async () => {
    const client = retrying();
    start(client, WRITE);
    await settled();
    await inner.arrived[0]!.answer(LIMITS(0, 42));
    await startMany(client, WRITE, 5);
    expect(warnings).toEqual([
      'The rate limit of https://dustlayer.io is used up: writes wait 42 s until it is renewed.',
    ]);
  });

  it('counts reads and writes apart, and every POST as a write', async () => {
    const client = retrying();
    start(client, WRITE);
    await settled();
    await inner.arrived[0]!.answer(LIMITS(0));
    start(client, BATCH);
    start(client, { ...WRITE, method: 'DELETE' });
    start(client, READ);
    start(client, { ...READ, method: 'HEAD' });
    await settled();
    expect(inner.arrived.map(({ request }) => request.method)).toEqual(['PUT', 'GET', 'HEAD']);
  });

  it('holds everyone back after one refusal, and that uses up no attempt', async () => {
    const client = retrying({ attempts: 2 });
    const refused = start(client, WRITE);
    await settled();
    await inner.arrived[0]!.fail(busy(30), { 'retry-after': 30 });
    const waiting = await startMany(client, WRITE, 3);
    expect(inner.arrived).toHaveLength(1);
    await clock.advance(30_000);
    expect(inner.arrived).toHaveLength(5);
    await inner.arrived[1]!.fail(lost());
    await clock.advance(1000);
    expect(inner.arrived).toHaveLength(6);
    for (const arrived of inner.arrived.slice(2)) await arrived.answer();
    expect([refused, ...waiting].map(({ state }) => state.value)).toEqual(['done', 'done', 'done', 'done']);
  });

  it('refuses what would wait too long without sending it', async () => {
    const client = retrying({ maxRetryAfter: 100 });
    const queued = await startMany(client, WRITE, 9);
    await inner.arrived[0]!.answer(LIMITS(0, 101));
    expect(queued[8]!.state.error).toMatchObject({ kind: 'rate_limited', retryAfter: 101, retryable: true });
    expect(queued[8]!.state.error.message).toContain('takes no more writes for 101 s');
    const later = start(client, WRITE);
    await settled();
    expect(later.state.error).toMatchObject({ kind: 'rate_limited' });
    expect(inner.arrived).toHaveLength(8);
  });

  it('goes on when an answer is lost', async () => {
    const client = retrying({ attempts: 1 });
    await startMany(client, WRITE, 3);
    await inner.arrived[0]!.answer(LIMITS(2));
    await startMany(client, WRITE, 2);
    expect(inner.arrived).toHaveLength(3);
    await inner.arrived[1]!.fail(lost());
    expect(inner.arrived).toHaveLength(4);
  });

  it('lets the next one in when one in the queue is called off', async () => {
    const client = retrying();
    await startMany(client, WRITE, 8);
    const controller = new AbortController();
    const called = start(client, { ...WRITE, signal: controller.signal });
    const next = start(client, { ...WRITE, target: '/next' });
    await settled();
    controller.abort();
    await settled();
    expect(called.state.error).toMatchObject({ kind: 'aborted' });
    await inner.arrived[0]!.answer();
    expect(inner.arrived.at(-1)!.request.target).toBe('/next');
    expect(next.state).toEqual({});
  });

  it('keeps the order in which requests came', async () => {
    const client = retrying();
    const targets = Array.from({ length: 30 }, (_, index) => `/${index}`);
    for (const target of targets) start(client, { ...WRITE, target });
    await settled();
    for (let index = 0; index < 30; index++) await inner.arrived[index]!.answer(LIMITS(3));
    expect(inner.arrived.map(({ request }) => request.target)).toEqual(targets);
  });
});

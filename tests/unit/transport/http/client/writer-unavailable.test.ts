import { answeredWithError } from '../../../../../src/transport/http/client/errors.js';
import type { RequestEffect } from '../../../../../src/transport/http/client/http-client.js';
import type { DustError } from '../../../../../src/index.js';
import type { Clock } from '../../../../../src/clock.js';
import { RetryClient } from '../../../../../src/transport/http/retry/retry-client.js';
import { resolveRetry } from '../../../../../src/transport/http/retry/retry-policy.js';
import { silentLogger } from '../../../../../src/logging.js';
import { WriteLane } from '../../../../../src/transport/http/write-lane.js';
import { StubClient, receipt } from '../stub-client.js';

/** PROTOCOL §8: the writer was too slow to answer, and commits what it was told afterwards. */
const BUSY = {
  status: 400,
  headers: new Map<string, string>(),
  text: JSON.stringify({
    error: 'invalid_params',
    detail: '{:writer_unavailable, {:timeout, {GenServer, :call, [#PID<0.1.0>, :batch, 5000]}}}',
  }),
};
const busy = (effect: RequestEffect): DustError =>
  answeredWithError(
    { method: 'POST', target: '/x', effect, origin: 'https://dustlayer.io', scrub: (text) => text },
    BUSY,
    0,
  );

/** Waits take no time. */
const AT_ONCE: Clock = {
  now: () => 0,
  schedule: (callback) => {
    callback();
    return () => undefined;
  },
};

describe('a writer that did not answer in time', () => {
  it.each<[RequestEffect, boolean]>([
    ['once', false],
    ['idempotent', true],
  ])('leaves the outcome of a write of effect %s open', (effect, retryable) => {
    const error = busy(effect);
    expect(error).toMatchObject({
      kind: 'indeterminate',
      detail: 'writer_unavailable',
      status: 400,
      retryable,
    });
    expect(error.message).toMatch(/busy.*may still be applied.*read what is there/);
    expect(error.message).not.toMatch(/refused|Nothing was written/);
  });

  it('is a fault of the server for a read', () => {
    expect(busy('read')).toMatchObject({ kind: 'http', detail: 'writer_unavailable', retryable: true });
  });

  it('is told from a refusal that mentions it', () => {
    const text = JSON.stringify({ error: 'invalid_params', detail: 'value {:writer_unavailable is bad' });
    const subject = { method: 'POST', target: '/x', effect: 'once', origin: 'o', scrub: String } as const;
    expect(answeredWithError(subject, { ...BUSY, text }, 0).kind).toBe('invalid_params');
  });

  it.each<[RequestEffect, number]>([
    ['once', 1],
    ['idempotent', 2],
  ])('is asked again with retry only where twice is the same as once: %s', async (effect, sent) => {
    const inner = new StubClient();
    inner.script(busy(effect), receipt(1));
    const client = new RetryClient(inner, {
      policy: resolveRetry({ baseDelay: 0 }),
      clock: AT_ONCE,
      random: () => 0,
      origin: 'o',
      logger: silentLogger,
    });
    await client
      .send({ method: 'POST', target: '/x', effect })
      .catch((error: unknown) => expect(error).toMatchObject({ kind: 'indeterminate' }));
    expect(inner.requests).toHaveLength(sent);
    client.close();
  });

  it('fails all who shared the batch, and sends none of them again', async () => {
    let sent = 0;
    const lane = new WriteLane(
      {
        hasBatches: true,
        single: () => Promise.reject(new Error('sent by itself')),
        batch: () => {
          sent++;
          return Promise.reject(busy('idempotent'));
        },
      },
      { count: 1000, bytes: 1e9 },
    );
    const writes = ['a', 'b'].map((path) => lane.write([{ op: 'set', path, value: 1 }], {}));
    for (const outcome of await Promise.allSettled(writes)) {
      expect(outcome).toMatchObject({ reason: { kind: 'indeterminate', detail: 'writer_unavailable' } });
    }
    expect(sent).toBe(1);
  });
});

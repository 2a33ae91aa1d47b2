import { NEVER } from 'rxjs';
import type { DustError } from '../../../src/errors.js';
import { DustHealthIndicator } from '../../../src/nestjs/dust-health-indicator.js';
import { checkModuleOptions } from '../../../src/nestjs/check-module-options.js';
import { DataSource } from '../../../src/data-source/index.js';
import { sseStream, writeSse } from '../../../src/realtime/index.js';
import { resolveBounds } from '../../../src/server/bounds.js';

/** A wait that the platform's timers turn into one of a millisecond. */
const TOO_LONG = 2 ** 31;
const MAX = TOO_LONG - 1;

const remote = { url: 'http://127.0.0.1:1', token: 'dust_tok_0123456789', store: 'a/b', entities: [] };
const response = {} as Parameters<typeof writeSse>[0];

const rows: readonly (readonly [string, (ms: number) => unknown])[] = [
  ['bounds.requestTimeout', (ms) => resolveBounds({ requestTimeout: ms })],
  ['bounds.readTimeout', (ms) => resolveBounds({ readTimeout: ms })],
  ['heartbeatMs', (ms) => sseStream(NEVER, { heartbeatMs: ms })],
  ['heartbeatMs', (ms) => writeSse(response, NEVER, { heartbeatMs: ms })],
  ['retryDelay', (ms) => checkModuleOptions({ entities: [], retryDelay: ms })],
  ['timeout', (ms) => new DustHealthIndicator({} as never).pingCheck('dust', { timeout: ms })],
  ['staleAfter', (ms) => new DataSource({ ...remote, staleAfter: ms })],
  ['retry.baseDelay', (ms) => new DataSource({ ...remote, retry: { baseDelay: ms } })],
  ['retry.maxDelay', (ms) => new DataSource({ ...remote, retry: { maxDelay: ms } })],
  ['timeout.connect', (ms) => new DataSource({ ...remote, timeout: { connect: ms } })],
  ['timeout.response', (ms) => new DataSource({ ...remote, timeout: { response: ms } })],
];

it.each(rows)('%s is refused when no timer keeps it, and the longest is told', async (name, make) => {
  for (const wrong of [TOO_LONG, 2 ** 40, Infinity, NaN, null as never, '5' as never]) {
    const error: unknown = await new Promise((resolve) => resolve(make(wrong))).catch((e: unknown) => e);
    expect(error).toMatchObject({ kind: 'invalid_options', message: expect.stringContaining(name) });
    expect((error as DustError).message).toContain(String(MAX));
  }
});

it.each(['body', 'url', 'connections', 'unread'])('bounds.%s that is null is refused', (name) => {
  expect(() => resolveBounds({ [name]: null })).toThrow(
    expect.objectContaining({ kind: 'invalid_options', message: expect.stringContaining(`bounds.${name}`) }),
  );
  expect(() => resolveBounds({ [name]: undefined })).not.toThrow();
});

it('the longest wait is taken', () => {
  expect(resolveBounds({ readTimeout: MAX, requestTimeout: MAX })).toMatchObject({ readTimeout: MAX });
  expect(() => sseStream(NEVER, { heartbeatMs: MAX, retryMs: 0 })).not.toThrow();
  expect(() => sseStream(NEVER, { heartbeatMs: 0 })).not.toThrow();
});

it.each([-1, NaN, Infinity, '5', null])('an sse retry of %j is refused', (retryMs) => {
  expect(() => sseStream(NEVER, { retryMs: retryMs as number })).toThrow(/retryMs/);
});

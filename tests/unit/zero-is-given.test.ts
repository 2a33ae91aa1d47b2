import { serializeJson } from '../../src/realtime/serialize.js';
import { resolveBounds } from '../../src/server/bounds.js';
import { resolveLogLimits } from '../../src/store/history/log-limits.js';
import { DEFAULT_LIMITS, resolveLimits } from '../../src/sync/limits.js';
import type { SyncLimits } from '../../src/sync/options.js';
import { refusalOf } from './store/open-store.js';

/** A default stands for what is absent, and for nothing else. */
describe('0, the empty text and false are values', () => {
  it.each(Object.keys(DEFAULT_LIMITS).filter((name) => name !== 'backoff') as (keyof SyncLimits)[])(
    'the limit %s of an engine',
    (name) => {
      expect(resolveLimits({ [name]: 0 })[name]).toBe(0);
      expect(resolveLimits({ [name]: undefined })[name]).toBe(resolveLimits()[name]);
      expect(resolveLimits()[name]).toBeGreaterThan(0);
    },
  );

  it.each(['body', 'url', 'requestTimeout', 'channelBuffer'] as const)(
    'the bound %s of a server, which cannot be 0',
    async (name) => {
      const { kind, message } = await refusalOf(() => resolveBounds({ [name]: 0 }));
      expect([kind, message]).toEqual(['invalid_options', expect.stringContaining(`bounds.${name} `)]);
      expect(resolveBounds({ [name]: undefined })[name]).toBe(resolveBounds()[name]);
    },
  );

  it('what a log keeps, and its limit', () => {
    expect(resolveLogLimits({ keep: 0 })).toEqual({ keep: 0, limit: 100_000 });
    expect(resolveLogLimits({ keep: 0, limit: 0 })).toEqual({ keep: 0, limit: 0 });
    expect(resolveLogLimits({ limit: 0 })).toEqual({ keep: 0, limit: 0 });
  });

  it.each([
    [0, '0'],
    ['', '""'],
    [false, 'false'],
    [null, 'null'],
    [undefined, 'null'],
    [{ a: 0, b: '', c: false }, '{"a":0,"b":"","c":false}'],
  ])('%p as the text of an event', (value, text) => {
    expect(serializeJson(value)).toBe(text);
  });
});

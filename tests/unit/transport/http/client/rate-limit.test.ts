import { readRateLimit, secondsToWait } from '../../../../../src/transport/http/client/rate-limit.js';

const NOW = Date.UTC(2026, 0, 1);
const read = (headers: Record<string, string>) => readRateLimit(new Map(Object.entries(headers)), NOW);
const date = (ms: number) => new Date(ms).toUTCString();

describe('readRateLimit', () => {
  it.each<[Record<string, string>, object]>([
    [{}, {}],
    [{ 'retry-after': '7' }, { retryAfter: 7 }],
    [{ 'retry-after': '0.5' }, { retryAfter: 0.5 }],
    [{ 'retry-after': date(NOW + 9000) }, { retryAfter: 9 }],
    [{ 'retry-after': date(NOW - 9000) }, { retryAfter: 0 }],
    [{ 'retry-after': 'soon' }, {}],
    [{ 'retry-after': '' }, {}],
    [{ 'retry-after': '-5' }, {}],
    [
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '42' },
      { remaining: 0, resetAfter: 42 },
    ],
    [{ 'x-ratelimit-reset': String(NOW / 1000 + 30) }, { resetAfter: 30 }],
    [{ 'x-ratelimit-reset': String(NOW + 30_000) }, { resetAfter: 30 }],
    [{ 'x-ratelimit-reset': String(NOW / 1000 - 30) }, { resetAfter: 0 }],
    [{ 'x-ratelimit-remaining': 'NaN', 'x-ratelimit-reset': 'never' }, {}],
  ])('%j', (headers, expected) => {
    const present = Object.fromEntries(
      Object.entries(read(headers)).filter(([, value]) => value !== undefined),
    );
    expect(present).toEqual(expected);
  });

  it("measures dates against the answer's own, whatever this machine's clock says", () => {
    const server = NOW + 3_600_000;
    expect(read({ date: date(server), 'x-ratelimit-reset': String(server / 1000 + 10) }).resetAfter).toBe(10);
    expect(read({ date: date(server), 'retry-after': date(server + 4000) }).retryAfter).toBe(4);
  });
});

describe('secondsToWait', () => {
  it.each([
    [{ retryAfter: 1, resetAfter: 60 }, 1],
    [{ retryAfter: 0, resetAfter: 60 }, 0],
    [{ resetAfter: 60 }, 60],
    [{}, undefined],
  ])('%j', (limit, seconds) => {
    expect(secondsToWait(limit)).toBe(seconds);
  });
});

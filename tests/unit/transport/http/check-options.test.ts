import { checkHttpOptions } from '../../../../src/transport/http/check-options.js';
import type { HttpTransportOptions } from '../../../../src/transport/http/options.js';
import { parseServerUrl } from '../../../../src/transport/http/client/server-url.js';

const GIVEN: HttpTransportOptions = {
  url: 'https://dustlayer.io',
  store: 'acme/reading',
  token: 'dust_tok_abcdef',
};

const check = (changes: object) => () => checkHttpOptions({ ...GIVEN, ...changes });
const refused = (message: RegExp) =>
  expect.objectContaining({ kind: 'invalid_options', message: expect.stringMatching(message) });

describe('checkHttpOptions', () => {
  it.each([
    {},
    { url: 'http://localhost:7755' },
    { url: 'https://example.com/dust/' },
    { store: 'a.b/c-d_e' },
    { store: 'é/ü' },
    { retry: {}, timeout: {} },
    { retry: { attempts: 1, baseDelay: 0, maxDelay: undefined, maxRetryAfter: 0 } },
    { timeout: { connect: 1, response: 0.5 } },
  ])('takes %j', (changes) => {
    expect(check(changes)).not.toThrow();
  });

  it.each<[object, RegExp]>([
    [{ url: undefined }, /url is missing/],
    [{ url: ' ' }, /url is missing/],
    [{ url: 'dustlayer.io' }, /lacks its https/],
    [{ url: 'localhost:7755' }, /does not begin with https/],
    [{ url: 'ftp://dustlayer.io' }, /does not begin with https/],
    [{ url: 'wss://dustlayer.io/ws/sync/websocket' }, /Write "https:\/\/dustlayer.io"/],
    [{ url: 'ws://localhost:7755' }, /Write "http:\/\/localhost:7755"/],
    [{ url: 'https://me:secret@dustlayer.io' }, /user name or a password/],
    [{ url: 'https://dustlayer.io/?a=1' }, /a query/],
    [{ url: 'https://dustlayer.io/#a' }, /a fragment/],
    [{ token: undefined }, /token is missing.*DUST_TOKEN/],
    [{ token: '  ' }, /token is missing/],
    [{ token: 'dust tok' }, /token holds a space/],
    [{ token: 'dust_tok\n' }, /token holds a space, a line break/],
    [{ token: 'dust_tök' }, /token holds/],
    [{ token: 5 }, /token is missing/],
    ...['reading', 'a/b/c', '/b', 'a/', 'a b/c', '../b', 'a/.', 'a/b?c', 'a/b\n', '', undefined, 5].map(
      (store): [object, RegExp] => [{ store }, /store must be "org\/name"/],
    ),
    [{ retry: true }, /retry must be an object, such as { attempts: 5 }/],
    [{ retry: { attempt: 3 } }, /retry has no option "attempt".*attempts/],
    [{ retry: { attempts: 0 } }, /retry.attempts must be a whole number from 1 up, not 0/],
    [{ retry: { attempts: 1.5 } }, /retry.attempts/],
    [{ retry: { baseDelay: -1 } }, /retry.baseDelay must be milliseconds/],
    [{ retry: { maxDelay: Number.NaN } }, /retry.maxDelay/],
    [{ retry: { maxRetryAfter: '5' } }, /retry.maxRetryAfter must be seconds, from 0 to 2147483, not "5"/],
    [{ timeout: 5000 }, /timeout must be an object/],
    [{ timeout: { connect: 0 } }, /timeout.connect must be milliseconds, more than 0/],
    [{ timeout: { response: Infinity } }, /timeout.response/],
    [{ timeout: { total: 1 } }, /timeout has no option "total"/],
  ])('refuses %j', (changes, message) => {
    expect(check(changes)).toThrow(refused(message));
  });

  it('shows nothing of a url or a store that may hold a secret', () => {
    for (const changes of [
      { url: 'https://me:hidden@dustlayer.io' },
      { url: 'hidden' },
      { store: 'hidden' },
      { token: 'hid den' },
    ]) {
      expect(check(changes)).toThrow(expect.objectContaining({ message: expect.not.stringMatching(/hid/) }));
    }
  });
});

describe('parseServerUrl', () => {
  it.each([
    ['https://dustlayer.io', 'https://dustlayer.io', 'https://dustlayer.io', false],
    ['https://dustlayer.io:443//', 'https://dustlayer.io', 'https://dustlayer.io', false],
    ['http://localhost:7755/a/b/', 'http://localhost:7755', 'http://localhost:7755/a/b', true],
    ['http://127.1.2.3', 'http://127.1.2.3', 'http://127.1.2.3', true],
    ['http://[::1]:1', 'http://[::1]:1', 'http://[::1]:1', true],
    ['http://api.localhost', 'http://api.localhost', 'http://api.localhost', true],
    ['http://127.0.0.1.example.com', 'http://127.0.0.1.example.com', 'http://127.0.0.1.example.com', false],
  ])('%s', (url, origin, base, loopback) => {
    expect(parseServerUrl(url)).toEqual({ origin, base, loopback });
  });
});

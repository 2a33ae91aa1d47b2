import { addressOf } from '../../../../../src/cluster/logs/nats/address.js';
import { nameOf, namesOf, wordOf } from '../../../../../src/cluster/logs/nats/names.js';
import { refusalOf } from '../../../store/open-store.js';

it.each([
  ['nats://one', { servers: ['one'], tls: false }],
  ['nats://one:4222/', { servers: ['one:4222'], tls: false }],
  ['tls://one,two:5,', { servers: ['one', 'two:5'], tls: true }],
  ['nats://us%40er:p%3Aw@one', { servers: ['one'], tls: false, user: 'us@er', pass: 'p:w' }],
  ['nats://user:a:b@one', { servers: ['one'], tls: false, user: 'user', pass: 'a:b' }],
  ['nats://user:@one', { servers: ['one'], tls: false, user: 'user', pass: '' }],
  ['nats://t%2Dk@one,two', { servers: ['one', 'two'], tls: false, token: 't-k' }],
  ['nats://@one', { servers: ['one'], tls: false }],
  ['nats://[::1]:4222', { servers: ['[::1]:4222'], tls: false }],
])('%s', (url, address) => {
  expect(addressOf(url)).toEqual(address);
});

it.each([
  '',
  'nats://',
  'nats://,',
  'nats:one',
  'http://one',
  'nats://one/store',
  'nats://one?x=1',
  'nats://a@b@one',
  'nats://%zz@one',
  'nats://secret:%zz@one',
  undefined,
  5,
])('%s is no address', async (url) => {
  const failure = await refusalOf(() => addressOf(url as string));
  expect(failure).toMatchObject({ kind: 'invalid_options', detail: 'invalid_url' });
  expect(failure.message).not.toContain('secret');
});

describe('names', () => {
  it('are what NATS takes, short, and each its own', () => {
    const stores = [
      'acme/app',
      'acme.app',
      'acme app',
      'Acme/app',
      'ä/*>\n',
      'x'.repeat(5_000),
      `${'x'.repeat(5_000)}y`,
    ];
    const names = stores.map((store) => namesOf(store));
    for (const { log, news, shelf } of names) {
      for (const stream of [log.stream, shelf.stream]) expect(stream).toMatch(/^[A-Za-z0-9_]{1,80}$/);
      for (const subject of [log.subject, news, shelf.subjects]) {
        expect(subject).toMatch(/^dust_orm\.[A-Za-z0-9_]{1,64}\.[a-z]+$/);
      }
    }
    expect(new Set(names.map(({ log }) => log.stream)).size).toBe(stores.length);
  });

  it.each(['a', 'file/sha256:=+', 'ä\u{1f600}', '.*>', ' '])(
    'of contents are words of a subject: %s',
    (name) => {
      expect(wordOf(name)).toMatch(/^[A-Za-z0-9_-]+$/);
      expect(nameOf(wordOf(name))).toBe(name);
    },
  );
});

import { inspect } from 'node:util';
import { visibleOptions } from '../../../src/data-source/visible-options.js';

it.each([
  ['postgres://user:secret@one,two/db', 'postgres://user:…@one,two/db'],
  ['postgres://user@one/db', 'postgres://user@one/db'],
  ['nats://user:secret@one,two:4223', 'nats://user:…@one,two:4223'],
  ['nats://secret@one', 'nats://…@one'],
  ['tls://secret@one', 'tls://…@one'],
  ['nats://one', 'nats://one'],
])('of the address %s one sees %s', (url, shown) => {
  const options = visibleOptions({ store: 'acme/app', entities: [], cluster: { url } });
  expect(options.cluster).toEqual({ url: shown });
  for (const text of [inspect(options, { depth: 9 }), JSON.stringify(options)]) {
    expect(text).not.toContain('secret');
  }
});

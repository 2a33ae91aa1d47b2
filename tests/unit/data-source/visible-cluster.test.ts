import { inspect } from 'node:util';
import { visibleOptions, wholeOptions } from '../../../src/data-source/visible-options.js';

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
  for (const text of [
    inspect(options, { depth: 9 }),
    inspect(options, { depth: 9, showHidden: true }),
    JSON.stringify({ ...options }),
  ]) {
    expect(text).not.toContain('secret');
  }
});

it('whoever opens another data source with these options gets the address and the token as they were given', () => {
  const cluster = { url: 'postgres://user:secret@one/db', role: 'node' as const };
  const given = { store: 'acme/app', entities: [], token: 'dust_tok_0123456789', cluster };
  expect(wholeOptions(visibleOptions(given))).toEqual(given);
  expect(wholeOptions(given)).toEqual(given);
  expect(wholeOptions(visibleOptions({ entities: [], path: 'data' }))).toEqual({
    entities: [],
    path: 'data',
  });
});

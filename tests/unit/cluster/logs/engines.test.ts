import { inspect } from 'node:util';
import { engineOf } from '../../../../src/cluster/logs/engines.js';
import { refusalOf } from '../../store/open-store.js';

it.each([
  ['postgres://user@one/db', 'postgres'],
  ['postgresql://user@one/db', 'postgres'],
  ['nats://one,two', 'nats'],
  ['tls://one', 'nats'],
])('the address %s is one of %s, which connects to nothing yet', async (url, name) => {
  const engine = engineOf(url);
  engine.check(url);
  const log = await engine.open({ url, store: 'acme/app' });
  expect(log.name).toBe(name);
  await log.close();
});

it.each(['mysql://user:secret@one/db', 'one', '', 'NATS://one', undefined, 5])('%s is none', async (url) => {
  const failure = await refusalOf(() => engineOf(url as string));
  expect(failure).toMatchObject({ kind: 'invalid_options', detail: 'invalid_url' });
  expect(failure.message).not.toContain('secret');
});

it.each([
  'postgres://one',
  'postgres://dust:secret@one:56411:x/app',
  'postgres://dust:secret@one,two:99999/app',
  'postgres://dust:sec%ret@one/app',
  'postgres://du%st@one/app',
  'postgres://one/a%pp',
  'nats://one/db',
  'nats://dust:secret@one:4222:x',
  'nats://dust:sec%ret@one',
])('%s is checked by its engine', async (url) => {
  expect(
    await refusalOf(() => {
      engineOf(url).check(url);
    }),
  ).toMatchObject({ kind: 'invalid_options', detail: 'invalid_url' });
  expect(await refusalOf(engineOf(url).open({ url, store: 'acme/app' }))).toMatchObject({
    detail: 'invalid_url',
  });
});

it('an address that names a file which is not there cannot be used, which repeats no password', async () => {
  const url = 'postgres://dust:secret@one/db?sslrootcert=/nowhere/root.crt';
  const failure = await refusalOf(engineOf(url).open({ url, store: 'acme/app' }));
  expect(failure).toMatchObject({ kind: 'invalid_options', detail: 'invalid_url' });
  expect(failure.message).toContain('/nowhere/root.crt');
  expect(inspect(failure)).not.toContain('secret');
});

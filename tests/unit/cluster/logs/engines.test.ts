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

it.each(['postgres://one', 'nats://one/db'])('%s is checked by its engine', async (url) => {
  expect(
    await refusalOf(() => {
      engineOf(url).check(url);
    }),
  ).toMatchObject({ detail: 'invalid_url' });
  expect(await refusalOf(engineOf(url).open({ url, store: 'acme/app' }))).toMatchObject({
    detail: 'invalid_url',
  });
});

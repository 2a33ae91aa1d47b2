import { engineOf } from '../../../../src/cluster/logs/engines.js';
import { refusalOf } from '../../store/open-store.js';

jest.mock('pg', () => {
  throw new Error('not installed');
});

jest.mock('@nats-io/transport-node', () => {
  throw new Error('not installed');
});

it.each([
  ['postgres://user@one/db', 'npm install pg'],
  ['nats://one', 'npm install @nats-io/transport-node'],
])('a log at %s says which package it lacks', async (url, cure) => {
  const failure = await refusalOf(engineOf(url).open({ url, store: 'acme/app' }));
  expect(failure).toMatchObject({ kind: 'invalid_options', detail: 'driver_missing' });
  expect(failure.message).toContain(cure);
});

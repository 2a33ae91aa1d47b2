import { readFileSync, writeFileSync } from 'node:fs';
import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { inspect } from 'node:util';
import { Client } from 'pg';
import { openClusterStore } from '../../src/cluster/index.js';
import { silentLogger } from '../../src/logging.js';
import type { Store } from '../../src/store/index.js';
import { createMemoryStorage } from '../../src/store/index.js';
import { refusalOf } from '../unit/store/open-store.js';
import { freePort } from './parts/free-port.js';
import { PostgresServer } from './postgres-server.js';

const SECRET = 'the-secret-of-dust';
/** Milliseconds that no test waits for: whoever is refused must not wait. */
const FOREVER = 3_600_000;
/** Milliseconds that a test waits for. */
const SOON = 300;

let server: PostgresServer;
let admin: Client;

beforeAll(async () => {
  server = await PostgresServer.start();
  admin = new Client({ connectionString: server.url });
  // A test ends the server.
  admin.on('error', () => undefined);
  await admin.connect();
  await demandPasswordOf('known');
  await admin.query(`create role dust login password '${SECRET}'`);
  await admin.query(`create role stranger login password '${SECRET}'`);
  await admin.query('create database theirs');
});

afterAll(async () => {
  await admin.end();
  await server.remove();
});

/** All others come in without. */
async function demandPasswordOf(user: string): Promise<void> {
  await admin.query(`create role ${user} login password 'another secret'`);
  const { rows } = await admin.query<{ hba_file: string }>('show hba_file');
  const file = rows[0]!.hba_file;
  const rule = `host all ${user} 127.0.0.1/32 scram-sha-256`;
  writeFileSync(file, `${rule}\n${readFileSync(file, 'utf8')}`);
  await admin.query('select pg_reload_conf()');
  // Whoever connects from now on goes by it.
  await admin.query('select pg_sleep(0.2)');
}

const address = (): string => new URL(server.url).host;

const urlOf = (user: string, rest: string, host = address()): string =>
  `postgres://${user}:${SECRET}@${host}/${rest}`;

const warned: string[] = [];
const logger = { ...silentLogger, warn: (message: string) => void warned.push(message) };

function open(url: string, writeTimeout = FOREVER): Promise<Store> {
  return openClusterStore({
    url,
    name: 'acme/refused',
    storage: createMemoryStorage(),
    writeTimeout,
    logger,
  });
}

/** What was refused, and how it is told. */
const REFUSED: Readonly<Record<string, { url: () => string; kind: string; detail: string; says: RegExp }>> = {
  'a wrong password': {
    url: () => urlOf('known', 'postgres'),
    kind: 'unauthorized',
    detail: 'login_refused',
    says: /password authentication failed for user "known"/,
  },
  'an unknown user': {
    url: () => urlOf('nobody_knows', 'postgres'),
    kind: 'unauthorized',
    detail: 'login_refused',
    says: /role "nobody_knows" does not exist/,
  },
  'an unknown database': {
    url: () => urlOf('dust', 'not_there'),
    kind: 'invalid_options',
    detail: 'no_such_database',
    says: /database "not_there" does not exist/,
  },
  'a user who may not make the schema': {
    url: () => urlOf('stranger', 'theirs'),
    kind: 'forbidden',
    detail: 'rights_missing',
    says: /permission denied for database theirs/,
  },
  'TLS that the server does not have': {
    url: () => urlOf('dust', 'postgres?sslmode=require'),
    kind: 'invalid_options',
    detail: 'tls_refused',
    says: /does not support SSL/,
  },
  'an unknown database on one of several servers': {
    url: () => urlOf('dust', 'not_there', `127.0.0.1:1,${address()}`),
    kind: 'invalid_options',
    detail: 'no_such_database',
    says: /database "not_there" does not exist/,
  },
};

describe.each(Object.entries(REFUSED))('%s', (_, { url, kind, detail, says }) => {
  it('ends a node that begins at once, with what PostgreSQL said, and where, without the password', async () => {
    warned.length = 0;
    const failure = await refusalOf(open(url()));
    expect(failure).toMatchObject({ kind, detail, retryable: false });
    expect(failure.message).toMatch(says);
    expect(failure.message).toContain(address());
    expect(inspect(failure, { depth: 9, showHidden: true })).not.toContain(SECRET);
    expect(warned).toEqual([]);
  });
});

it.each([
  ['a port where nobody listens', async () => `127.0.0.1:${await freePort()}`, /ECONNREFUSED/],
  ['a host that nobody knows', () => Promise.resolve('nowhere.invalid'), /nowhere\.invalid/],
])('%s may come to be: the node waits, and says why in the end', async (_, host, says) => {
  const failure = await refusalOf(open(urlOf('dust', 'postgres', await host()), SOON));
  expect(failure).toMatchObject({ kind: 'timeout', detail: 'not_current', retryable: true });
  expect(failure.message).toMatch(says);
  expect(failure.cause).toMatchObject({ kind: 'network', detail: 'no_primary' });
  expect(inspect(failure, { depth: 9, showHidden: true })).not.toContain(SECRET);
});

it('a node that is at work asks again, says so once, and goes on when it may', async () => {
  await admin.query('grant create on database theirs to dust');
  const store = await open(urlOf('dust', 'theirs'), FOREVER);
  await store.write({ op: 'increment', path: 'n', value: 1 });
  warned.length = 0;
  await admin.query('revoke connect on database theirs from public');
  await admin.query(`select pg_terminate_backend(pid) from pg_stat_activity where usename = 'dust'`);
  const written = store.write({ op: 'increment', path: 'n', value: 1 });
  const isRefused = (message: string): boolean => message.includes('permission denied for database');
  while (!warned.some(isRefused)) await admin.query('select pg_sleep(0.02)');
  await admin.query('grant connect on database theirs to public');
  await written;
  expect(store.get('n')?.value).toBe(2);
  expect(warned.filter(isRefused)).toHaveLength(1);
  await store.close();
});

it('a write that could not be sent fails as that, and its cause says why', async () => {
  await admin.query('grant create on database theirs to dust');
  const store = await open(urlOf('dust', 'theirs'), SOON);
  await store.write({ op: 'set', path: 'a', value: 1 });
  warned.length = 0;
  await server.stop('SIGINT');
  // The node notices by itself that the server has gone.
  while (!warned.some((message) => message.includes('answers as the primary'))) await turnOfTheLoop();
  const refused = () => refusalOf(store.write({ op: 'set', path: 'a', value: 2 }));
  const first = await refused();
  // It notices by one connection, and may send the first write by another one: nobody knows what came of that.
  const failure = first.kind === 'indeterminate' ? await refused() : first;
  expect(failure).toMatchObject({
    kind: 'timeout',
    detail: 'not_sent',
    cause: { kind: 'network', detail: 'no_primary' },
  });
  await store.close();
});

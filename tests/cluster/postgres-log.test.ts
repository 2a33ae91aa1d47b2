import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import { Client } from 'pg';
import type { ReplicatedLog } from '../../src/cluster/log/replicated-log.js';
import { openPostgresLog } from '../../src/cluster/logs/postgres/postgres-log.js';
import { refusalOf } from '../unit/store/open-store.js';
import { PostgresServer } from './postgres-server.js';

const STORE = 'acme/log';
const FRAME = new Uint8Array([1]);
const ALL = { maxBytes: 1_000_000 };
/** Milliseconds that a server may take to answer: short where none does, else longer than any test. */
const SOON = 1_000;
const FOREVER = 3_600_000;

let one: PostgresServer;
let other: PostgresServer;
const logs: ReplicatedLog[] = [];

async function open(hosts: readonly string[], timeout: number, user = 'postgres'): Promise<ReplicatedLog> {
  return openAt(`postgres://${user}@${hosts.join(',')}/postgres`, timeout);
}

async function openAt(url: string, timeout: number, store = STORE): Promise<ReplicatedLog> {
  const log = await openPostgresLog({ url, store, timeout });
  logs.push(log);
  return log;
}

const hostOf = ({ url }: PostgresServer): string => new URL(url).host;

async function command(server: PostgresServer, ...statements: readonly string[]): Promise<void> {
  const client = new Client({ connectionString: server.url });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}

/** Commits wait for a standby that there is not, or for none. */
async function waitForStandby(server: PostgresServer, name: string): Promise<void> {
  await command(
    server,
    `alter system set synchronous_standby_names = '${name}'`,
    'select pg_reload_conf()',
    // Whoever connects from now on goes by it: it was told by the time the next one is begun.
    'select pg_sleep(0.2)',
  );
}

/** Resolves when a commit waits for a standby. */
async function untilOneWaits({ url }: PostgresServer): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const look = "select count(*)::int as count from pg_stat_activity where wait_event = 'SyncRep'";
  // One look at a time: a test that waits for ever fails.
  while ((await client.query<{ count: number }>(look)).rows[0]!.count === 0);
  await client.end();
}

beforeAll(async () => {
  one = await PostgresServer.start();
  other = await PostgresServer.start();
}, 120_000);

afterEach(async () => {
  for (const server of [one, other]) await waitForStandby(server, '');
  for (const log of logs.splice(0)) await log.close();
  for (const server of [one, other]) await command(server, 'drop schema if exists dust_orm cascade');
});

afterAll(async () => {
  await one.remove();
  await other.remove();
});

describe('a log over PostgreSQL', () => {
  it('is appended to by a user without rights of his own, once there are tables', async () => {
    await command(one, 'create role plain login');
    const log = await open([hostOf(one)], FOREVER);
    await log.append(FRAME);
    await command(
      one,
      'grant usage on schema dust_orm to plain',
      'grant select, insert, update, delete on all tables in schema dust_orm to plain',
    );
    const plain = await open([hostOf(one)], FOREVER, 'plain');
    expect(await plain.append(FRAME)).toBe(2);
  });

  it('goes to the server that answers, whichever is named first', async () => {
    const sockets = new Set<Socket>();
    const silent = createServer((socket) => sockets.add(socket.on('error', () => undefined)));
    await once(silent.listen(0, '127.0.0.1'), 'listening');
    const log = await open([`127.0.0.1:${(silent.address() as AddressInfo).port}`, hostOf(one)], FOREVER);
    expect(await log.append(FRAME)).toBe(1);
    for (const socket of sockets) socket.destroy();
    silent.close();
    await once(silent, 'close');
  });

  it('shows nothing of a primary whose standby does not confirm it: what is seen there may be lost with it', async () => {
    const before = await open([hostOf(one)], FOREVER);
    await before.append(FRAME);
    await waitForStandby(one, 'nobody');
    const after = await open([hostOf(one)], SOON);
    expect(await refusalOf(after.read(1, ALL))).toMatchObject({ kind: 'network', detail: 'no_primary' });
    await waitForStandby(one, '');
    expect(await after.read(1, ALL)).toMatchObject([{ position: 1 }]);
  });

  it('takes in frames of one store while those of another one wait for a standby', async () => {
    const waiting = await openAt(one.url, FOREVER);
    const needsNone = '?options=-c%20synchronous_commit%3Dlocal';
    const going = await openAt(`${one.url}${needsNone}`, FOREVER, 'acme/other');
    await waiting.append(FRAME);
    await going.append(FRAME);
    await waitForStandby(one, 'nobody');
    let isConfirmed = false;
    const confirmed = waiting.append(FRAME).then(() => (isConfirmed = true));
    await untilOneWaits(one);
    expect(await going.append(FRAME)).toBe(2);
    expect(isConfirmed).toBe(false);
    await waitForStandby(one, '');
    await confirmed;
  });

  it('tells at once of what it appended itself, and once', async () => {
    const log = await open([hostOf(one)], FOREVER);
    await log.bounds();
    let heard = 0;
    log.watch(() => heard++);
    for (let appended = 1; appended <= 3; appended++) {
      await log.append(FRAME);
      // The server tells on this connection before it answers.
      await log.bounds();
      expect(heard).toBe(appended);
    }
  });

  it('leaves no server process that waits for a standby when it has given up', async () => {
    await waitForStandby(one, 'nobody');
    const log = await open([hostOf(one)], SOON);
    expect(await refusalOf(log.bounds())).toMatchObject({ detail: 'no_primary' });
    await log.close();
    // One look at a time, each a trip to the server, until it is seen: a test that waits for ever fails.
    for (let waiting = 1; waiting > 0;) {
      const client = new Client({ connectionString: one.url });
      await client.connect();
      const { rows } = await client.query<{ count: number }>(
        "select count(*)::int as count from pg_stat_activity where application_name like 'dust-orm%'",
      );
      await client.end();
      waiting = rows[0]!.count;
    }
    expect(await refusalOf(log.bounds())).toMatchObject({ kind: 'closed' });
  });

  it('reads where it appends, when the primary that it read from takes no more', async () => {
    const away = hostOf(other);
    await other.stop();
    const log = await open([hostOf(one), away], SOON);
    await log.append(FRAME);
    await log.append(FRAME);
    expect(await log.bounds()).toEqual({ first: 1, last: 2 });
    await other.begin();
    await waitForStandby(one, 'nobody');
    expect(await refusalOf(log.append(FRAME))).toMatchObject({ kind: 'network' });
    // Of the other server, whose log is another one.
    expect(await log.append(FRAME)).toBe(1);
    expect(await log.bounds()).toEqual({ first: 1, last: 1 });
  });
});

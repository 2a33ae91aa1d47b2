import type * as Pg from 'pg';
import { messageOf } from '../../../errors.js';
import { logTrimmed, noSuchLog, notAppended, otherLog } from '../../errors.js';
import type { LogInspection } from '../../log/inspection.js';
import { LogListeners } from '../../log/log-listeners.js';
import type {
  AppendOptions,
  KnownEntry,
  LogBounds,
  LogBoundsOptions,
  LogEntry,
  LogReadOptions,
  ReplicatedLog,
} from '../../log/replicated-log.js';
import type { ConnectionOptions } from './connection.js';
import { PostgresConnection } from './connection.js';
import { driverMissing, storeGone, unusableAddress } from './errors.js';
import { inspectServer } from './inspection.js';
import type { PostgresDriver } from './link.js';
import { PostgresShelf } from './postgres-shelf.js';
import {
  ADD_STORE,
  APPEND,
  ARE_THERE,
  BOUNDS,
  CHANNEL,
  DELETE_FRAMES,
  HAS_STORE,
  MAKE_TABLES,
  NOTIFY,
  READ,
  TRIM,
} from './schema.js';
import { serversOf } from './servers.js';
import { untilGone } from './until-gone.js';

/** Where a log lies. */
export interface PostgresLogOptions {
  /** `postgres://user:password@host:port/database`, with further hosts behind commas: the one that is the primary is taken. */
  readonly url: string;
  /** The store that the log is of. */
  readonly store: string;
  /** How long a server may take to answer, in milliseconds. Default 10,000. */
  readonly timeout?: number | undefined;
  /** Whether the store must have a log: none is made then. Default false. */
  readonly mustExist?: boolean | undefined;
}

const TIMEOUT = 10_000;

interface BorderRow {
  readonly last: string;
  readonly trimmed: string;
  /** What lies where an entry is known. */
  readonly known: string | null;
}

interface FrameRow {
  readonly position: string;
  readonly time: string;
  readonly bytes: Buffer;
  /** What lies before the first of them. */
  readonly follows: string | null;
}

/** Where nothing is known: no entry lies there. */
const NOTHING: KnownEntry = { position: 0, fingerprint: '' };

/** Loads the driver, which is a package of the user's. @throws DustError `invalid_options` with detail `driver_missing` */
async function loadDriver(): Promise<PostgresDriver> {
  // In a `try`, where bundlers let a package be that is not installed.
  try {
    const loaded = await import('pg');
    return loaded.default;
  } catch (error) {
    throw driverMissing(error);
  }
}

/**
 * Opens the log of a store in PostgreSQL, and makes its tables when they are missing. Connects when something is asked of it.
 *
 * @throws DustError `invalid_options` for an address that is none, and when the package `pg` is not there
 */
export async function openPostgresLog({
  url,
  store,
  timeout = TIMEOUT,
  mustExist = false,
}: PostgresLogOptions): Promise<ReplicatedLog> {
  const servers = serversOf(url);
  const driver = await loadDriver();
  assertUsable(driver, servers);
  return new PostgresLog(driver, { servers, store, timeout, mustExist });
}

/** The driver reads what an address says, and files that it names. @throws DustError `invalid_options` with detail `invalid_url` */
function assertUsable({ Client }: PostgresDriver, servers: readonly string[]): void {
  try {
    for (const connectionString of servers) new Client({ connectionString });
  } catch (error) {
    throw unusableAddress(messageOf(error));
  }
}

/** A log as a table: one connection for what is appended, one for what is read. */
class PostgresLog implements ReplicatedLog {
  readonly name = 'postgres';
  readonly shelf: PostgresShelf;
  readonly #store: string;
  readonly #writer: PostgresConnection;
  readonly #reader: PostgresConnection;
  readonly #shelfConnection: PostgresConnection;
  readonly #listeners = new LogListeners();
  /** The server's process that the last frame was appended by. */
  #writerProcess: number | undefined;

  constructor(
    driver: PostgresDriver,
    {
      servers,
      store,
      timeout,
      mustExist,
    }: Required<Pick<ConnectionOptions, 'servers' | 'timeout'>> & {
      readonly store: string;
      readonly mustExist: boolean;
    },
  ) {
    this.#store = store;
    const connection = (role: string, more: object = {}): PostgresConnection =>
      new PostgresConnection(driver, {
        servers,
        timeout,
        applicationName: `dust-orm ${role}`,
        // What is read elsewhere than it is appended is never seen.
        onConnected: (server) => {
          for (const each of this.#connections) each.leaveUnless(server);
        },
        ...more,
      });
    const prepare = async (client: Pg.Client): Promise<void> => {
      const areThere = await isThere(client, ARE_THERE);
      if (mustExist) {
        if (!areThere || !(await isThere(client, HAS_STORE, [store]))) throw noSuchLog(store);
        return;
      }
      if (!areThere) await client.query(MAKE_TABLES);
      await client.query(ADD_STORE, [store]);
    };
    this.#writer = connection('writer', { prepare });
    this.#shelfConnection = connection('shelf', { prepare });
    this.#reader = connection('reader', {
      prepare: async (client: Pg.Client) => {
        await prepare(client);
        await client.query(`listen ${CHANNEL}`);
      },
      onNotification: (notification: Pg.Notification | undefined) => {
        if (notification === undefined || this.#isOfOthers(notification)) this.#listeners.tell();
      },
    });
    this.shelf = new PostgresShelf(this.#shelfConnection, store);
  }

  async append(
    bytes: Uint8Array,
    { after: { position, fingerprint } = NOTHING, signal }: AppendOptions = {},
  ): Promise<number> {
    const [row] = await this.#writer.query<{ position: string; process: number }>(
      APPEND,
      [this.#store, toBuffer(bytes), position, fingerprint],
      signal,
    );
    if (row === undefined) {
      await this.#borders(signal);
      throw notAppended(position);
    }
    this.#writerProcess = row.process;
    // Whoever reads here need not wait until the database says so.
    this.#listeners.tell();
    this.#writer.send(NOTIFY, [this.#store]);
    return Number(row.position);
  }

  async read(from: number, { maxBytes, follows, signal }: LogReadOptions): Promise<readonly LogEntry[]> {
    const rows = await this.#reader.query<FrameRow>(READ, [this.#store, from, maxBytes], signal);
    const entries = rows.map(({ position, time, bytes }) => ({
      position: Number(position),
      time: Number(time),
      bytes,
    }));
    if (entries[0]?.position !== from) {
      const { first, trimmed } = await this.#borders(signal);
      if (from <= trimmed) throw logTrimmed(from, first);
    }
    const before = rows[0]?.follows ?? undefined;
    if (follows !== undefined && before !== undefined && before !== follows) throw otherLog(from - 1);
    return entries;
  }

  async bounds({ known, mustConfirm = false, signal }: LogBoundsOptions = {}): Promise<LogBounds> {
    if (mustConfirm) await this.#reader.confirm(signal);
    const { first, last } = await this.#borders(signal, known);
    return { first, last };
  }

  watch(listener: () => void): () => void {
    return this.#listeners.add(listener);
  }

  async trim(through: number): Promise<void> {
    // Not on the writer's connection: what is appended does not wait for it.
    const [border] = await this.#shelfConnection.query<{ trimmed: string }>(TRIM, [this.#store, through]);
    if (border === undefined) throw storeGone(this.#store);
    await untilGone(this.#shelfConnection, DELETE_FRAMES, [this.#store, Number(border.trimmed)]);
  }

  inspect(): Promise<LogInspection> {
    return inspectServer(this.#reader, this.#store);
  }

  async close(): Promise<void> {
    this.#listeners.clear();
    await Promise.all(this.#connections.map((connection) => connection.close()));
  }

  get #connections(): readonly PostgresConnection[] {
    return [this.#writer, this.#reader, this.#shelfConnection];
  }

  #isOfOthers({ payload, processId }: Pg.Notification): boolean {
    return payload === this.#store && processId !== this.#writerProcess;
  }

  async #borders(
    signal?: AbortSignal,
    { position, fingerprint } = NOTHING,
  ): Promise<LogBounds & { readonly trimmed: number }> {
    const [row] = await this.#reader.query<BorderRow>(BOUNDS, [this.#store, position], signal);
    if (row === undefined) throw storeGone(this.#store);
    if (row.known !== null && row.known !== fingerprint) throw otherLog(position);
    const [last, trimmed] = [Number(row.last), Number(row.trimmed)];
    return { first: trimmed < last ? trimmed + 1 : 0, last, trimmed };
  }
}

async function isThere(
  client: Pg.Client,
  statement: string,
  values: readonly unknown[] = [],
): Promise<boolean> {
  const { rows } = await client.query<{ there: boolean }>(statement, [...values]);
  return rows[0]?.there === true;
}

/** Without a copy: the driver takes buffers. */
function toBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

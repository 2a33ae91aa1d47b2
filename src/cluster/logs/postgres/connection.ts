import type { Client, Notification, QueryResultRow } from 'pg';
import { assertNotAborted, onAbort } from '../../../abort-listener.js';
import { isDustError } from '../../../errors.js';
import { logClosed } from '../../errors.js';
import { isStandby, noPrimary, statementFailed } from './errors.js';

/** What is needed of the package `pg`. */
export interface PostgresDriver {
  readonly Client: typeof Client;
}

/** What a {@link PostgresConnection} goes by. */
export interface ConnectionOptions {
  /** The servers to try, in this order. */
  readonly servers: readonly string[];
  /** Names the connection to the operators of the database. */
  readonly applicationName: string;
  /** How long a server may take to answer, in milliseconds. */
  readonly timeout: number;
  /** Sent on each new connection before anything else. */
  readonly prepare?: ((client: Client) => Promise<void>) | undefined;
  /** Hears notifications; and that some may have been missed, when a connection was lost and made again. */
  readonly onNotification?: ((notification: Notification | undefined) => void) | undefined;
}

/**
 * A connection to whichever of the servers is the primary, made when it is needed and again when it was lost. Requests go one after the
 * other.
 */
export class PostgresConnection {
  readonly #driver: PostgresDriver;
  readonly #options: ConnectionOptions;
  #client: Client | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  constructor(driver: PostgresDriver, options: ConnectionOptions) {
    this.#driver = driver;
    this.#options = options;
  }

  /** @throws DustError `network` when it is unknown whether the statement was carried out; `aborted`, `closed` */
  query<Row extends QueryResultRow>(
    text: string,
    values: readonly unknown[],
    signal?: AbortSignal,
  ): Promise<readonly Row[]> {
    const run = this.#last.then(() => this.#run<Row>(text, values, signal));
    this.#last = run.catch(() => undefined);
    return run;
  }

  /** Resolves when the connection is ended. Never rejects. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const client = this.#client;
    this.#client = undefined;
    await client?.end().catch(() => undefined);
    await this.#last;
  }

  async #run<Row extends QueryResultRow>(
    text: string,
    values: readonly unknown[],
    signal: AbortSignal | undefined,
  ): Promise<readonly Row[]> {
    this.#assertWanted(signal);
    const client = (this.#client ??= await this.#connect());
    // A statement that was sent cannot be called back for sure: the connection goes with it.
    const stopListening = onAbort(signal, () => {
      this.#drop(client);
    });
    try {
      const { rows } = await client.query<Row>(text, [...values]);
      return rows;
    } catch (error) {
      this.#drop(client);
      this.#assertWanted(signal);
      throw statementFailed(error);
    } finally {
      stopListening();
    }
  }

  /** @throws DustError `network` with detail `no_primary`; `store_not_found` when the primary has none */
  async #connect(): Promise<Client> {
    const { servers } = this.#options;
    let cause: unknown;
    for (const server of servers) {
      try {
        return await this.#connectTo(server);
      } catch (error) {
        if (isDustError(error, 'closed') || isDustError(error, 'store_not_found')) throw error;
        cause = error;
      }
    }
    throw noPrimary(servers.length, cause);
  }

  async #connectTo(connectionString: string): Promise<Client> {
    const { applicationName, timeout, prepare, onNotification } = this.#options;
    const client = new this.#driver.Client({
      connectionString,
      application_name: applicationName,
      connectionTimeoutMillis: timeout,
      query_timeout: timeout,
      keepAlive: true,
    });
    // Without a listener, the end of an idle connection would end the process.
    client.on('error', () => {
      this.#drop(client);
    });
    client.on('end', () => {
      this.#drop(client);
    });
    if (onNotification !== undefined) client.on('notification', onNotification);
    try {
      await client.connect();
      const { rows } = await client.query<{ standby: boolean }>('select pg_is_in_recovery() as standby');
      if (rows[0]?.standby !== false) throw isStandby();
      await prepare?.(client);
      this.#assertWanted();
    } catch (error) {
      void client.end().catch(() => undefined);
      throw error;
    }
    onNotification?.(undefined);
    return client;
  }

  #assertWanted(signal?: AbortSignal): void {
    if (this.#isClosed) throw logClosed();
    assertNotAborted(signal);
  }

  #drop(client: Client): void {
    if (this.#client === client) this.#client = undefined;
    void client.end().catch(() => undefined);
  }
}

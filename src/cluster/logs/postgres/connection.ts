import type { Client, Notification, QueryResultRow } from 'pg';
import { assertNotAborted, onAbort, requestAborted, untilAborted } from '../../../abort-listener.js';
import { isDustError } from '../../../errors.js';
import { logClosed } from '../../errors.js';
import { confirm } from './confirm.js';
import { noPrimary, statementFailed } from './errors.js';
import type { PostgresDriver } from './link.js';
import { Link } from './link.js';
import { reachPrimary } from './reach-primary.js';

/** What a {@link PostgresConnection} goes by. */
export interface ConnectionOptions {
  /** All are tried at the same time. */
  readonly servers: readonly string[];
  /** Names the connection to the operators of the database. */
  readonly applicationName: string;
  /** How long a server may take to answer, in milliseconds. */
  readonly timeout: number;
  /** Sent on each new connection before anything else. */
  readonly prepare?: ((client: Client) => Promise<void>) | undefined;
  /** Hears notifications; and that some may have been missed, when a connection was lost and made again. */
  readonly onNotification?: ((notification: Notification | undefined) => void) | undefined;
  /** Hears to which of the servers a new connection goes. */
  readonly onConnected: (server: string) => void;
}

/**
 * A connection to whichever of the servers is the primary, made when it is needed and again when it was lost. Requests go one after the
 * other.
 */
export class PostgresConnection {
  readonly #driver: PostgresDriver;
  readonly #options: ConnectionOptions;
  #link: Link | undefined;
  #connecting: Promise<Link> | undefined;
  /** Of the attempts to connect that are under way. */
  readonly #attempts = new Set<Link>();
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
    return this.#inTurn(async (client) => (await client.query<Row>(text, [...values])).rows, signal);
  }

  /**
   * Resolves when the server has shown that it can acknowledge a write, see {@link confirm}.
   *
   * @throws DustError `network` when nobody confirms it; `aborted`, `closed`
   */
  confirm(signal?: AbortSignal): Promise<void> {
    return this.#inTurn(confirm, signal);
  }

  /** Carries out a statement whose outcome nobody waits for, before the next one; does nothing where there is no connection. Never throws. */
  send(text: string, values: readonly unknown[]): void {
    const link = this.#link;
    link?.client.query(text, [...values]).catch(() => {
      this.#drop(link);
    });
  }

  /** Another connection found the primary there: this one is looked for anew unless it goes there, too. */
  leaveUnless(server: string): void {
    if (this.#link !== undefined && this.#link.server !== server) this.#drop(this.#link);
  }

  /** Resolves when the connection is ended. Waits for no server. Never rejects. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const link = this.#link;
    this.#link = undefined;
    link?.end();
    for (const attempt of this.#attempts) attempt.cut();
    await this.#connecting?.catch(() => undefined);
    await this.#last;
  }

  #inTurn<T>(work: (client: Client) => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    const run = this.#last.then(() => this.#run(work, signal));
    this.#last = run.catch(() => undefined);
    return run;
  }

  async #run<T>(work: (client: Client) => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    this.#assertWanted(signal);
    const link = this.#link ?? (await untilAborted(this.#connect(), signal, requestAborted));
    // A statement that was sent cannot be called back for sure: the connection goes with it.
    const stopListening = onAbort(signal, () => {
      this.#drop(link);
    });
    try {
      return await work(link.client);
    } catch (error) {
      this.#drop(link);
      this.#assertWanted(signal);
      throw isDustError(error) ? error : statementFailed(error);
    } finally {
      stopListening();
    }
  }

  /** One attempt at a time, whoever waits for it. */
  #connect(): Promise<Link> {
    this.#connecting ??= this.#connectToPrimary().finally(() => {
      this.#connecting = undefined;
    });
    return this.#connecting;
  }

  /** @throws DustError `network` with detail `no_primary`; `store_not_found` when the primary has none */
  async #connectToPrimary(): Promise<Link> {
    const { servers, prepare, onNotification, onConnected } = this.#options;
    const link = await this.#firstOf(servers);
    try {
      await prepare?.(link.client);
      this.#assertWanted();
    } catch (error) {
      link.cut();
      this.#assertWanted();
      throw isDustError(error) ? error : statementFailed(error);
    } finally {
      this.#attempts.delete(link);
    }
    this.#link = link;
    onNotification?.(undefined);
    onConnected(link.server);
    return link;
  }

  /** The first server that answers as the primary; the others are left alone then. */
  async #firstOf(servers: readonly string[]): Promise<Link> {
    const { timeout } = this.#options;
    const links = servers.map((server) => this.#newLink(server));
    for (const link of links) this.#attempts.add(link);
    let found: Link | undefined;
    try {
      found = await Promise.any(links.map((link) => reachPrimary(link, timeout)));
      return found;
    } catch (error) {
      this.#assertWanted();
      throw noPrimary(servers.length, tellingOf((error as AggregateError).errors));
    } finally {
      for (const link of links) {
        if (link === found) continue;
        this.#attempts.delete(link);
        link.cut();
      }
    }
  }

  #newLink(server: string): Link {
    const { applicationName, timeout, onNotification } = this.#options;
    const link = new Link(this.#driver, server, {
      application_name: applicationName,
      connectionTimeoutMillis: timeout,
      query_timeout: timeout,
      keepAlive: true,
      onEnd: (ended) => {
        this.#drop(ended);
      },
    });
    if (onNotification !== undefined) link.client.on('notification', onNotification);
    return link;
  }

  #assertWanted(signal?: AbortSignal): void {
    if (this.#isClosed) throw logClosed();
    assertNotAborted(signal);
  }

  #drop(link: Link): void {
    if (this.#link === link) this.#link = undefined;
    link.cut();
  }
}

/** Of several errors the one that says most: that a server is a standby is as it should be. */
function tellingOf(errors: readonly unknown[]): unknown {
  return errors.find((error) => !(isDustError(error) && error.detail === 'standby')) ?? errors[0];
}

import type { BeforeApplicationShutdown, OnApplicationShutdown } from '@nestjs/common';
import { setImmediate as turnOfEventLoop } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { messageOf } from '../errors.js';
import type { DataSource } from '../data-source/index.js';
import { loggerContext } from './nest-logger.js';

/** Ends a data source with its application. What fails here is logged: it must not keep others from closing. */
export class DataSourceLifecycle implements BeforeApplicationShutdown, OnApplicationShutdown {
  readonly #name: string;
  readonly #dataSource: DataSource;

  /** @param name the registered one: a test may have put another data source in its place */
  constructor(name: string, dataSource: DataSource) {
    this.#name = name;
    this.#dataSource = dataSource;
  }

  /** Before the server closes: it waits for its responses, and those that stream events end only now. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.#logged('did not end its subscriptions', () => {
      this.#dataSource.endSubscriptions();
      // Responses that end now leave their connections idle, which a closing server does not wait for.
      return turnOfEventLoop();
    });
  }

  /** After the last request. */
  async onApplicationShutdown(): Promise<void> {
    await this.#logged('did not close', () => this.#dataSource.destroy());
  }

  async #logged(failure: string, end: () => void | Promise<void>): Promise<void> {
    try {
      await end();
    } catch (error) {
      new Logger(loggerContext(this.#name)).error(
        `The data source "${this.#name}" ${failure}: ${messageOf(error)}`,
      );
    }
  }
}

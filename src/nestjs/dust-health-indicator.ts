import type { OptionNames } from '../options/index.js';
import { DELAY, checkOptionNames, checkOptionValues } from '../options/index.js';
import { Injectable, Logger } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { DataSource } from '../data-source/index.js';
import { isDustError, messageOf } from '../errors.js';
import { HEALTH_TIMEOUT, isUsable, statusWithin } from '../web/index.js';
import { terminusModuleMissing, terminusNotInstalled } from './errors.js';
import { loggerContext } from './nest-logger.js';
import type { DataSourceReference } from './tokens.js';
import { dataSourceName, getDataSourceToken } from './tokens.js';

const OPTIONS: OptionNames<DustPingCheckOptions> = { dataSource: true, timeout: true };

/** What a health check may be given. */
export interface DustPingCheckOptions {
  /** The data source, where it is not the default one. */
  readonly dataSource?: DataSourceReference;
  /** How long an answer may take, in milliseconds. Default 1000. */
  readonly timeout?: number;
}

/**
 * What a health check found, under its key; fits the `HealthIndicatorResult` of Terminus. Written out, because the types of
 * Terminus would be missed where it is not installed.
 */
export type DustHealthResult<Key extends string = string> = Record<
  Key,
  {
    /** Whether the data source can be used. */
    status: 'up' | 'down';
    [detail: string]: unknown;
  }
>;

/**
 * Tells Terminus whether a data source can be used. `DustOrmModule` provides it everywhere; the module that injects it
 * imports `TerminusModule`.
 */
@Injectable()
export class DustHealthIndicator {
  readonly #modules: ModuleRef;

  /** Called by Nest. */
  constructor(modules: ModuleRef) {
    this.#modules = modules;
  }

  /**
   * `up` with how the store is reached (`state`, `readsFrom`, `storeSeq`, and `shared` of a folder that several processes share), or `down` with the same or with the `kind` of the
   * error, whose message goes to the log. A channel that is interrupted is `up` with the state `degraded` as long as reads
   * go on: from the mirror, and over HTTP when the mirror is too old. Something is read each time, from memory, folder, mirror or
   * server.
   *
   * @param key what the result is listed under
   * @param options which data source, and how long it may take
   * @throws DustError `invalid_options` without Terminus or its module, or for a `timeout` that is no wait; an error of Nest when there is no such data
   * source
   */
  async pingCheck<const Key extends string>(
    key: Key,
    options: DustPingCheckOptions = {},
  ): Promise<DustHealthResult<Key>> {
    checkOptionNames('pingCheck', options, OPTIONS);
    checkOptionValues('pingCheck', options, { timeout: DELAY });
    const { dataSource, timeout = HEALTH_TIMEOUT } = options;
    const indicator = await this.#session(key);
    const source = this.#modules.get<DataSource>(getDataSourceToken(dataSource), { strict: false });
    try {
      const status = await statusWithin(source, timeout);
      const { state, readsFrom, storeSeq, shared } = status;
      const details = { state, readsFrom, storeSeq, ...(shared === undefined ? {} : { shared }) };
      return isUsable(status) ? indicator.up(details) : indicator.down(details);
    } catch (error) {
      new Logger(loggerContext(dataSourceName(dataSource))).warn(
        `The health check "${key}" failed: ${messageOf(error)}`,
      );
      return indicator.down({ kind: isDustError(error) ? error.kind : 'unknown' });
    }
  }

  async #session<Key extends string>(key: Key) {
    const { HealthIndicatorService } = await loadTerminus();
    try {
      return this.#modules.get(HealthIndicatorService, { strict: false }).check(key);
    } catch (error) {
      throw terminusModuleMissing(error);
    }
  }
}

/** Loaded when it is used: Terminus is optional. */
async function loadTerminus() {
  try {
    return await import('@nestjs/terminus');
  } catch (error) {
    throw terminusNotInstalled(error);
  }
}

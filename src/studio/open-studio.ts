import { systemClock } from '../clock.js';
import type { Clock } from '../clock.js';
import type { DataSource } from '../data-source/index.js';
import { consoleLogger } from '../logging.js';
import type { Logger } from '../logging.js';
import { entitiesIn } from './api/entities.js';
import type { StudioSource, Surroundings } from './api/source.js';
import { readPageFiles } from './http/page-files.js';
import { StudioServer } from './http/studio-server.js';

/** What a studio is opened with. */
export interface StudioOptions {
  /** Whether the page may change the store. Default false. */
  readonly write?: boolean | undefined;
  /** Where it listens on 127.0.0.1. Default 0: a free port. */
  readonly port?: number | undefined;
  /** The folder of the page's files. */
  readonly page: string;
  /** Where the store lies, for the reader. */
  readonly place: string;
  /** The version of dust-orm. */
  readonly version: string;
  /** What the process knows of the store beside that, asked at every look at the status. */
  readonly surroundings?: (() => Partial<Surroundings> | Promise<Partial<Surroundings>>) | undefined;
  readonly clock?: Clock | undefined;
  /** Hears what goes wrong. Default: standard error. */
  readonly logger?: Logger | undefined;
}

/** A studio that runs. */
export interface Studio {
  /** An address that lets one browser in, once. */
  readonly address: string;
  /** Another such address. The one before lets nobody in any more. */
  invite(): string;
  /** Ends it, whatever browsers still ask for. The data source stays open. Calling it again waits along. */
  close(): Promise<void>;
}

/**
 * A page on loopback that shows the store of an open data source.
 *
 * @throws DustError `network` when the port cannot be had; `not_initialized`, `closed`
 */
export async function openStudio(dataSource: DataSource, options: StudioOptions): Promise<Studio> {
  const { write = false, port = 0, clock = systemClock, logger = consoleLogger } = options;
  const { transport } = dataSource;
  const { surroundings } = options;
  const source: StudioSource = {
    dataSource,
    transport,
    store: dataSource.options.store ?? 'local/default',
    place: options.place,
    version: options.version,
    writable: write,
    isRemote: dataSource.options.url !== undefined || !transport.capabilities.localReads,
    clock,
    logger,
    entities: entitiesIn(dataSource, transport),
    surroundings: async () => ({ figures: [], connections: [], ...(await surroundings?.()) }),
  };
  const page = await readPageFiles(options.page);
  const server = new StudioServer({ source, page, logger });
  await server.listen(port);
  return {
    address: server.invite(),
    invite: () => server.invite(),
    close: () => server.close(),
  };
}

import { resolve } from 'node:path';
import { DataSource } from '../../data-source/index.js';
import type { DataSourceOptions } from '../../data-source/index.js';
import { endAll } from '../../end-all.js';
import type { OpenServer } from '../../server/serve.js';
import type { Store } from '../../store/index.js';
import { openStudio } from '../../studio/index.js';
import type { Surroundings } from '../../studio/index.js';
import { EmbeddedTransport } from '../../transport/embedded/index.js';
import type { CliContext } from '../context.js';
import { loggerTo, loggingTo } from '../output/logger.js';
import { Progress } from '../output/progress.js';
import { studioPage } from './studio-page.js';
import type { NamedStudio } from './tell-address.js';

/** What `serve` is told of studios. */
export interface ServedStudioFlags {
  readonly studio?: true;
  readonly studioWrite?: true;
  readonly studioConfig?: string;
  readonly data?: string;
}

/** Studios of all stores that a server serves. */
export interface ServedStudios {
  readonly studios: readonly NamedStudio[];
  /** To be called before the server is closed. */
  close(): Promise<void>;
}

/**
 * Opens a studio for each store that is served, over the store itself.
 *
 * @throws DustError what loading the configuration and opening a data source and a studio throw; nothing stays open then
 */
export async function openServedStudios(
  opened: OpenServer,
  flags: ServedStudioFlags,
  context: CliContext,
): Promise<ServedStudios> {
  const closing: (() => Promise<void>)[] = [];
  const close = (): Promise<void> => endAll(closing.splice(0).reverse());
  const studios: NamedStudio[] = [];
  try {
    const entities = await entitiesFor(flags, context);
    const progress = new Progress(context.err);
    for (const [name, store] of opened.stores) {
      const dataSource = new DataSource({
        ...entities,
        store: name,
        transport: ({ store: asked }) => new EmbeddedTransport({ store: opened.stores.get(asked) ?? store }),
        onInvalidRecord: 'skip',
        ...loggingTo({}, context.err, progress),
      });
      await dataSource.initialize().finally(() => progress.clear());
      closing.push(() => dataSource.destroy());
      const studio = await openStudio(dataSource, {
        write: flags.studioWrite,
        page: studioPage(),
        place: `${opened.running.url}, ${flags.data === undefined ? 'in memory' : `kept in ${flags.data}`}`,
        version: context.io.version,
        surroundings: () => surroundingsOf(opened, store),
        clock: context.io.clock,
        logger: loggerTo(context.err),
      });
      closing.push(() => studio.close());
      studios.push({ store: name, studio });
    }
    return { studios, close };
  } catch (error) {
    await close().catch(() => undefined);
    throw error;
  }
}

async function entitiesFor(
  { studioConfig }: ServedStudioFlags,
  { io }: CliContext,
): Promise<Pick<DataSourceOptions, 'entities' | 'namingStrategy' | 'coerce' | 'validation'>> {
  if (studioConfig === undefined) return { entities: [] };
  const { loadConfig } = await import('../config/load-config.js');
  const { entities, namingStrategy, coerce, validation } = await loadConfig(resolve(io.cwd, studioConfig));
  return {
    entities,
    ...(namingStrategy === undefined ? {} : { namingStrategy }),
    ...(coerce === undefined ? {} : { coerce }),
    ...(validation === undefined ? {} : { validation }),
  };
}

function surroundingsOf({ server }: OpenServer, store: Store): Partial<Surroundings> {
  const { operationCount, snapshotSeq } = store.status();
  const { fileBytes, storedBytes } = store.size();
  const connections = server.guests.present.flatMap(({ deviceId, since, stores }) => {
    const joined = stores();
    const named = joined.length === 0 ? [''] : joined;
    return named.map((each) => ({ store: each, device: deviceId, since: new Date(since).toISOString() }));
  });
  return {
    connections,
    figures: [
      { name: 'Operations in the log', value: operationCount },
      { name: 'Log trimmed at seq', value: snapshotSeq },
      { name: 'Files', value: fileBytes, unit: 'B' },
      { name: 'On the disk', value: storedBytes, unit: 'B' },
    ],
  };
}

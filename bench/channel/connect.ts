import { DataSource } from 'dust-orm';
import { filter, firstValueFrom } from 'rxjs';
import { silentLogger } from '../../src/logging.js';
import { EngineRegistry, createChannelTransport } from '../../src/transport/channel/index.js';
import { Link } from '../link.js';
import { PREFIX } from '../stub/leaves.js';

/** The store of the rows. */
export const STORE = 'bench/channel';
/** Its token. */
export const TOKEN = 'dust_tok_bench_channel';

/** How messages travel. */
export type Serialization = 'json' | 'messagepack';

/** A data source on the channel of the server at `url`, live, its mirror in memory or in the folder `path`. */
export async function connect(url: string, serialization: Serialization, path?: string): Promise<DataSource> {
  const dataSource = await new DataSource({
    store: STORE,
    entities: [Link],
    ...wayTo(url, serialization, path),
  }).initialize();
  // A long catch-up goes on behind `initialize()`, which waits for it no longer than ten seconds.
  await firstValueFrom(dataSource.transport.status$.pipe(filter(({ state }) => state === 'live')));
  return dataSource;
}

function wayTo(url: string, serialization: Serialization, path?: string) {
  if (serialization === 'json') return { url, token: TOKEN, ...(path !== undefined && { cache: { path } }) };
  const options = {
    url,
    token: TOKEN,
    store: STORE,
    prefixes: [PREFIX],
    serialization,
    logger: silentLogger,
  };
  return { transport: createChannelTransport(options, new EngineRegistry()) };
}

import { DataSource, silentLogger } from 'dust-orm';
import { serve } from 'dust-orm/server';
import { createTestDataSource } from 'dust-orm/testing';
import { dataSourceOptions } from '../../src/data-source.js';

/** A data source of the application, and what ends it and everything below it. */
export interface OpenStore {
  readonly dataSource: DataSource;
  close(): Promise<void>;
}

/** The kinds of store that the application runs on. */
export const STORES = {
  'in memory': async (): Promise<OpenStore> => {
    const dataSource = await createTestDataSource(dataSourceOptions({}));
    return { dataSource, close: () => dataSource.destroy() };
  },
  'on a Dust server': async (): Promise<OpenStore> => {
    const server = await serveDust();
    const dataSource = await new DataSource(dataSourceOptions(server.environment)).initialize();
    return {
      dataSource,
      close: async () => {
        await dataSource.destroy();
        await server.close();
      },
    };
  },
};

/** A Dust server, and the environment that leads an application there. */
export interface DustServer {
  readonly environment: NodeJS.ProcessEnv;
  close(): Promise<void>;
}

export async function serveDust(): Promise<DustServer> {
  const store = 'acme/reading';
  const server = await serve({ port: 0, stores: [store], rateLimits: false, logger: silentLogger });
  return {
    environment: { DUST_BASE_URL: server.url, DUST_TOKEN: server.token, DUST_STORE: store },
    close: () => server.close(),
  };
}

import type { DataSourceOptions } from 'dust-orm';
import { dataSourceOptionsFromEnv } from 'dust-orm';
import { Link } from './link.entity.js';

/**
 * The environment decides where the list is kept: on a Dust server with DUST_BASE_URL, DUST_TOKEN and DUST_STORE, in the
 * folder DUST_PATH, which several processes share with DUST_SHARE=true, or in memory. There is no `retry`: who asks too often is told so, and decides what to do.
 */
export function dataSourceOptions(env: NodeJS.ProcessEnv = process.env) {
  const remote = dataSourceOptionsFromEnv(env);
  const share = env.DUST_SHARE === 'true';
  const where = remote.url === undefined && env.DUST_PATH ? { path: env.DUST_PATH, share } : remote;
  return { ...where, entities: [Link] } satisfies DataSourceOptions;
}

import type { DataSource } from 'dust-orm';
import type { RequestHandler } from 'express';

/**
 * 200 while the store can be used, be it slowly (`degraded`), and 503 otherwise; for a load balancer. Of a folder that several processes share,
 * `shared` says whether this one has it.
 */
export function health(dataSource: DataSource): RequestHandler {
  return async (_request, response) => {
    const { state: store, shared } = await statusOf(dataSource);
    const usable = store === 'live' || store === 'degraded';
    response.status(usable ? 200 : 503).json({ status: usable ? 'ok' : 'error', store, shared });
  };
}

interface Status {
  readonly state: string;
  readonly shared?: string | undefined;
}

async function statusOf(dataSource: DataSource): Promise<Status> {
  try {
    return await dataSource.transport.status();
  } catch {
    return { state: 'unavailable' };
  }
}

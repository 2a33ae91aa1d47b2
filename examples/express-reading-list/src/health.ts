import type { DataSource } from 'dust-orm';
import type { RequestHandler } from 'express';

/** 200 while the store can be used, be it slowly (`degraded`), and 503 otherwise; for a load balancer. */
export function health(dataSource: DataSource): RequestHandler {
  return async (_request, response) => {
    const store = await stateOf(dataSource);
    const usable = store === 'live' || store === 'degraded';
    response.status(usable ? 200 : 503).json({ status: usable ? 'ok' : 'error', store });
  };
}

async function stateOf(dataSource: DataSource): Promise<string> {
  try {
    return (await dataSource.transport.status()).state;
  } catch {
    return 'unavailable';
  }
}

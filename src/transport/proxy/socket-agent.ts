import type { Agent } from 'node:http';
import type { Proxy } from './proxy.js';

/** Digs the tunnels that sockets through a proxy go by, each its own. Loaded on first use: most sockets have no proxy. */
export async function socketAgent({ url }: Proxy): Promise<Agent> {
  const { HttpsProxyAgent } = await import('https-proxy-agent');
  return new HttpsProxyAgent(url, { keepAlive: false });
}

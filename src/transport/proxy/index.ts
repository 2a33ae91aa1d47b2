export type { Proxy } from './proxy.js';
export { isLoopback, portOf, proxyFor, proxyName } from './proxy.js';
export { socketAgent } from './socket-agent.js';

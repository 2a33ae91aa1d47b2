export { addressOf } from './address.js';
export type { NatsLogOptions } from './nats-log.js';
export { openNatsLog } from './nats-log.js';

export type {
  EmbeddedTransportOptions,
  OwnStoreOptions,
  SharedStoreOptions,
} from './embedded-transport-options.js';
export { EmbeddedTransport } from './embedded-transport.js';

export { ChannelTransport } from './channel-transport.js';
export { createChannelTransport, createSharedTransport } from './create-channel-transport.js';
export { EngineRegistry } from './engine-registry.js';
export { checkChannelLimits } from './check-limits.js';
export type { FileToStore } from './file-beside.js';
export type { ChannelOptions, ChannelTransportOptions } from './options.js';
export type { SharedTransport } from './shared-transport.js';
export { checkSocketUrl, socketUrlOf } from './socket-url.js';

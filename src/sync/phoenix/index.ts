export { PhoenixLinker } from './phoenix-linker.js';
export type { PhoenixLinkerOptions, SocketProxy } from './phoenix-linker.js';

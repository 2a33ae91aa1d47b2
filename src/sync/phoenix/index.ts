export { PhoenixLinker } from './phoenix-linker.js';
export type { PhoenixLinkerOptions } from './phoenix-linker.js';

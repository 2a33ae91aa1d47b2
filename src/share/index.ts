export type { SharedFolderOptions } from './options.js';
export { SharedFolderTransport } from './shared-folder-transport.js';

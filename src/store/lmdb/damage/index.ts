export { Findings } from './findings.js';
export { openingFault } from './opening-check.js';
export { markFormat, markedFormat } from './store-mark.js';
export { verifyFolder } from './verify.js';
export type { FolderReport } from './verify.js';

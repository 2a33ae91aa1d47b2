export { assertSound } from './assert-sound.js';
export { openingFault, presenceFault } from './opening-check.js';
export { MARK_FILE, markFormat, markedFormat, writeMark } from './store-mark.js';
export { verifyFolder } from './verify.js';
export type { FolderReport } from './verify.js';

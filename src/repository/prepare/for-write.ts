import type { RequestOptions } from '../../transport/transport.js';

/** With the reads that a write depends on: they wait as the write itself would. */
export const FOR_WRITE: RequestOptions = Object.freeze({ forWrite: true });

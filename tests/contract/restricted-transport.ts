import { throwError } from 'rxjs';
import { DustError } from '../../src/index.js';
import type { BatchOperation, Transport, TransportCapabilities } from '../../src/transport/transport.js';
import { overlay } from './overlay.js';

/** What the HTTP interface of a server can do (PROTOCOL §3). */
export const HTTP_CAPABILITIES: TransportCapabilities = {
  realtime: false,
  atomicBatch: true,
  batchIfAbsent: false,
  batchMerge: false,
  merge: false,
  counters: false,
  leases: false,
  files: false,
  localReads: false,
};

/** A transport cut down to what HTTP can do. It refuses the rest, and ignores `ifAbsent` in batches as servers do. */
export function likeHttp(transport: Transport): Transport {
  return overlay(transport, {
    capabilities: HTTP_CAPABILITIES,
    batchWrite: async (operations, options) => transport.batchWrite(operations.map(inBatch), options),
    watch: unwatchable,
    watchRecords: unwatchable,
    merge: refused,
    increment: refused,
    add: refused,
    remove: refused,
    lease: refused,
    renew: refused,
    release: refused,
    putFile: refused,
    getFile: refused,
  });
}

function inBatch(operation: BatchOperation): BatchOperation {
  switch (operation.op) {
    case 'merge':
      throw notSupported();
    case 'delete':
      return operation;
    case 'set': {
      const { op, path, value, ifMatch } = operation;
      return { op, path, value, ...(ifMatch === undefined ? {} : { ifMatch }) };
    }
  }
}

const refused = (): Promise<never> => Promise.reject(notSupported());
const unwatchable = () => throwError(notSupported);
const notSupported = (): DustError => new DustError('not_supported', 'This transport is cut down.');

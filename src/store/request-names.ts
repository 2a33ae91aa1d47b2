import type { OptionNames } from '../options/index.js';
import type { LogQuery } from './history/log-reading.js';
import type { LeafQuery } from './reading/listing.js';
import type {
  BatchRequest,
  LeaseRequest,
  PutFileRequest,
  ReleaseRequest,
  RenewRequest,
  RollbackRequest,
  WriteContext,
  WriteRequest,
} from './requests.js';

const CONTEXT: OptionNames<WriteContext> = {
  deviceId: true,
  clientOpId: true,
  fence: true,
  announce: true,
  deduplicate: true,
};

/** What each kind of request to a store may be made of. */
export const REQUEST_NAMES: {
  readonly write: OptionNames<WriteRequest>;
  readonly batch: OptionNames<BatchRequest>;
  readonly putFile: OptionNames<PutFileRequest>;
  readonly lease: OptionNames<LeaseRequest>;
  readonly renew: OptionNames<RenewRequest>;
  readonly release: OptionNames<ReleaseRequest>;
  readonly rollback: OptionNames<RollbackRequest>;
  readonly list: OptionNames<LeafQuery>;
  readonly log: OptionNames<LogQuery>;
} = {
  write: { ...CONTEXT, op: true, path: true, value: true, leafTypes: true, ifMatch: true, ifAbsent: true },
  batch: { ...CONTEXT, operations: true },
  putFile: { ...CONTEXT, path: true, content: true, filename: true, contentType: true },
  lease: { ...CONTEXT, path: true, ttl: true, holder: true },
  renew: { ...CONTEXT, path: true, token: true, ttl: true },
  release: { ...CONTEXT, path: true, token: true },
  rollback: { deviceId: true, announce: true, toSeq: true, path: true },
  list: { limit: true, after: true, order: true, bytes: true, pattern: true, from: true, to: true },
  log: { after: true, limit: true, bytes: true },
};

export type { DataProperty, DeepPartial, EntityTarget } from '../query/index.js';
export type { BulkInsertOptions, BulkInsertProgress, RecordSource } from './bulk-insert.js';
export type { CustomMethods } from './custom-methods.js';
export type { EntityContext, EntityContexts } from './entity-context.js';
export { EntityManager } from './entity-manager.js';
export { BulkInsertError, EntityNotFoundError, PartialWriteError } from './write-errors.js';
export type { FileSource } from './file-content.js';
export type { FileUploadOptions, OpenedFile } from './file-fields.js';
export type { KeyInput } from './keys.js';
export { Lease } from './lease.js';
export type { LeaseRequest } from './lease.js';
export type { CounterProperty, FileProperty, SetMember, SetProperty } from './property-types.js';
export { Repository } from './repository.js';
export type {
  BatchResult,
  BulkInsertResult,
  ClearResult,
  DeleteResult,
  InsertResult,
  UpdateResult,
  WriteResult,
} from './results.js';
export type { Computation } from './single-flight.js';
export type { SingleFlightOptions } from './single-flight-options.js';
export type { UpsertOptions } from './upsert-options.js';
export type { BatchBuild } from './write-batch.js';
export { WriteBatch } from './write-batch.js';
export type {
  CompareOptions,
  DeleteOptions,
  InsertOptions,
  RemoveOptions,
  SaveOptions,
  UpdateOptions,
  WriteRequest,
} from './write-options.js';

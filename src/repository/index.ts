export type { DataProperty, DeepPartial, EntityTarget } from '../query/index.js';
export { DataSourceAbsences } from './absent/data-source-absences.js';
export type { BulkInsertOptions, BulkInsertProgress, RecordSource } from './write/bulk-insert.js';
export type { CustomMethods } from './custom-methods.js';
export type { EntityContext, EntityContexts } from './entity-context.js';
export { EntityManager } from './entity-manager.js';
export type { GetManyOptions } from './populate/many.js';
export { MissingTargets } from './populate/missing-targets.js';
export { SharedLists } from './populate/shared-lists.js';
export {
  BulkInsertError,
  detailsOf,
  EntityNotFoundError,
  PartialWriteError,
} from './prepare/write-errors.js';
export type { FileSource } from './fields/file-content.js';
export type { FileUploadOptions, OpenedFile } from './fields/file-fields.js';
export type { KeyInput } from './leases/keys.js';
export { Lifecycle } from './lifecycle/lifecycle.js';
export type {
  InsertEvent,
  LoadEvent,
  RecoverEvent,
  RemoveEvent,
  SoftRemoveEvent,
  SubscriberEvent,
  UpdateEvent,
} from './lifecycle/events.js';
export type { EntitySubscriberInterface, SubscriberMethod } from './lifecycle/subscriber.js';
export { acquireLease, Lease } from './leases/lease.js';
export type { LeaseRequest } from './leases/lease.js';
export { LeaseRenewal } from './leases/lease-renewal.js';
export { isUnavailable } from './leases/unavailable.js';
export type {
  Counter,
  CounterProperty,
  DeclaredCounter,
  FileProperty,
  NumericProperty,
  OrderedProperty,
  SetMember,
  SetProperty,
  SumOf,
} from './requests/property-types.js';
export { slugMakerOf } from './slugs/slug-maker.js';
export { Repository } from './repository.js';
export type {
  BatchResult,
  BulkInsertResult,
  ClearResult,
  DeleteResult,
  InsertResult,
  UpdateResult,
  WriteResult,
} from './requests/results.js';
export type { Computation } from './leases/single-flight.js';
export type { SingleFlightOptions } from './leases/single-flight-options.js';
export type { UpsertOptions } from './requests/upsert-options.js';
export { elapsed, retryOnConflict } from './commit/retry-on-conflict.js';
export type { ConflictRetryOptions } from './commit/retry-on-conflict.js';
export { saveEntities, saveEntity } from './write/save.js';
export type { BatchBuild, BatchOutcome } from './batch/write-batch.js';
export { WriteBatch } from './batch/write-batch.js';
export type {
  CompareOptions,
  DeleteOptions,
  InsertOptions,
  ListenerOptions,
  RemoveOptions,
  SaveOptions,
  UpdateOptions,
  WriteRequest,
} from './requests/write-options.js';

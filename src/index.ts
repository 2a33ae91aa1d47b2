/**
 * Entities, repositories and the data source they belong to: everything but what is for NestJS, for serving a store
 * and for tests.
 *
 * @module dust-orm
 */
import 'reflect-metadata';

export { DustError, isDustError } from './errors.js';
export type { DuplicateValues, DustErrorDetails, DustErrorKind } from './errors.js';
export { consoleLogger, createConsoleLogger, pinoLogger, silentLogger } from './logging.js';
export type { LogFields, LogLevel, Logger, PinoLike } from './logging.js';
export {
  CONNECTION_CHANNEL,
  OPERATION_CHANNEL,
  REPAIR_CHANNEL,
  RESEND_CHANNEL,
  RETRY_CHANNEL,
} from './diagnostics/index.js';
export type {
  DustConnectionMessage,
  DustOperation,
  DustOperationMessage,
  DustOperationRead,
  DustOperationResult,
  DustRepairMessage,
  DustResendMessage,
  DustRetryMessage,
} from './diagnostics/index.js';
export { systemClock } from './clock.js';
export type { Clock, ScheduleOptions } from './clock.js';
export type { JsonObject, JsonValue, Leaf, LeafType, Entry } from './protocol/value.js';
export type { Commit, CommitRange, CommittedOperation, OperationKind } from './protocol/operation.js';
export type { Path } from './protocol/path.js';
export type {
  IndexBound,
  IndexDefinition,
  IndexPart,
  IndexRange,
  IndexRanges,
  IndexedType,
  IndexedValue,
  HeldRecords,
  LocalRecords,
  RecordAccess,
  RecordLeaves,
  RecordPosition,
  RecordWalk,
  SlugBound,
  SlugRange,
} from './protocol/record-access.js';
export { parsePath, renderPath } from './protocol/path.js';

export {
  AfterInsert,
  AfterLoad,
  AfterRecover,
  AfterRemove,
  AfterSave,
  AfterSoftRemove,
  AfterUpdate,
  BeforeInsert,
  BeforeRecover,
  BeforeRemove,
  BeforeSave,
  BeforeSoftRemove,
  BeforeUpdate,
  CounterField,
  CreatedAtField,
  DeletedAtField,
  DustEntity,
  EventSubscriber,
  Field,
  FileField,
  Index,
  Ref,
  SetField,
  Slug,
  Unique,
  UpdatedAtField,
  VersionField,
} from './decorators/index.js';
export type {
  AnyPropertyDecorator,
  FileFieldOptions,
  HookDecorator,
  IndexDecorator,
  NamedFieldOptions,
  PropertyDecoratorFor,
  SetFieldOptions,
  TypedFieldOptions,
} from './decorators/index.js';
export {
  counterField,
  createdAtField,
  deletedAtField,
  defineEntity,
  defineNested,
  enumField,
  field,
  fileField,
  jsonField,
  nested,
  ref,
  setField,
  slug,
  updatedAtField,
  versionField,
} from './define/index.js';
export type {
  DefinedHook,
  DefinedHooks,
  DefinedInstance,
  DefinedPropertyPath,
  DefinedScope,
  DefinedScopeWhere,
  DefineEntityOptions,
  DefineNestedOptions,
  ExtendsOption,
  FieldDefinitionOptions,
  FileDefinitionOptions,
  IndexDefinitionOptions,
  JsonDefinitionOptions,
  NamedDefinitionOptions,
  NamedIndexDefinition,
  PopulatedName,
  PropertyDefinition,
  PropertyDefinitions,
  PropertyPresence,
  PropertyRule,
  ReferenceDefinition,
  SetDefinitionOptions,
  TypedDefinitionOptions,
} from './define/index.js';
export { EntityMetadataError } from './metadata/index.js';
export type {
  DustFile,
  EntityClass,
  EntityHook,
  EntityHooks,
  EntityIndex,
  EntityMetadata,
  EntityOptions,
  EntityScope,
  EntityScopes,
  FieldMetadata,
  FieldOptions,
  FieldRole,
  FieldType,
  HookName,
  IndexOptions,
  MetadataProblem,
  NamingStrategy,
  ScopeDefinition,
  ScopeWhere,
  SlugGeneration,
  SlugOptions,
  ReferenceMetadata,
  ReferenceOptions,
  ReferenceTarget,
  StandardSchema,
  StandardSchemaIssue,
  StandardSchemaResult,
  RawRecord,
  SchemaVersion,
  StorageMode,
  UpgradeRecord,
  ValueTransformer,
} from './metadata/index.js';
export { EntityValidationError, InvalidValueError } from './mapping/index.js';
export type { ClassValidatorOptions, PropertyError, RecordProblem } from './mapping/index.js';

export {
  And,
  Any,
  ArrayContainedBy,
  ArrayContains,
  ArrayOverlap,
  Between,
  Equal,
  ILike,
  In,
  InvalidRecordError,
  IsNull,
  JsonContains,
  LessThan,
  LessThanOrEqual,
  Like,
  MoreThan,
  MoreThanOrEqual,
  Not,
  Or,
} from './query/index.js';
export type {
  DataProperty,
  DeepPartial,
  DeepPartialProperty,
  EntityTarget,
  FindCriteria,
  FindManyOptions,
  FindOneOptions,
  FindPageOptions,
  FindOperator,
  FindOperatorName,
  FindOptionsOrder,
  FindOptionsOrderProperty,
  FindOptionsOrderValue,
  FindOptionsPopulate,
  OnlyReferences,
  FindOptionsSelect,
  FindOptionsWhere,
  FindOptionsWhereProperty,
  FindStreamOptions,
  FindWhere,
  ObjectLiteral,
  OnInvalidRecord,
  Page,
  QueryExplanation,
  ReadConsistency,
  ReadCost,
  ReadPath,
  ScopeOptions,
  Populated,
  PopulateOption,
  PopulatePath,
  PopulateTarget,
  PopulateBranches,
  Populating,
  ReferenceProperty,
  Selecting,
  SelectOption,
} from './query/index.js';

export { MigrationError } from './migrations/index.js';
export type {
  Migration,
  MigrationClass,
  MigrationContext,
  MigrationDirection,
  MigrationInterface,
  MigrationProgress,
  MigrationState,
  MigrationStatus,
  RunMigrationsOptions,
  SeedFunction,
  Walk,
  WalkOptions,
  WalkOutcome,
  WalkResult,
  WalkStatus,
} from './migrations/index.js';

export { EventBridge, sseStream, toAsyncIterable, writeSse } from './realtime/index.js';
export type {
  AsyncIterableOptions,
  EmittingBus,
  EntityDeletedEvent,
  EntityEvent,
  EntityEventSource,
  EntityUpsertedEvent,
  EventBridgeOptions,
  EventBridgeState,
  EventBus,
  LiveOneOptions,
  LiveOptions,
  PublishingBus,
  SseMessage,
  SseOptions,
  SseResponse,
  WriteSseOptions,
} from './realtime/index.js';

export { MAX_BATCH_OPERATIONS, MAX_PAGE_SIZE } from './transport/transport.js';
export type {
  BarrierOptions,
  BatchOperation,
  BatchReceipt,
  DeleteOptions as TransportDeleteOptions,
  Fence,
  FileContent,
  FileReceipt,
  FileUpload,
  IndexingOptions,
  LeaseOptions,
  LeaseReceipt,
  ListPage,
  ListQuery,
  LocalReadOptions,
  RecordChange,
  RecordCommit,
  RequestOptions,
  SetOptions as TransportSetOptions,
  Transport,
  TransportCapabilities,
  TransportStatus,
  WriteOptions as TransportWriteOptions,
  WriteReceipt,
} from './transport/transport.js';
export { EmbeddedTransport } from './transport/embedded/index.js';
export type { ClusterOptions } from './cluster/index.js';
export type { EmbeddedTransportOptions } from './transport/embedded/index.js';
export type { ChannelOptions } from './transport/channel/index.js';
export type { Backoff, SyncLimits } from './sync/index.js';
export { HttpTransport } from './transport/http/index.js';
export type { WireIndex } from './protocol/http.js';
export type {
  HttpTransportOptions,
  ImportReceipt,
  RequestLimits,
  RetryOptions,
  TimeoutOptions,
} from './transport/http/index.js';
export type { TokenSource } from './token/index.js';

export {
  BulkInsertError,
  EntityManager,
  EntityNotFoundError,
  Lease,
  PartialWriteError,
  Repository,
  WriteBatch,
} from './repository/index.js';
export type {
  BatchBuild,
  BatchOutcome,
  BatchResult,
  BulkInsertOptions,
  BulkInsertProgress,
  BulkInsertResult,
  ClearResult,
  ConflictRetryOptions,
  CompareOptions,
  Computation,
  Counter,
  CounterProperty,
  DeclaredCounter,
  CustomMethods,
  DeleteOptions,
  DeleteResult,
  EntitySubscriberInterface,
  FileProperty,
  FileSource,
  FileUploadOptions,
  InsertEvent,
  InsertOptions,
  InsertResult,
  KeyInput,
  LeaseRequest,
  LoadEvent,
  NumericProperty,
  OpenedFile,
  OrderedProperty,
  RecordSource,
  RecoverEvent,
  RemoveEvent,
  RemoveOptions,
  SaveOptions,
  SetMember,
  SetProperty,
  SingleFlightOptions,
  SoftRemoveEvent,
  SubscriberEvent,
  SumOf,
  UpdateEvent,
  UpdateOptions,
  UpdateResult,
  UpsertOptions,
  WriteRequest,
  WriteResult,
} from './repository/index.js';

export { DataSource, dataSourceOptionsFromEnv } from './data-source/index.js';
export type {
  DataSourceOptions,
  EnvironmentOptions,
  SubscriberOption,
  TransportContext,
  TransportFactory,
} from './data-source/index.js';
export { restoreBackup } from './store/lmdb/index.js';
export type { RestoreOptions, RestoreReceipt } from './store/lmdb/index.js';

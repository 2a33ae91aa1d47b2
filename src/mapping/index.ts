export type * from './types.js';
export type { MapperOptions } from './entity-mapper.js';
export { createEntityMapper } from './entity-mapper.js';
export type { ClassTransformer, ClassValidatorOptions, PropertyError } from './peers/peer-types.js';
export { loadClassTransformer } from './peers/class-transformer.js';
export type { DustFile } from '../metadata/dust-file.js';
export { EntityValidationError, InvalidValueError } from './errors.js';
export { isPromiseLike } from './promise-like.js';
export { unawaited } from './unawaited.js';
export type { RecordValidator, ValidateOptions } from './validation/record-validator.js';
export {
  createUncheckedValidator,
  createValidator,
  loadClassValidator,
} from './validation/record-validator.js';
export type { WriteCapabilities, WritePlan } from './write-plan.js';
export { operationsFor, planWrite } from './write-plan.js';
export type { DeleteOperation, MergeOperation, SetOperation, WriteOperation } from './write-operation.js';
export type { FieldFault } from './validation/field-faults.js';
export { isStoredNull } from './stored-nulls.js';
export { partsFor, storedAfter, withParts } from './nested/partly.js';
export { withoutProperties } from './left-out.js';
export type { RecordEvolution } from './evolution/record-evolution.js';
export { claimField, findClaimField } from './claim.js';
export type { AssemblyOptions, LeafPage } from './record-assembler.js';
export { assembleRecords, toStoredRecord } from './record-assembler.js';

export { resolveCriteria } from './criteria.js';
export type { ResolvedCriteria } from './criteria.js';
export { describeValue } from './describe.js';
export { describeCriteria } from './describe-criteria.js';
export { existingSlugs } from './existing-slugs.js';
export type { FindOperator, FindOperatorName } from './find-operator.js';
export type {
  DataProperty,
  DeepPartial,
  EntityTarget,
  FindCriteria,
  FindManyOptions,
  FindOneOptions,
  FindOptionsOrder,
  FindOptionsOrderValue,
  FindOptionsWhere,
  FindStreamOptions,
  FindWhere,
  ObjectLiteral,
} from './find-options.js';
export { InvalidRecordError } from './invalid-record.js';
export type { OnInvalidRecord } from './invalid-record.js';
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
  IsNull,
  LessThan,
  LessThanOrEqual,
  Like,
  MoreThan,
  MoreThanOrEqual,
  Not,
  Or,
} from './operators.js';
export { compileQuery, compileQueryForOne } from './query.js';
export type { Query } from './query.js';
export { RecordReader } from './record-reader.js';
export type { MatchedRecord, RecordReaderOptions } from './record-reader.js';

export type { LoadListener } from './read/load-listener.js';
export type { Aggregate, AggregateName } from './aggregates/aggregates.js';
export { createAggregate } from './aggregates/aggregates.js';
export { queryForDeletion, resolveCriteria } from './criteria/criteria.js';
export type { ResolvedCriteria } from './criteria/criteria.js';
export { describeValue } from './operators/describe.js';
export { describeCriteria } from './operators/describe-criteria.js';
export { existingSlugs } from './read/existing-slugs.js';
export type { FindOperator, FindOperatorName } from './operators/find-operator.js';
export { isFindOperator } from './operators/find-operator.js';
export type {
  AnySelect,
  DataProperty,
  DeepPartial,
  DeepPartialProperty,
  EntityTarget,
  FindCriteria,
  FindManyOptions,
  FindOneOptions,
  FindOptionsOrder,
  FindOptionsOrderProperty,
  FindOptionsOrderValue,
  FindOptionsSelect,
  FindOptionsWhere,
  FindOptionsWhereProperty,
  FindStreamOptions,
  FindWhere,
  ObjectLiteral,
  ReadConsistency,
  ScopeOptions,
  Selecting,
  SelectOption,
} from './operators/find-options.js';
export type {
  FindOptionsPopulate,
  OnlyReferences,
  Populated,
  PopulateOption,
  PopulatePath,
  PopulateTarget,
  PopulateBranches,
  Populating,
  PopulatedProperty,
  ReferenceProperty,
} from './operators/populate-options.js';
export type { PopulateTree } from './criteria/populate.js';
export { checkReferences, compilePopulate } from './criteria/populate.js';
export type { FindPageOptions, Page } from './operators/find-page.js';
export type { Implied } from './criteria/implied.js';
export { checkScopes, impliedBy, impliedWithoutOrder } from './criteria/implied.js';
export { checkScopeOptions, checkScopeOptionsAlone, SCOPE_OPTIONS } from './criteria/scope-options.js';
export type { PageQuery } from './criteria/page-query.js';
export { compilePageQuery } from './criteria/page-query.js';
export type { QueryExplanation } from './plan/explanation.js';
export type { OnRead, ReadCost, ReadPath } from './criteria/read-cost.js';
export { InvalidRecordError } from './read/invalid-record.js';
export { reasonOf } from './read/invalid-record-log.js';
export { RecordSource } from './read/record-source.js';
export type { OnInvalidRecord } from './read/invalid-record.js';
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
  JsonContains,
  LessThan,
  LessThanOrEqual,
  Like,
  MoreThan,
  MoreThanOrEqual,
  Not,
  Or,
} from './operators/operators.js';
export type { Conjunction, Restriction } from './plan/conjunction.js';
export { conjunctionOf } from './plan/conjunction.js';
export { indexedOrNull } from './plan/indexed-value.js';
export { pointsOf } from './plan/value-set.js';
export { decimalKey } from './values/decimal.js';
export type { Property } from './values/property.js';
export { compareSlugs } from './values/slug-order.js';
export { compileQuery, compileQueryForOne } from './criteria/query.js';
export type { Query } from './criteria/query.js';
export type { Selection } from './criteria/select.js';
export { defaultSelection } from './criteria/select.js';
export { handOut } from './read/hand-out.js';
export type { NextMatches, OrderedReads } from './read/ordered-reads.js';
export { RecordReader } from './read/record-reader.js';
export type { MatchedRecord } from './read/folds.js';
export type { RecordReaderOptions } from './read/record-reader.js';

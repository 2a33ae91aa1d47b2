export type {
  ClassDeclarations,
  EntityOptions,
  EnumDefinition,
  FieldDeclaration,
  FieldOptions,
  FieldTypeName,
  HookDeclaration,
  IndexDeclaration,
  IndexOptions,
  PropertyDeclaration,
  ScopeDefinition,
  ScopeWhere,
  SlugDeclaration,
  SlugOptions,
  ReferenceDeclaration,
  ReferenceOptions,
  ReferenceTarget,
  TypeTarget,
  TypeThunk,
} from './declarations.js';
export type { BuildOptions } from './build-entity-metadata.js';
export type { DustFile } from './dust-file.js';
export { buildEntityMetadata } from './build-entity-metadata.js';
export type { MetadataProblem } from './errors.js';
export { declaredNameOf, entityNameOf } from './entity-name.js';
export { EntityMetadataError, legacyDecorator, standardDecorator, uncalledDecorator } from './errors.js';
export { declareReference } from './references/declare-reference.js';
export { entitiesOf } from './lineage.js';
export { declare, declarationsOf } from './registry.js';
export { fieldsTo } from './indexes/index-part.js';
export { uniqueProperties } from './indexes/unique-properties.js';
export { unknownScopeText } from './scopes.js';
export type {
  StandardSchema,
  StandardSchemaFailure,
  StandardSchemaIssue,
  StandardSchemaPathSegment,
  StandardSchemaResult,
  StandardSchemaSuccess,
} from './standard-schema.js';
export type { PopulatedName } from './populated-name.js';
export type * from './types.js';
export type { ValueOfType } from './value-of-type.js';

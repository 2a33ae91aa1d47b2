export type {
  ClassDeclarations,
  EntityOptions,
  EnumDefinition,
  FieldDeclaration,
  FieldOptions,
  FieldTypeName,
  IndexDeclaration,
  IndexOptions,
  PropertyDeclaration,
  ScopeDefinition,
  ScopeWhere,
  TypeTarget,
  TypeThunk,
} from './declarations.js';
export type { BuildOptions } from './build-entity-metadata.js';
export type { DustFile } from './dust-file.js';
export { buildEntityMetadata } from './build-entity-metadata.js';
export type { MetadataProblem } from './errors.js';
export { declaredNameOf, entityNameOf } from './entity-name.js';
export { EntityMetadataError, legacyDecorator, standardDecorator, uncalledDecorator } from './errors.js';
export { entitiesOf } from './lineage.js';
export { declare, declarationsOf } from './registry.js';
export { fieldsTo } from './indexes/index-part.js';
export { unknownScopeText } from './scopes.js';
export type * from './types.js';
export type { ValueOfType } from './value-of-type.js';
